"""A segment's day has a weight in points, and in money only where somebody says what a point is worth."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.experience.day_value import LATE_DAYS, PointWorth, format_rules, weigh_segments
from entrepost.service.policy import Balanced
from entrepost.service.rule_file import parse_rules
from tests.experience.reviews_scene import TRUTH

SEGMENTS = pl.DataFrame(
    {
        "segment": ["cheap to the US", "dear to Germany", "anywhere"],
        "origin": ["CNSZXA", "CNSZXA", None],
        "country": ["US", "DE", None],
        "price_class": ["cheap", "dear", None],
        "value_to_minor": [2000, None, None],
        "value_over_minor": [None, 2000, None],
        "wait_days": [12.0, 6.0, 20.0],
        "late_days": [None, 4.0, None],
    }
)


def test_points_are_those_of_the_week_around_the_wait_and_of_the_value_of_a_promise() -> None:
    weighed = weigh_segments(TRUTH, SEGMENTS)
    assert weighed.columns == [*SEGMENTS.columns, "day_points", "broken_points"]
    for row, late in zip(weighed.iter_rows(named=True), (LATE_DAYS, 4.0, LATE_DAYS), strict=True):
        value = TRUTH.value_of_day(row["wait_days"], late, row["origin"] or "", row["country"] or "").row(0, named=True)
        lane = {"origin": row["origin"] or "", "country": row["country"] or ""}
        around = TRUTH.value_of_day([row["wait_days"] - 3.5, row["wait_days"] + 3.5], **lane)
        assert row["day_points"] == pytest.approx(-around.get_column("score_mean").diff()[1] / 7)
        assert row["broken_points"] == pytest.approx(-value["broken_change"])


def test_a_short_wait_is_weighed_from_no_wait_on() -> None:
    weighed = weigh_segments(TRUTH, pl.DataFrame({"wait_days": [0.0, 2.0]}))
    means = TRUTH.value_of_day([0.0, 7.0]).get_column("score_mean")
    assert weighed.get_column("day_points").to_list() == pytest.approx([(means[0] - means[1]) / 7] * 2)


def test_money_is_points_times_the_worth_of_a_point_in_the_price_class() -> None:
    weighed = weigh_segments(TRUTH, SEGMENTS, PointWorth(1000, {"dear": 5000}))
    for row, point in zip(weighed.iter_rows(named=True), (1000, 5000, 1000), strict=True):
        assert row["day_value_minor"] == int(row["day_points"] * point + 0.5)
        assert row["broken_value_minor"] == int(row["broken_points"] * point + 0.5)


def test_without_classes_every_segment_has_the_same_worth() -> None:
    bare = SEGMENTS.select("wait_days")
    weighed = weigh_segments(TRUTH, bare, PointWorth(1000, {"dear": 5000}))
    assert weighed.get_column("broken_value_minor").min() > 0


def test_rules_of_the_segments_are_a_sellers_rule_file() -> None:
    weighed = weigh_segments(TRUTH, SEGMENTS, PointWorth(1000, {"dear": 5000}))
    rules = parse_rules(format_rules(weighed))
    values = weighed.get_column("day_value_minor").to_list()
    assert [rule.name for rule in rules] == SEGMENTS.get_column("segment").to_list()
    assert [rule.policy for rule in rules] == [Balanced(day_value_minor=value) for value in values]
    assert [dict(rule.when) for rule in rules] == [
        {"origin": ["CNSZXA"], "country": ["US"], "value_to_minor": 2000},
        {"origin": ["CNSZXA"], "country": ["DE"], "value_over_minor": 2000},
        {},
    ]


def test_rules_need_money_and_a_point_is_worth_at_least_nothing() -> None:
    with pytest.raises(MisuseError, match="PointWorth"):
        format_rules(weigh_segments(TRUTH, SEGMENTS))
    with pytest.raises(MisuseError, match="at least nothing"):
        PointWorth(1000, {"cheap": -1})

"""The sentence of a choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from entrepost.network.network import Network
from entrepost.service.explanation import explain, explain_miss
from entrepost.service.policy import CHARGE, KEPT, MISSED, NAMED, QUICK, WORTH, Balanced, Ranking
from entrepost.tables.frames import INSTANT
from tests.worlds import two_services

ALONE = {"other_service": None, "other_charge_minor": None, "other_wait_hours_mean": None}
COLUMNS = {
    "service": pl.String, "charge_minor": pl.Int64, "wait_hours_mean": pl.Float64, "time_zone": pl.String,
    "arrive_from_p10": INSTANT, "arrive_by_p90": INSTANT, "arrive_by_p90_probability": pl.Float64,
    "wanted_probability": pl.Float64,
    "wanted_by": INSTANT, "ground": pl.Int64, "other_service": pl.String, "other_charge_minor": pl.Int64,
    "other_wait_hours_mean": pl.Float64, "other_wanted_probability": pl.Float64,
}  # fmt: skip


def in_dollars() -> Network:
    return replace(two_services(), currency="USD")


def told(network: Network | None = None, policy: Ranking = Balanced(day_value_minor=50), **given: Any) -> str:  # noqa: B008
    row = {
        "service": "SLOW",
        "charge_minor": 640,
        "wait_hours_mean": 240.0,
        "time_zone": "UTC",
        "arrive_from_p10": datetime(2026, 5, 18, 10, tzinfo=UTC),
        "arrive_by_p90": datetime(2026, 5, 24, 10, tzinfo=UTC),
        "arrive_by_p90_probability": 0.917,
        "ground": WORTH,
        "other_service": "FAST",
        "other_charge_minor": 570,
        "other_wait_hours_mean": 312.0,
        **given,
    }
    frame = pl.DataFrame([row], schema=COLUMNS)
    return str(explain(network or in_dollars(), frame, policy).item())


def test_trade_of_money_for_days_is_told_with_the_value_of_a_day() -> None:
    assert told() == (
        "Rail packet: USD 6.40, 18 May to 24 May, by then with 91 %; EMS is USD 0.70 cheaper but takes 3 days longer "
        "on average, a day counted as USD 0.50."
    )


def test_worse_in_both_needs_no_value_of_a_day() -> None:
    assert told(other_charge_minor=700) == (
        "Rail packet: USD 6.40, 18 May to 24 May, by then with 91 %; EMS is USD 0.60 dearer and takes 3 days longer "
        "on average."
    )


def test_equal_is_said_to_be_equal() -> None:
    assert told(other_charge_minor=640, other_wait_hours_mean=240.0).endswith("; EMS is as dear and takes as long.")


def test_only_one_service_is_said_to_be_the_only_one() -> None:
    assert told(**ALONE) == "Rail packet: USD 6.40, 18 May to 24 May, by then with 91 %; no other service can be used."


def test_kept_date_is_told_with_its_probability() -> None:
    wanted = {"ground": KEPT, "wanted_by": datetime(2026, 5, 26, 10, tzinfo=UTC), "wanted_probability": 0.95}
    assert told(**wanted, other_wanted_probability=0.4) == (
        "Rail packet: USD 6.40, by the wanted 26 May with 95 %, the cheapest that keeps the date with 90 %; "
        "EMS is USD 0.70 cheaper but keeps the date with only 40 %."
    )


def test_missed_date_is_admitted() -> None:
    wanted = {"ground": MISSED, "wanted_by": datetime(2026, 5, 20, 10, tzinfo=UTC), "wanted_probability": 0.317}
    assert told(**wanted, **ALONE) == (
        "Rail packet: USD 6.40, by the wanted 20 May with 31 % and by 24 May with 91 %; "
        "no service keeps the date with 90 %, this one comes nearest."
    )


def test_charge_wait_and_name_are_grounds_of_their_own() -> None:
    assert told(ground=CHARGE, other_charge_minor=700).endswith(", the least charge; EMS is USD 0.60 dearer.")
    assert told(ground=QUICK).endswith(
        "the shortest mean wait; EMS is USD 0.70 cheaper but takes 3 days longer on average."
    )
    assert told(ground=NAMED).endswith("with 91 %, the first of the services named that can be used.")


def test_quantile_beyond_the_horizon_is_not_invented() -> None:
    beyond = {"arrive_by_p90": None, "arrive_by_p90_probability": None}
    assert told(**beyond, **ALONE).startswith("Rail packet: USD 6.40, 10 days on average and possibly much longer;")


def test_day_is_the_local_one_of_the_region() -> None:
    late = {
        name: datetime(2026, 5, day, 23, tzinfo=UTC) for name, day in (("arrive_from_p10", 18), ("arrive_by_p90", 24))
    }
    assert "18 May to 24 May, by then" in told(**late)
    assert "19 May to 25 May, by then" in told(**late, time_zone="Europe/Berlin")


def test_a_range_of_one_day_is_told_as_a_day_and_one_without_its_beginning_by_its_end() -> None:
    for begin in (datetime(2026, 5, 24, 8, tzinfo=UTC), None):
        assert told(arrive_from_p10=begin, **ALONE).startswith("Rail packet: USD 6.40, by 24 May with 91 %;")


def test_money_has_the_digits_of_its_currency() -> None:
    assert told(replace(two_services(), currency="JPY")).startswith("Rail packet: JPY 640,")
    assert told(replace(two_services(), currency="KWD")).startswith("Rail packet: KWD 0.640,")


def test_miss_names_the_service_and_the_reason() -> None:
    refused = pl.DataFrame({"service": ["FAST"], "reason": ["The item weighs 2,001 g, the limit is 2,000 g."]})
    assert explain_miss(two_services(), refused).to_list() == [
        "No service can be used; the nearest is EMS: The item weighs 2,001 g, the limit is 2,000 g."
    ]

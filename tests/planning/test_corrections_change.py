"""A change of all waits at once is found where there is one, and only there."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepost.planning.corrections_change import Change, Cohorts, find_change, follow_change
from entrepost.planning.corrections_share import Floats, Ratios

DAYS, A_DAY = 98, 150


def cohort(days_ago: int | None, factor: float = 1.3, seed: int = 1) -> tuple[Ratios, Floats]:
    """Orders of 98 days, whose wait of about ten days is longer since so many days; those under way then in part."""
    dice = np.random.default_rng(seed)
    age = np.repeat(np.arange(DAYS), A_DAY) + dice.random(DAYS * A_DAY)
    wait = 10 * np.exp(0.35 * dice.standard_normal(age.size))
    if days_ago is not None:
        before = np.clip(age - days_ago, 0, wait)
        wait = before + (wait - before) * factor
    ended = wait <= age
    ratios = Ratios(
        np.where(ended, wait, age) / 10,
        ended,
        np.ones(age.size),
        np.arange(age.size) // 10,
        np.zeros(age.size),
    )
    return ratios, age


@pytest.mark.parametrize("days_ago", [18, 21, 35])
@pytest.mark.parametrize("factor", [1.3, 0.75])
def test_a_change_is_found_with_its_day_and_size(days_ago: int, factor: float) -> None:
    found = find_change(*cohort(days_ago, factor))
    assert found is not None
    assert abs(found.days_ago - days_ago) <= 7
    assert found.factor == pytest.approx(factor, rel=0.07)


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_changed_none_is_found(seed: int) -> None:
    assert find_change(*cohort(None, seed=seed)) is None


def test_a_short_history_and_an_empty_one_have_no_change() -> None:
    ratios, age = cohort(21)
    recent = age < 30
    assert find_change(ratios.of(recent), age[recent]) is None
    assert find_change(ratios.of(age < 0), age[age < 0]) is None


def test_a_change_is_not_looked_for_before_it_can_be_told() -> None:
    found = find_change(*cohort(21), Cohorts(least_days=30))
    assert found is None or found.days_ago >= 30


def test_earlier_waits_are_drawn_out_and_those_under_way_left_out() -> None:
    frame = pl.DataFrame({"age": [1.0, 20.9, 21.0, 34.9, 35.0, 60.0], "wait": 10.0})
    followed = follow_change(frame, Change(21, 1.3, 14), ("wait",))
    assert followed.rows() == [(1.0, 10.0), (20.9, 10.0), (35.0, 13.0), (60.0, 13.0)]
    assert follow_change(frame, None, ("wait",)) is frame

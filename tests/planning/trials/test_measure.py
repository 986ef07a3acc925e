"""Intervals over replications, and where a warm-up ends."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.trials.measure import find_warm_up, interval_of, mean_known


def test_an_interval_is_students() -> None:
    found = interval_of([1.0, 2.0, 3.0])
    assert (found.mean, found.replications) == (2.0, 3)
    assert found.half_width == pytest.approx(4.30265 / np.sqrt(3), rel=1e-5)


def test_paired_differences_have_narrower_intervals() -> None:
    dice = np.random.default_rng(1)
    luck = dice.normal(10, 3, 20)
    today, plan = luck + dice.normal(0, 0.1, 20), luck - 2 + dice.normal(0, 0.1, 20)
    assert interval_of(plan - today).half_width < interval_of(plan).half_width / 10


def test_intervals_hold_the_true_mean_nineteen_times_in_twenty() -> None:
    dice = np.random.default_rng(2)
    kept = [abs(each.mean) <= each.half_width for each in (interval_of(dice.normal(0, 1, 8)) for _ in range(4000))]
    assert np.mean(kept) == pytest.approx(0.95, abs=0.012)


def test_one_replication_has_no_interval() -> None:
    assert np.isnan(interval_of([3.0]).half_width)


def test_an_interval_tells_how_many_replications_it_needs() -> None:
    found = interval_of([1.0, 2.0, 3.0])
    assert found.needs(found.half_width / 2) == 12
    assert found.needs(100.0) == 3


def test_the_warm_up_ends_where_the_series_settles() -> None:
    dice = np.random.default_rng(3)
    series = np.concatenate([np.linspace(10, 2, 30), np.full(120, 2.0)]) + dice.normal(0, 0.2, 150)
    days, is_steady = find_warm_up(series)
    assert is_steady
    assert 20 <= days <= 35
    assert days % 5 == 0


def test_a_steady_series_has_hardly_a_warm_up() -> None:
    days, is_steady = find_warm_up(np.random.default_rng(4).normal(3, 1, 200))
    assert is_steady
    assert days <= 50


def test_a_series_that_still_falls_is_not_steady() -> None:
    assert find_warm_up(np.linspace(20, 0, 60) ** 2)[1] is False


def test_means_are_of_what_is_known() -> None:
    values = np.array([[1.0, np.nan], [3.0, np.nan]])
    assert mean_known(values, axis=0).tolist()[0] == 2.0
    assert np.isnan(mean_known(values, axis=0)[1])


def test_too_few_values_tell_nothing() -> None:
    assert find_warm_up([1.0, 2.0]) == (0, False)

"""Whole regions: assignments keep the volumes, and the answer is that of all assignments tried."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.branch import Limits
from entrepost.planning.location.single import SingleSearch, assign
from tests.planning.facility_scenes import assign_all, facts_of


@given(st.integers(0, 10_000))
def test_an_assignment_keeps_the_volumes_and_is_not_below_the_least(seed: int) -> None:
    g = np.random.default_rng(seed)
    facts = facts_of(g.integers(0, 30, (3, 5)), None, g.integers(0, 6, 5), g.integers(4, 12, 3))
    chosen = np.zeros(5, np.int64)
    if assign(facts, np.arange(3), chosen):
        assert (np.bincount(chosen, facts.demand, 3) <= facts.capacity + 1e-9).all()
        value = facts.cost[chosen, np.arange(5)].sum()
        assert value >= assign_all(facts.cost, facts.demand, (facts.least, facts.capacity))


def test_whole_regions_cost_no_less_than_split_ones_and_are_proved() -> None:
    g = np.random.default_rng(4)
    facts = facts_of(g.integers(5, 60, (8, 30)), g.integers(30, 90, 8), g.integers(5, 30, 30), np.full(8, 110.0))
    limits = Limits(1e-6, True, time.perf_counter() + 60)
    search = SingleSearch(facts, np.full(8, -1, np.int8), limits, lambda *now: None)
    search.run()
    assert search.bound > search.found.value - 1
    load = search.found.share @ facts.demand
    assert (load <= facts.capacity[search.found.sites] + 1e-9).all()
    assert search.split.found.value <= search.found.value + 1e-9
    assert set(np.unique(search.found.share)) == {0.0, 1.0}


@pytest.mark.parametrize("seconds", [0.0, 0.01])
def test_a_search_that_is_stopped_has_a_valid_bound(seconds: float) -> None:
    facts = facts_of([[1, 9], [9, 1]], [1, 1], [2, 2], [2, 2])
    search = SingleSearch(
        facts, np.full(2, -1, np.int8), Limits(1e-6, True, time.perf_counter() + seconds), lambda *now: None
    )
    search.run()
    assert search.bound <= 4.0

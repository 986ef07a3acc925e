"""Branch and bound: the bound never passes the optimum, at no step of the way."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from entrepost.planning.location.branch import Search, first_prices, first_sites
from entrepost.planning.location.limits import Limits
from tests.planning.facility_scenes import facts_of


def scene(number: int = -1):
    g = np.random.default_rng(11)
    places, homes = g.random((25, 2)), g.random((120, 2))
    demand = g.integers(1, 9, 120).astype(float)
    cost = np.linalg.norm(places[:, None] - homes[None], axis=2) * demand
    return facts_of(cost, g.uniform(5, 15, 25), demand, np.full(25, demand.sum() / 6.5), number)


def run(facts, gap: float = 1e-6, seconds: float = 60.0, is_large: bool = False):
    told: list[tuple[float, float, int]] = []
    limits = Limits(gap, False, time.perf_counter() + seconds)
    search = Search(facts, np.full(facts.fixed.size, -1, np.int8), limits, lambda *now: told.append(now))
    search.is_large = is_large
    search.run()
    return search, told


@pytest.mark.parametrize(("number", "is_large"), [(-1, False), (7, False), (9, False), (-1, True), (7, True)])
def test_the_bound_stays_below_the_optimum_at_every_step(number: int, is_large: bool) -> None:
    search, told = run(scene(number), is_large=is_large)
    optimum = search.found.value
    assert search.bound >= optimum * (1 - 1e-6)
    assert len(told) > 1
    assert all(bound <= optimum * (1 + 1e-9) <= value * (1 + 1e-8) for value, bound, _ in told)
    assert [bound for _, bound, _ in told] == sorted(bound for _, bound, _ in told)


def test_a_search_without_time_still_has_a_valid_bound() -> None:
    search, _ = run(scene(), seconds=0.0)
    optimum, _ = run(scene())
    assert search.bound <= optimum.found.value


def test_the_way_of_large_problems_ends_at_the_same_value() -> None:
    search, told = run(scene(), is_large=True)
    plain, _ = run(scene())
    assert told[-1][2] > 0
    assert search.found.value == pytest.approx(plain.found.value)


def test_whole_values_close_a_part_one_below() -> None:
    limits = Limits(1e-6, True, math.inf)
    assert limits.cutoff(100.0) == pytest.approx(99.0, abs=1e-5)
    assert limits.cutoff(math.inf) == math.inf


def test_first_prices_are_a_bound_where_one_site_serves_each_region() -> None:
    facts = facts_of([[1, 2], [2, 1]], [4, 4], [1, 1], [1, 1])
    assert first_prices(facts, np.full(2, -1, np.int8)).tolist() == [5, 5]


def test_counted_sites_begin_with_the_forced_ones() -> None:
    facts = facts_of([[9, 9], [1, 1], [5, 5]], number=2)
    assert first_sites(facts, np.array([1, -1, -1], np.int8)).tolist() == [0, 1]

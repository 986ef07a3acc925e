"""Bounds by prices: any prices give one that is not above the optimum, good prices give a near one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.dual import Pace, ascend, find_edge, make_pairs, make_work, weigh
from tests.planning.facility_scenes import facts_of, problems, try_all

PACE = Pace(200, np.inf, np.inf, 1.0, 10, 1e-3)


@given(problems(), st.lists(st.integers(-5, 60), min_size=4, max_size=4))
def test_any_prices_give_a_valid_bound(problem, prices) -> None:
    facts = problem.facts
    if np.isinf(facts.cost).any() or facts.total == 0:
        return
    work = make_work(facts)
    work.price[:] = prices[: facts.demand.size]
    pairs = make_pairs(facts, problem.fixing, np.full(facts.demand.size, np.inf))
    assert weigh(facts, pairs, problem.fixing, work) <= try_all(problem) + 1e-6


def test_an_ascent_closes_the_gap_where_there_is_none() -> None:
    facts = facts_of([[0, 9, 9], [9, 0, 9], [9, 9, 0]], [1, 1, 1])
    work = make_work(facts)
    pairs = make_pairs(facts, np.full(3, -1, np.int8), np.full(3, np.inf))
    bound, _, _ = ascend(facts, pairs, np.full(3, -1, np.int8), work, PACE)
    assert bound == pytest.approx(3.0, rel=1e-3)


def test_left_out_pairs_do_not_change_a_bound_whose_prices_stay_below_the_guard() -> None:
    g = np.random.default_rng(2)
    facts = facts_of(g.random((8, 30)), g.random(8), g.integers(1, 9, 30), np.full(8, 40.0))
    free, work = np.full(8, -1, np.int8), make_work(facts)
    work.price[:] = g.random(30) * 0.6
    whole = weigh(facts, make_pairs(facts, free, np.full(30, np.inf)), free, work)
    few = make_pairs(facts, free, np.full(30, 0.6))
    assert few.cost.size < 240
    assert weigh(facts, few, free, work) == pytest.approx(whole)


@given(st.lists(st.tuples(st.integers(-50, 0), st.integers(0, 9)), min_size=1, max_size=12), st.floats(0.1, 1))
def test_the_edge_is_the_ratio_at_which_the_volume_is_full(items, part) -> None:
    facts = facts_of(np.zeros((1, len(items))), demand=[demand for _, demand in items])
    work = make_work(facts)
    work.slot[: len(items)] = np.arange(len(items))
    work.reduced[: len(items)] = [reduced for reduced, _ in items]
    volume = part * facts.total
    edge = find_edge(len(items), volume, facts, work)
    ratios = [(reduced / demand, demand) for reduced, demand in items if demand]
    assert sum(demand for ratio, demand in ratios if ratio < edge) <= volume + 1e-9
    assert sum(demand for ratio, demand in ratios if ratio <= edge) >= volume - 1e-9

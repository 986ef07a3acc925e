"""Climbs of parts: never above the optimum, never below where they begin, and steeper than averaged subgradients."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.bundle import PLANES, climb, climb_near
from entrepost.planning.location.dual import Pace, ascend, make_pairs, make_work, weigh
from entrepost.planning.location.groups import Rule, make_book
from entrepost.planning.location.search import settle
from tests.planning.facility_scenes import facts_of, problems, try_all

PACE = Pace(4 * PLANES, math.inf, math.inf, 0.08, 0, 0.0)


@given(problems(), st.lists(st.integers(-5, 60), min_size=4, max_size=4))
def test_a_climb_ends_between_where_it_begins_and_the_optimum(problem, prices) -> None:
    facts = problem.facts
    if np.isinf(facts.cost).any() or facts.total == 0:
        return
    work = make_work(facts)
    work.price[:] = prices[: facts.demand.size]
    pairs = make_pairs(facts, problem.fixing, np.full(facts.demand.size, np.inf))
    begin = weigh(facts, pairs, problem.fixing, work)
    for way in (climb, climb_near):
        bound, _, _ = way(facts, pairs, problem.fixing, work, PACE)
        assert bound <= try_all(problem) + 1e-6 or bound == math.inf
        assert begin <= bound + 1e-9


def scene():
    g = np.random.default_rng(3)
    sites, homes = g.random((20, 2)), g.random((120, 2))
    demand = g.integers(1, 9, 120).astype(float)
    cost = 100 * np.sqrt(((sites[:, None] - homes[None]) ** 2).sum(2)) * demand
    return facts_of(cost, np.full(20, 900.0), demand, np.full(20, demand.sum() / 6))


def near_the_best(facts):
    free, work = np.full(facts.fixed.size, -1, np.int8), make_work(facts)
    pairs = make_pairs(facts, free, np.full(facts.demand.size, np.inf))
    work.price[:] = facts.cost.min(axis=0)
    bound, _, _ = ascend(facts, pairs, free, work, Pace(400, np.inf, np.inf, 1.0, 12, 1e-3))
    work.price[:] = work.best_price
    return pairs, free, work, bound


def test_the_first_steps_of_a_part_bring_more_than_averaged_subgradients_do() -> None:
    facts = scene()
    gains = []
    for way, pace in ((climb, PACE._replace(rounds=15)), (ascend, Pace(15, np.inf, np.inf, 0.3, 4, 0.01, True))):
        pairs, fixing, work, bound = near_the_best(facts)
        fixing[int(np.argmax(work.mean_opened))] = 0
        work.mean_slope[:] = 0.0
        gains.append(way(facts, pairs, fixing, work, pace)[0] - bound)
    assert gains[0] > gains[1]


def test_under_rules_a_bound_is_not_above_the_best_choice_that_keeps_them() -> None:
    places, homes = np.array([0.0, 0.1, 4.0, 4.2, 9.0, 9.3]), np.linspace(0, 10, 12)
    facts = facts_of(np.abs(places[:, None] - homes[None]), np.full(6, 3.0))
    free = np.full(6, -1, np.int8)
    pairs = make_pairs(facts, free, np.full(12, np.inf))
    for signs in itertools.product((1, -1), repeat=2):
        rules = (Rule(0, np.array([0, 1, 2]), signs[0], 2), Rule(1, np.array([2, 3, 4, 5]), signs[1], 1))
        work = make_work(facts)._replace(rules=make_book(rules, np.zeros(2), np.full(6, 0.5), 10.0))
        work.price[:] = facts.cost.min(axis=0) + 1.0
        begin = weigh(facts, pairs, free, work)
        bound, _, _ = climb(facts, pairs, free, work, PACE._replace(warm=True))
        choices = (np.flatnonzero(opened) for opened in itertools.product((0, 1), repeat=6))
        kept = [s for s in choices if all(r.sign * (np.isin(r.sites, s).sum() - r.need) >= 0 for r in rules) and s.size]
        best = min(settle(facts, sites).value for sites in kept)
        assert begin <= bound <= best + 1e-6
        assert (work.rules.best_price >= 0).all()
        assert ((work.mean_opened >= 0) & (work.mean_opened <= 1 + 1e-9)).all()

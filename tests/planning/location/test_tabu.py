"""Roaming by single flips: finds optima of small problems, and counts what it changes without error."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from entrepost.planning.location.search import whole_cost
from entrepost.planning.location.tabu import Standing, flip, roam, stand
from tests.planning.facility_scenes import facts_of

SITES, REGIONS = 9, 30


def scene(seed: int = 7):
    g = np.random.default_rng(seed)
    return facts_of(g.random((SITES, REGIONS)) * 9, g.random(SITES) * 20)


def only(*sites: int):
    mask = np.zeros(SITES, np.bool_)
    mask[list(sites)] = True
    return mask


def walk(facts, fixing, opened, flips: int = 3000) -> float:
    return roam(np.ascontiguousarray(facts.cost.T), facts.fixed, fixing, opened, (flips, 1))


@pytest.mark.parametrize("seed", range(4))
def test_a_walk_meets_the_optimum_of_a_small_problem(seed: int) -> None:
    facts, opened = scene(seed), only(0)
    every = (np.array(one) for one in itertools.product((False, True), repeat=SITES))
    value = walk(facts, np.full(SITES, -1, np.int8), opened)
    assert value == pytest.approx(min(whole_cost(facts, one) for one in every if one.any()))
    assert value == pytest.approx(whole_cost(facts, opened))


def test_decided_sites_are_never_flipped() -> None:
    facts, opened, fixing = scene(), only(0, 1), np.full(SITES, -1, np.int8)
    fixing[0], fixing[2] = 1, 0
    walk(facts, fixing, opened)
    assert opened[0]
    assert not opened[2]


def test_the_only_open_site_is_not_closed() -> None:
    facts, fixing = scene(), np.zeros(SITES, np.int8)
    fixing[3] = -1
    opened = only(3)
    walk(facts, fixing, opened, 50)
    assert opened.tolist() == only(3).tolist()


def test_ties_everywhere_and_no_costs_end_with_one_site_open_at_least() -> None:
    opened = only(4)
    assert walk(facts_of(np.zeros((SITES, REGIONS))), np.full(SITES, -1, np.int8), opened) == 0
    assert opened.any()


def test_flips_one_after_another_leave_what_working_out_anew_would() -> None:
    facts, g = scene(), np.random.default_rng(3)
    cost = np.ascontiguousarray(facts.cost.T)
    at, value = make_standing(cost, facts.fixed, only(1, 5))
    for i in g.integers(0, SITES, 200):
        if at.opened[i] and at.opened.sum() == 1:
            continue
        value += flip(cost, facts.fixed, at, int(i))
        again, anew = make_standing(cost, facts.fixed, at.opened)
        assert value == pytest.approx(anew)
        assert value == pytest.approx(whole_cost(facts, at.opened))
        assert at.gained == pytest.approx(again.gained)
        assert at.lost == pytest.approx(again.lost)


def make_standing(cost, fixed, opened):
    none = np.zeros(REGIONS, np.int64)
    at = Standing(opened.copy(), none.copy(), none.copy(), np.zeros(SITES), np.zeros(SITES))
    return at, stand(cost, fixed, at)

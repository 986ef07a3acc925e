"""Exchanging sites: bounds of moves are bounds, and a descent ends where no move pays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from entrepost.planning.location.dual import make_work
from entrepost.planning.location.search import (
    Effort,
    expect_missed,
    improve,
    make_missed,
    settle,
    shake,
    weigh_moves,
    whole_cost,
)
from tests.planning.facility_scenes import facts_of

SITES, REGIONS = 9, 40


def scene(capacity: float | None, number: int = -1):
    g = np.random.default_rng(7)
    held = None if capacity is None else np.full(SITES, capacity)
    return facts_of(g.random((SITES, REGIONS)) * 9, g.random(SITES) * 20, g.integers(1, 9, REGIONS), held, number)


def tireless() -> Effort:
    return Effort(lambda found: False, 1000, make_missed(SITES))


def neighbours(sites):
    others = np.setdiff1d(np.arange(SITES), sites)
    for out in [None, *sites]:
        for into in [None, *others]:
            if (out, into) != (None, None):
                yield out, into, np.sort(np.append(sites[sites != out], [] if into is None else into)).astype(np.int64)


@pytest.mark.parametrize("capacity", [None, 60.0, 80.0])
def test_the_bound_of_a_move_is_not_above_its_value(capacity) -> None:
    facts, sites = scene(capacity), np.array([0, 2, 4, 5])
    work = make_work(facts)
    found, others = settle(facts, sites), np.setdiff1d(np.arange(SITES), [0, 2, 4, 5])
    bounds, _ = weigh_moves(facts, np.full(SITES, -1, np.int8), sites, found.price, others, work)
    for out, into, changed in neighbours(sites):
        row = sites.size if out is None else int(np.searchsorted(sites, out))
        column = others.size if into is None else int(np.searchsorted(others, into))
        value = settle(facts, changed).value
        if np.isfinite(value):
            assert bounds[row, column] <= value + 1e-9
            assert capacity is not None or bounds[row, column] == pytest.approx(value)


@pytest.mark.parametrize(("capacity", "number"), [(None, -1), (None, 3), (60.0, -1), (60.0, 5)])
def test_a_descent_ends_where_no_move_pays(capacity, number) -> None:
    facts, free = scene(capacity, number), np.full(SITES, -1, np.int8)
    work = make_work(facts)
    first = settle(facts, np.arange(3 if number == 3 else 5))
    found = improve(facts, free, first, work, tireless())
    assert found.value <= first.value
    assert all(
        settle(facts, changed).value >= found.value * (1 - 1e-8)
        for _, _, changed in neighbours(found.sites)
        if number < 0 or changed.size == number
    )


def test_forced_sites_stay_and_forbidden_ones_stay_away() -> None:
    facts = scene(None)
    work = make_work(facts)
    fixing = np.full(SITES, -1, np.int8)
    free = improve(facts, fixing, settle(facts, np.arange(5)), work, tireless())
    fixing[free.sites[0]], fixing[np.setdiff1d(np.arange(SITES), free.sites)[0]] = 0, 1
    start = settle(facts, np.flatnonzero(fixing == 1))
    found = improve(facts, fixing, start, work, tireless())
    assert free.sites[0] not in found.sites
    assert set(start.sites) <= set(found.sites)


def test_a_move_never_tried_is_expected_to_miss_as_others_of_its_sites_did() -> None:
    missed = make_missed(3)
    missed[0, 1], missed[0, 2] = 4.0, 8.0
    expected = expect_missed(missed, np.array([0, 3]), np.array([1, 2, 3]))
    assert expected.tolist() == [[4.0, 8.0, 3.0], [2.0, 4.0, 0.0]]


def test_shaking_never_makes_a_choice_worse_and_keeps_the_number_of_sites() -> None:
    facts, mask = scene(None, 3), np.arange(SITES) < 3
    before = whole_cost(facts, mask)
    assert before == pytest.approx(settle(facts, np.arange(3)).value)
    shake(facts, np.full(SITES, -1, np.int8), mask, 50, 1)
    best = min(settle(facts, np.array(sites)).value for sites in itertools.combinations(range(SITES), 3))
    assert mask.sum() == 3
    assert whole_cost(facts, mask) == pytest.approx(best)

"""Annealing on a coarse copy: nothing is lost in merging, rules are kept, choices get better."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.location.anneal import ELITE, Annealer
from entrepost.planning.location.search import settle
from tests.planning.facility_scenes import facts_of


def scene(regions: int = 200, number: int = -1):
    g = np.random.default_rng(4)
    places, homes = g.random((20, 2)), g.random((regions, 2))
    demand = g.integers(0, 9, regions).astype(float)
    cost = np.linalg.norm(places[:, None] - homes[None], axis=2) * np.maximum(demand, 1)
    return facts_of(cost, g.uniform(5, 15, 20), demand, np.full(20, demand.sum() / 5.5), number)


@pytest.mark.parametrize("number", [-1, 7])
def test_a_walk_betters_a_choice_and_keeps_what_is_forced_forbidden_and_counted(number: int) -> None:
    facts, fixing = scene(number=number), np.full(20, -1, np.int8)
    fixing[3], fixing[8] = 1, 0
    start = np.array([0, 1, 2, 3, 4, 5, 6])
    found = Annealer(facts, fixing).run(start, 0.02, 3000, 1)[0]
    assert settle(facts, found).value < settle(facts, start).value
    assert 3 in found
    assert 8 not in found
    assert number in (-1, found.size)


def test_a_walk_tells_the_best_choices_that_it_met_each_once_and_the_best_first() -> None:
    facts = scene()
    met = Annealer(facts, np.full(20, -1, np.int8)).run(np.arange(7), 0.02, 3000, 1)
    values = [settle(facts, sites).value for sites in met]
    assert 1 < len(met) <= ELITE
    assert values == sorted(values)
    assert len({sites.tobytes() for sites in met}) == len(met)


def test_a_walk_from_a_choice_that_cannot_serve_all_returns_it() -> None:
    start = np.array([0, 1])
    (only,) = Annealer(scene(), np.full(20, -1, np.int8)).run(start, 0.02, 50, 1)
    assert only.tolist() == [0, 1]

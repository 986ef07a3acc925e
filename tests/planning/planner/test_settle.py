"""Sets of warehouses near another, and what settling leaves open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from entrepost.planning.planner.settle import neighbours, settle
from tests.planning.planner.drawn import drawn


def test_neighbours_have_one_less_one_more_or_one_for_another_of_the_same_country() -> None:
    opened, fixing = np.array([True, False, False]), np.full(3, -1, np.int8)
    sets = [tuple(each.tolist()) for each in neighbours(opened, fixing, ("DEFRAW", "DEHAMW", "FRPARW"))]
    assert sets == [(False, False, False), (True, True, False), (True, False, True), (False, True, False)]


def test_what_is_forced_or_forbidden_stays() -> None:
    sets = list(neighbours(np.array([True, False]), np.array([1, 0], np.int8), ("DEFRAW", "DEHAMW")))
    assert sets == []


def test_a_warehouse_that_nobody_uses_closes() -> None:
    problem = drawn(1)
    useless = replace(problem, price=np.where(problem.warehouse == 1, 1e6, problem.price))
    found = settle(useless, np.ones(3, bool), np.zeros(problem.price.size), bounded=True)
    assert not found.opened[1]

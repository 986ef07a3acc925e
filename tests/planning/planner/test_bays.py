"""The bound that knows that small shelves are dear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.planning.planner.bays import LEVELS, bound_bays, find_bays
from entrepost.planning.planner.bound import open_best
from entrepost.planning.planner.search import Limit
from entrepost.planning.planner.settle import improve
from tests.planning.planner.drawn import best_of_all, drawn


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), weight=st.floats(0, 500), rounds=st.integers(1, 60))
def test_no_choice_is_below_it_however_often_prices_are_changed(seed: int, weight: float, rounds: int) -> None:
    drawn_problem = drawn(seed)
    problem = replace(drawn_problem, day_value=drawn_problem.day_value + weight)
    nothing = np.zeros(problem.price.size)
    found = improve(problem, np.ones(3, bool), nothing, bounded=True, is_late=lambda: False)
    bound = bound_bays(problem, find_bays(problem), nothing, found, rounds)
    assert bound <= best_of_all(problem, Limit()) * (1 + 1e-9)


def test_it_is_above_the_chords_and_meets_the_plan_where_shelves_are_shared_by_few() -> None:
    """Chords price a shelf as if all came to it, wherever they go; mail is dear here, so that all are stocked."""
    near = 0
    for seed in range(10):
        problem = drawn(seed)
        dear = np.where(problem.warehouse < 0, 1500.0, problem.price)
        problem = replace(problem, fixed=np.zeros(3), price=dear, hold=2 * problem.hold)
        nothing = np.zeros(problem.price.size)
        found = improve(problem, np.ones(3, bool), nothing, bounded=True, is_late=lambda: False)
        chords = open_best(problem, nothing, 0.0, 10.0).bound
        bound, value = bound_bays(problem, find_bays(problem), nothing, found, 100), found.account.total
        near += value - bound < 0.5 * (value - chords)
    assert near >= 8


def test_the_last_level_of_a_bay_is_all_that_it_might_serve() -> None:
    problem = drawn(5)
    bays = find_bays(problem)
    assert bays.level.shape == (9, LEVELS)
    assert np.add.reduceat(bays.part, bays.pair_begin[:-1]) == pytest.approx(bays.level[:, -1])
    assert bays.unit[:, -1] == pytest.approx(problem.unit)
    assert (np.diff(bays.unit, axis=1) <= 1e-9).all(), "the fuller a shelf, the less lies there for a unit of load"


def test_mail_alone_is_bounded_by_its_cost() -> None:
    problem = drawn(2)
    closed = replace(problem, fixing=np.zeros(3, np.int8))
    nothing = np.zeros(problem.price.size)
    found = improve(closed, np.zeros(3, bool), nothing, bounded=True, is_late=lambda: False)
    assert bound_bays(closed, find_bays(closed), nothing, found, 5) == pytest.approx(found.account.total)

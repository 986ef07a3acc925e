"""Groups that move between shelves together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.planning.planner.pooling import pool_together
from entrepost.planning.planner.problem import PlanProblem
from entrepost.planning.planner.search import Limit
from tests.planning.planner.drawn import best_of_all, drawn

ALL = np.ones(3, bool)


def value_of(problem: PlanProblem, chosen: np.ndarray) -> float:
    return problem.account(chosen, ~ALL).total


def pooled(problem: PlanProblem, chosen: np.ndarray, opened: np.ndarray = ALL) -> np.ndarray:
    return pool_together(problem, chosen, problem.scores(np.zeros(problem.price.size)), opened)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), start=st.integers(0, 3))
def test_a_choice_never_gets_dearer(seed: int, start: int) -> None:
    problem = drawn(seed)
    before = problem.begin + start
    assert value_of(problem, pooled(problem, before)) <= value_of(problem, before) * (1 + 1e-12)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_from_mail_it_comes_near_the_best_of_all_choices(seed: int) -> None:
    problem = replace(drawn(seed), fixed=np.zeros(3))
    assert value_of(problem, pooled(problem, problem.begin)) <= best_of_all(problem, Limit()) * 1.02


def test_closed_warehouses_serve_nobody() -> None:
    problem = drawn(3)
    only = np.array([False, True, False])
    served = problem.warehouse[pooled(problem, problem.begin, only)]
    assert set(served.tolist()) <= {-1, 1}


def test_two_groups_share_a_shelf_that_neither_would_fill_alone() -> None:
    """Alone each pays more for its shelf than mail costs; together they do not."""
    problem = drawn(0)
    two = [problem.begin[0], problem.begin[1]]
    alone = problem.units(problem.loads(np.array(two[:1]) + 1))[0]
    both = problem.units(problem.loads(np.array(two) + 1))[0]
    price, hold = problem.price.copy(), problem.hold.copy()
    middle = 0.5 * (alone + both) - problem.unit[0]
    for option in two:
        hold[option + 1] = 100.0
        wait = 50.0 * (problem.wait_days[option] - problem.wait_days[option + 1])
        price[option + 1] = price[option] + wait - 100.0 * middle
    shared = replace(problem, price=price, hold=hold)
    only = np.array([True, False, False])
    assert pooled(shared, shared.begin, only)[:2].tolist() == [two[0] + 1, two[1] + 1]

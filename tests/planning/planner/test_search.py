"""That a plan's bound is one, and that its value is near it: beside every choice, on random problems."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.planning.plan import compile_search
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.search import Limit, PlanProgress, PlanSearch
from tests.planning.planner.drawn import best_of_all, drawn

LIMITS = (Limit(), Limit("wait", 6.0), Limit("wait", 4.0), Limit("late", 0.5), Limit("money", 2_000_000.0))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), limit=st.sampled_from(LIMITS))
def test_bound_and_plan_hold_the_best_of_all_choices_between_them(seed: int, limit: Limit) -> None:
    problem = drawn(seed)
    compile_search(problem)
    search = PlanSearch(problem, limit, PlanParams(gap_max=0.0, seconds_max=20))
    search.run()
    best = best_of_all(search.problem, limit)
    assert best <= search.value * (1 + 1e-9), "no plan is better than the best"
    if math.isfinite(best):
        assert search.bound <= best * (1 + 1e-6) + 1e-9
    assert math.isinf(search.value) <= math.isinf(best), "where a plan keeps the limit, one is found"
    if not limit.what:
        assert search.value <= best * 1.03


def test_a_search_without_time_still_tells_a_bound_below_its_plan() -> None:
    search = PlanSearch(drawn(1), Limit("wait", 6.0), PlanParams(seconds_max=1e-6))
    search.run()
    assert search.bound <= search.value < math.inf


def test_progress_tells_values_that_fall_and_bounds_that_rise() -> None:
    told: list[PlanProgress] = []
    PlanSearch(drawn(2), Limit("wait", 5.0), PlanParams(gap_max=0.0), told.append).run()
    assert (np.diff([each.value for each in told if math.isfinite(each.value)]) <= 0).all()
    assert (np.diff([each.bound for each in told]) >= 0).all()

"""What HiGHS finishes: equal to trying everything, and silent where nothing better is left."""

from __future__ import annotations

import math
import os
import signal
import threading

import numpy as np
import pytest
from hypothesis import given, settings

from entrepost.planning.location.mip import Rest, solve_rest
from tests.planning.facility_scenes import facts_of, problems, try_all


def rest_of(facts, fixing, single: bool) -> Rest:
    site, region = np.nonzero(np.isfinite(facts.cost) & (fixing != 0)[:, None])
    return Rest(facts, fixing, site, region, single)


@given(problems())
@settings(max_examples=40)
def test_a_rest_that_is_the_whole_problem_is_answered(problem) -> None:
    ending = solve_rest(rest_of(problem.facts, problem.fixing, problem.single), math.inf, 60, 0.0)
    wanted = try_all(problem)
    assert ending.bound == pytest.approx(wanted, abs=1e-5)
    assert (ending.sites.size > 0) == math.isfinite(wanted)


def test_nothing_is_found_below_a_cutoff_under_the_optimum() -> None:
    facts = facts_of([[1, 4, 9], [6, 2, 1]], [3, 3])
    ending = solve_rest(rest_of(facts, np.full(2, -1, np.int8), False), 9.0, 60, 0.0)
    assert ending.bound >= 9.0
    assert ending.sites.size == 0 or ending.bound == pytest.approx(10)


def test_ctrl_c_ends_highs_with_a_valid_bound_and_is_passed_on(request) -> None:
    g = np.random.default_rng(5)
    demand = g.integers(5, 60, 90).astype(float)
    facts = facts_of(g.integers(10, 900, (30, 90)), g.integers(500, 900, 30), demand, np.full(30, demand.sum() / 9.3))
    whole = rest_of(facts, np.full(30, -1, np.int8), True)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    press = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
    press.start()
    ending = solve_rest(whole, math.inf, 60, 0.0)
    assert ending.stopped
    assert ending.bound < math.inf
    with pytest.raises(KeyboardInterrupt):
        ending.go_on()

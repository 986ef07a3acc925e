"""Facility location at its edges: nothing to choose, too little room, sizes far apart; middling ones as by HiGHS."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.planning.facility import FacilityProblem, locate
from entrepost.planning.location.mip import Rest, solve_rest


@st.composite
def middling(draw) -> FacilityProblem:
    """Up to 12 sites and 25 regions, plain or with volumes, with a count or with ties, seen from afar or near."""
    g = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sites, regions = draw(st.integers(2, 12)), draw(st.integers(1, 25))
    steps = draw(st.sampled_from((3, 100, 10_000)))
    cost = g.integers(0, steps, (sites, regions)) * draw(st.sampled_from((1e-3, 1.0, 1e6)))
    demand = g.integers(0, 20, regions).astype(float)
    fixed = g.integers(0, 4 * steps, sites) * (cost.max() / steps)
    roomy = np.ceil(demand.sum() * g.uniform(0.2, 1.0, sites)) + 1
    return FacilityProblem(
        cost,
        fixed,
        demand,
        draw(st.none() | st.just(roomy)),
        count=draw(st.none() | st.integers(1, sites)),
        single=draw(st.booleans()),
    )


@given(middling())
@settings(max_examples=60, deadline=None)
def test_problems_of_middling_size_are_answered_as_by_highs(problem: FacilityProblem) -> None:
    site, region = np.nonzero(np.isfinite(problem.facts.cost))
    wanted = solve_rest(Rest(problem.facts, problem.fixing, site, region, problem.single), math.inf, 60, 0.0)
    found = locate(problem)
    if not wanted.sites.size:
        assert found.status == "infeasible"
        return
    ease = 1e-5 * float(problem.facts.cost.max() + problem.facts.fixed.max())
    assert found.status == "proved"
    assert found.value == pytest.approx(wanted.bound, rel=2e-6, abs=ease)
    assert found.bound <= wanted.bound + ease


def test_no_candidates_at_all_are_misuse() -> None:
    with pytest.raises(MisuseError, match="at least one of each"):
        FacilityProblem(np.zeros((0, 3)))
    with pytest.raises(MisuseError, match="at least one of each"):
        FacilityProblem(np.zeros((3, 0)))


def test_where_every_candidate_is_forbidden_it_says_so() -> None:
    found = locate(FacilityProblem([[1, 2], [3, 4]], forbidden=[0, 1]))
    assert found.status == "infeasible"
    assert found.value == math.inf
    assert found.opened.size == found.shares.size == 0
    assert "site" in found.reasons[0]


def test_where_all_candidates_are_too_small_it_says_how_much_lacks() -> None:
    found = locate(FacilityProblem([[1, 2], [3, 4]], demand=[5, 6], capacity=[4, 3]))
    assert found.status == "infeasible"
    assert "need 11" in found.reasons[0]
    assert "4 more capacity" in found.reasons[0]


def test_whole_regions_that_fit_nowhere_are_said() -> None:
    found = locate(FacilityProblem([[1, 2], [3, 4]], demand=[5, 2], capacity=[4, 4], single=True))
    assert found.status == "infeasible"
    assert found.reasons


def test_one_region_is_served_by_the_cheapest_whole() -> None:
    found = locate(FacilityProblem([[9.0], [4.0], [5.0]], [1, 7, 2]))
    assert (found.value, found.opened.tolist(), found.status) == (7.0, [2], "proved")


def test_one_region_larger_than_any_site_is_split() -> None:
    found = locate(FacilityProblem([[10.0], [20.0]], [1, 1], [10], [6, 6]))
    assert found.value == pytest.approx(2 + 0.6 * 10 + 0.4 * 20)
    assert found.status == "proved"


def test_regions_without_demand_need_no_room() -> None:
    found = locate(FacilityProblem([[1, 7], [5, 9]], [3, 3], [4, 0], [4, 4]))
    assert (found.value, found.opened.tolist()) == (11.0, [0])


@pytest.mark.parametrize("volumes", [False, True])
def test_costs_twelve_powers_of_ten_apart_are_answered(volumes: bool) -> None:
    g = np.random.default_rng(5)
    cost = 10.0 ** g.uniform(-3, 9, (8, 12))
    demand, capacity = (np.ones(12), np.full(8, 4.0)) if volumes else (None, None)
    problem = FacilityProblem(cost, 10.0 ** g.uniform(-3, 9, 8), demand, capacity)
    found = locate(problem)
    assert found.status == "proved"
    assert found.bound <= found.value
    assert found.value <= cost.max(axis=0).sum() + problem.facts.fixed.sum()


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1e15, 1e100])
def test_the_smallest_and_the_largest_costs_keep_their_choice(size: float) -> None:
    found = locate(FacilityProblem(np.array([[1, 4, 9], [6, 2, 1]]) * size, np.array([3, 3]) * size))
    assert found.opened.tolist() == [0, 1]
    assert found.value == pytest.approx(10 * size)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"fixed": [1, math.nan]}, r"fixed\[1\] is nan"),
        ({"fixed": [math.inf, 1]}, r"fixed\[0\] is inf"),
        ({"demand": [math.nan, 1], "capacity": [3, 3]}, r"demand\[0\] is nan"),
        ({"demand": [math.inf, 1], "capacity": [3, 3]}, r"demand\[0\] is inf"),
        ({"demand": [1, 1], "capacity": [3, math.nan]}, r"capacity\[1\] is nan"),
        ({"demand": [1, 1], "capacity": [3, -3]}, r"capacity\[1\] is -3"),
        ({"demand": [1, 1], "least": [math.nan, 0]}, r"least\[0\] is nan"),
        ({"cost": [[1, -math.inf], [1, 2]]}, "cost of site 0, region 1"),
    ],
)
def test_what_is_no_number_is_told_with_its_place(wrong: dict, says: str) -> None:
    with pytest.raises(MisuseError, match=says):
        FacilityProblem(**{"cost": [[1, 2], [3, 4]], **wrong})

"""Facility location: equal to trying everything, equal to published optima, and honest when stopped."""

from __future__ import annotations

import math
import signal

import numpy as np
import pytest
from hypothesis import given, settings

from entrepost.base.errors import MisuseError
from entrepost.planning.facility import FacilityProblem, LocateParams, Progress, locate
from tests.planning.facility_scenes import problems, read_capacitated, try_all

THREE = FacilityProblem(cost=[[1, 4, 9], [6, 2, 1]], fixed=[3, 3])


def wide(sites: int = 40, regions: int = 300, seed: int = 1, tight: float = 0.3) -> FacilityProblem:
    g = np.random.default_rng(seed)
    places, homes = g.random((sites, 2)), g.random((regions, 2))
    demand = g.integers(1, 20, regions).astype(float)
    distance = np.linalg.norm(places[:, None] - homes[None], axis=2)
    capacity = np.full(sites, np.ceil(demand.sum() * tight / 4))
    return FacilityProblem(distance * demand, g.uniform(20, 60, sites), demand, capacity)


def test_two_sites_open_where_each_is_worth_its_fixed_cost() -> None:
    found = locate(THREE)
    assert (found.value, found.status) == (10.0, "proved")
    assert found.opened.tolist() == [0, 1]
    assert found.site.tolist() == [0, 1, 1]


@given(problems())
@settings(max_examples=150)
def test_every_small_problem_is_answered_as_by_trying_everything(problem: FacilityProblem) -> None:
    wanted, found = try_all(problem), locate(problem)
    if math.isinf(wanted):
        assert found.status == "infeasible"
        assert found.reasons
    else:
        assert found.status == "proved"
        assert found.value == pytest.approx(wanted, rel=1e-6, abs=1e-6)
        assert found.bound <= wanted + 1e-6
        check_kept(problem, found)


def check_kept(problem: FacilityProblem, found) -> None:
    facts, shares = problem.facts, found.shares
    served = np.bincount(shares["region"], shares["share"], facts.demand.size)
    load = np.bincount(shares["site"], shares["share"] * facts.demand[shares["region"]], facts.fixed.size)
    assert served == pytest.approx(1)
    assert set(shares["site"]) <= set(found.opened)
    assert set(problem.forced) <= set(found.opened)
    assert not set(problem.forbidden) & set(found.opened)
    assert problem.count in (None, found.opened.size)
    assert (load <= facts.capacity + 1e-6).all() or problem.capacity is None
    assert (load[found.opened] >= facts.least[found.opened] - 1e-6).all()
    assert not problem.single or shares["share"] == pytest.approx(1)
    cost = (facts.cost[shares["site"], shares["region"]] * shares["share"]).sum() + facts.fixed[found.opened].sum()
    assert cost == pytest.approx(found.value)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cap41", 1040444.375),
        ("cap83", 975889.563),
        ("cap124", 946051.325),
        ("capb1", 13656379.578),
        ("capc4", 11505767.394),
    ],
)
def test_published_optima_are_found_and_proved(shared, name: str, value: float) -> None:
    found = locate(read_capacitated(shared, name))
    assert found.status == "proved"
    assert found.value == pytest.approx(value, abs=0.01)
    assert found.bound >= value * (1 - 1e-6) - 0.01


def test_stopped_early_the_optimum_still_lies_between_bound_and_value() -> None:
    problem = wide()
    optimum = locate(problem)
    assert optimum.status == "proved"
    for seconds in (1e-6, 0.005, 0.02, 0.1):
        found = locate(problem, LocateParams(seconds_max=seconds))
        assert found.bound <= optimum.value * (1 + 1e-9)
        assert found.value >= optimum.bound * (1 - 1e-9)


def test_the_gap_that_is_asked_for_ends_the_search() -> None:
    found = locate(wide(), LocateParams(gap_max=0.05))
    assert found.status == "proved"
    assert found.gap <= 0.05


def test_progress_tells_bounds_that_rise_and_values_that_fall() -> None:
    told: list[Progress] = []
    found = locate(wide(), progress=told.append)
    assert [one.value for one in told] == sorted((one.value for one in told), reverse=True)
    assert told[-1].bound <= found.value
    assert all(one.bound <= found.value * (1 + 1e-9) for one in told)


def test_interruption_returns_the_best_so_far_with_its_gap() -> None:
    def interrupt(one: Progress) -> None:
        if math.isfinite(one.gap):
            raise KeyboardInterrupt

    found = locate(wide(tight=0.2), progress=interrupt)
    assert found.status == "stopped"
    assert math.isfinite(found.value)
    assert 0 < found.gap < 1


def test_a_real_control_c_ends_the_search_and_is_not_raised(request: pytest.FixtureRequest) -> None:
    """Also where the tests run behind a shell, which has its background work ignore the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    told: list[Progress] = []

    def signal_once(one: Progress) -> None:
        told.append(one)
        if len(told) == 2:
            signal.raise_signal(signal.SIGINT)

    found = locate(wide(60, 600, tight=0.2), LocateParams(gap_max=0.0), signal_once)
    assert (found.status, len(told)) == ("stopped", 2)
    assert found.bound <= found.value < math.inf


def test_the_p_median_opens_exactly_as_many_sites_as_are_counted() -> None:
    line = np.abs(np.subtract.outer(np.arange(9), np.arange(9))).astype(float)
    found = locate(FacilityProblem(line, count=3))
    assert (found.value, found.opened.tolist()) == (6.0, [1, 4, 7])
    assert found.bound > found.value - 1


def test_integer_costs_are_proved_by_a_bound_above_the_value_less_one() -> None:
    g = np.random.default_rng(3)
    found = locate(FacilityProblem(g.integers(1, 1000, (30, 60)), g.integers(500, 3000, 30)))
    assert found.status == "proved"
    assert found.bound > found.value - 1


def test_a_forced_site_stays_open_though_it_costs_more() -> None:
    found = locate(FacilityProblem([[1, 1], [5, 5]], [1, 100], forced=[1]))
    assert (found.value, found.opened.tolist()) == (103.0, [0, 1])


def test_a_least_volume_draws_regions_to_an_open_site() -> None:
    found = locate(FacilityProblem([[1, 1], [5, 9]], [0, 0], demand=[1, 1], least=[0, 1], forced=[1]))
    assert (found.value, found.site.tolist()) == (6.0, [1, 0])


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e12])
def test_huge_and_tiny_costs_are_answered_alike(size: float) -> None:
    problem = wide(15, 40)
    scaled = FacilityProblem(problem.cost * size, problem.fixed * size, problem.demand, problem.capacity)
    found = locate(scaled)
    assert found.status == "proved"
    assert found.value / size == pytest.approx(locate(problem).value, rel=1e-5)


def test_ties_everywhere_are_answered() -> None:
    found = locate(FacilityProblem(np.ones((6, 8)), np.ones(6), np.ones(8), np.full(6, 3.0)))
    assert (found.value, found.opened.size, found.status) == (11.0, 3, "proved")


def test_zero_demand_and_zero_costs_are_answered() -> None:
    assert locate(FacilityProblem([[3, 1], [2, 4]], demand=[0, 0], capacity=[1, 1])).value == 3.0
    nothing = locate(FacilityProblem(np.zeros((3, 3)), demand=[1, 1, 1], capacity=[1, 1, 1]))
    assert (nothing.value, nothing.status, nothing.gap) == (0.0, "proved", 0.0)


def test_one_region_and_one_site_is_a_problem_too() -> None:
    found = locate(FacilityProblem([[7.0]], [2.0]))
    assert (found.value, found.opened.tolist(), found.shares.tolist()) == (9.0, [0], [(0, 0, 1.0)])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cost": [[1, math.nan]]}, "cost of site 0, region 1 is not a number"),
        ({"cost": []}, "a row for each site"),
        ({"cost": [[1, 2]], "fixed": [1, 2]}, "fixed has the shape"),
        ({"cost": [[1, 2]], "capacity": [1]}, "need the demand"),
        ({"cost": [[1, 2]], "demand": [1, -2], "capacity": [1]}, r"demand\[1\] is -2.0"),
        ({"cost": [[1, 2]], "forced": [1]}, "there is no site 1"),
        ({"cost": [[1, 2]], "forced": [0], "forbidden": [0]}, "both forced and forbidden"),
        ({"cost": [[1, 2]], "count": 0}, "at least one site"),
    ],
)
def test_misuse_is_told_in_words(wrong: dict, says: str) -> None:
    with pytest.raises(MisuseError, match=says):
        FacilityProblem(**wrong)


def test_params_that_cannot_be_are_refused() -> None:
    with pytest.raises(MisuseError, match="seconds_max"):
        LocateParams(seconds_max=0)

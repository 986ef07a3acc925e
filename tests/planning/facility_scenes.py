"""Small facility problems, drawn by Hypothesis or read from the published sets, and their answers by trying all."""

from __future__ import annotations

import gzip
import itertools
import math
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from entrepost.planning.facility import FacilityProblem
from entrepost.planning.location.dual import Facts


def facts_of(cost, fixed=None, demand=None, capacity=None, number=-1) -> Facts:
    """Facts of a problem without least volumes."""
    cost = np.array(cost, dtype=float)
    sites, regions = cost.shape
    demand = np.ones(regions) if demand is None else np.array(demand, dtype=float)
    capacity = np.full(sites, demand.sum()) if capacity is None else np.minimum(capacity, demand.sum())
    fixed = np.zeros(sites) if fixed is None else np.array(fixed, dtype=float)
    return Facts(cost, fixed, demand, capacity, np.zeros(sites), float(demand.sum()), number)


@st.composite
def problems(draw, volumes: bool = True):
    """Problems of up to four sites and four regions, with every rule now and then."""
    sites, regions = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    numbers = lambda least, most, size: draw(st.lists(st.integers(least, most), min_size=size, max_size=size))  # noqa: E731
    cost = np.array(numbers(0, 30, sites * regions), dtype=float).reshape(sites, regions)
    if draw(st.booleans()):
        cost[cost > 24] = math.inf
    order = draw(st.permutations(range(sites)))
    rules = {
        "fixed": numbers(0, 20, sites),
        "demand": numbers(0, 5, regions),
        "capacity": draw(st.none() | st.just(numbers(1, 11, sites))) if volumes else None,
        "least": draw(st.none() | st.just(numbers(0, 5, sites))) if volumes else None,
        "count": draw(st.none() | st.integers(1, sites)),
        "single": draw(st.booleans()),
        "forced": order[: draw(st.integers(0, 1))],
        "forbidden": order[sites - draw(st.integers(0, 1)) :] if sites > 1 else (),
    }
    return FacilityProblem(cost, **rules)


def try_all(problem: FacilityProblem) -> float:
    """The optimum by trying every set of sites; infinite where there is none."""
    facts, best = problem.facts, math.inf
    capacity = np.full(facts.fixed.size, math.inf) if problem.capacity is None else np.array(problem.capacity)
    for opened in itertools.product((0, 1), repeat=facts.fixed.size):
        sites = np.flatnonzero(opened)
        allowed = not (problem.fixing[sites] == 0).any() and np.isin(np.flatnonzero(problem.fixing == 1), sites).all()
        if sites.size and allowed and problem.count in (None, sites.size):
            serve = assign_all if problem.single else split_all
            served = serve(facts.cost[sites], facts.demand, (facts.least[sites], capacity[sites]))
            best = min(best, served + facts.fixed[sites].sum())
    return best


def assign_all(cost, demand, volumes) -> float:
    """The least cost of whole regions, by trying every assignment."""
    best = math.inf
    for chosen in itertools.product(range(len(cost)), repeat=len(demand)):
        load = np.bincount(chosen, demand, len(cost))
        if (load >= volumes[0]).all() and (load <= volumes[1]).all():
            best = min(best, cost[list(chosen), range(len(demand))].sum())
    return best


def split_all(cost, demand, volumes) -> float:
    """The least cost of split regions, by linear programming."""
    sites, regions = cost.shape
    allowed = np.isfinite(cost)
    load = np.kron(np.eye(sites), demand)
    rows = np.vstack([load, -load])
    most = np.concatenate([np.minimum(volumes[1], 1e6), -volumes[0]])
    found = linprog(
        np.where(allowed, cost, 0).ravel(), rows, most, np.tile(np.eye(regions), sites), np.ones(regions),
        bounds=[(0, float(one)) for one in allowed.ravel()],
    )  # fmt: skip
    return found.fun if found.status == 0 else math.inf


def read_capacitated(shared: Path, name: str, capacity: float | None = None) -> FacilityProblem:
    """An instance of the OR-Library's `cap` sets, perhaps with another capacity."""
    with gzip.open(shared / "bench/facility/cap" / f"{name}.txt.gz", "rt") as file:
        numbers = np.array(file.read().split(), dtype=float)
    sites, regions = int(numbers[0]), int(numbers[1])
    by_site = numbers[2 : 2 + 2 * sites].reshape(sites, 2)
    by_region = numbers[2 + 2 * sites :].reshape(regions, sites + 1)
    held = by_site[:, 0] if capacity is None else np.full(sites, capacity)
    return FacilityProblem(by_region[:, 1:].T, by_site[:, 1], by_region[:, 0], held)

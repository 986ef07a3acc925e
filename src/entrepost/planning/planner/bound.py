"""Which warehouses to open when shelves cost the least that they can: a facility location, solved with proof.

Shelves get cheaper by the item the more is served from them. Taken at their cheapest for every item (the chord below
a concave cost) options have fixed prices, and what is left is where to open: its bound is one for the plan too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from entrepost.planning.facility import FacilityProblem, LocateParams, locate
from entrepost.planning.planner.problem import Flags, Floats, PlanProblem

PART_OF_GAP = 0.2
"""Location is solved so much more exactly than the plan is asked for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Warehouses to open, and what a plan costs at least: money, worth of waits, and the weight of what is limited."""

    opened: Flags
    bound: float


def open_best(
    problem: PlanProblem, weight: Floats, gap_max: float, seconds_max: float, capacity: Floats | None = None
) -> Opened:
    """The warehouses that are best at these weights (of an item of each option).

    Parameters
    ----------
    capacity : array (warehouses), optional
        Items a year that each can serve; infinite or absent where it does not bind.
    """
    scores = problem.scores(weight, problem.unit)
    groups, sites = problem.items.size, len(problem.codes)
    direct = _least(problem, np.where(problem.warehouse < 0, scores, np.inf))
    saved = np.zeros((sites, groups))
    stock = np.flatnonzero(problem.warehouse >= 0)
    gain = (direct[problem.place[stock]] - scores[stock]) * problem.items[problem.place[stock]]
    np.maximum.at(saved, (problem.warehouse[stock], problem.place[stock]), gain)
    base = float(problem.items @ direct)
    forced = problem.fixing == 1
    bounded = capacity is not None and bool(np.isfinite(capacity).any())
    worth = (saved.sum(axis=1) > problem.fixed) & (problem.fixing != 0) | forced
    rows, columns = np.flatnonzero(worth), np.flatnonzero((saved[worth] > 0).any(axis=0))
    if not rows.size or not columns.size:
        return Opened(forced, base + float(problem.fixed[forced].sum()))
    kept = saved[np.ix_(rows, columns)]
    rest = base - float((problem.items * direct)[columns].sum())
    cost = np.vstack([np.zeros(columns.size), -kept]) + (problem.items * direct)[columns]
    fixed = np.append(0.0, problem.fixed[rows])
    located = FacilityProblem(
        cost,
        fixed,
        demand=problem.items[columns] if bounded else None,
        capacity=np.append(math.inf, capacity[rows]) if bounded and capacity is not None else None,
        forced=[0, *(1 + int(place) for place in np.flatnonzero(forced[rows]))],
    )
    found = locate(located, LocateParams(gap_max * PART_OF_GAP, max(0.1, seconds_max)))
    opened = np.zeros(sites, bool)
    opened[rows[found.opened[found.opened > 0] - 1]] = True
    return Opened(opened, rest + found.bound)


def _least(problem: PlanProblem, scores: Floats) -> Floats:
    least: Floats = np.minimum.reduceat(scores, problem.begin)
    return least

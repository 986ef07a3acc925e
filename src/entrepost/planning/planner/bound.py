"""Which warehouses to open when shelves cost the least that they can: a facility location, solved with proof.

Shelves get cheaper by the item the more is served from them. Taken at their cheapest for every item (the chord below
a concave cost) options have fixed prices, and what is left is where to open: its bound is one for the plan too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepost.planning.facility import FacilityProblem, LocateParams, locate
from entrepost.planning.planner.problem import Flags, Floats, PlanProblem
from entrepost.tables.rules import compile_kernel


@dataclass(frozen=True, slots=True)
class Opened:
    """Warehouses to open, and what a plan costs at least: money, worth of waits, and the weight of what is limited."""

    opened: Flags
    bound: float


def open_best(problem: PlanProblem, weight: Floats, slack: float, seconds_max: float) -> Opened:
    """The warehouses that are best at these weights (of an item of each option).

    Parameters
    ----------
    slack : float
        So far may the choice be from the bound, in minor units a year.
    """
    scores = problem.scores(weight)
    direct, saved = compile_kernel(_save)(
        scores, problem.items, problem.begin, problem.warehouse, np.zeros((len(problem.codes), problem.items.size))
    )
    forced = problem.fixing == 1
    worth = (saved.sum(axis=1) > problem.fixed) & (problem.fixing != 0) | forced
    rows, columns = np.flatnonzero(worth), np.flatnonzero((saved[worth] > 0).any(axis=0))
    mail = problem.items * direct
    if not rows.size or not columns.size:
        return Opened(forced, float(mail.sum() + problem.fixed[forced].sum()))
    kept = mail[columns]
    located = FacilityProblem(
        np.vstack([kept, kept - saved[np.ix_(rows, columns)]]),
        np.append(0.0, problem.fixed[rows]),
        forced=[0, *(1 + int(place) for place in np.flatnonzero(forced[rows]))],
    )
    found = locate(located, LocateParams(slack / max(float(np.abs(kept).sum()), 1e-12), max(0.1, seconds_max)))
    opened = np.zeros(len(problem.codes), bool)
    opened[rows[found.opened[found.opened > 0] - 1]] = True
    return Opened(opened, float(mail.sum() - kept.sum()) + found.bound)


def _save(scores: Any, items: Any, begin: Any, warehouse: Any, saved: Any) -> Any:
    """Of each group the least score by mail, and what each warehouse saves a year beside it."""
    direct = np.full(begin.size, np.inf)
    for group in range(begin.size):
        end = begin[group + 1] if group + 1 < begin.size else scores.size
        for option in range(begin[group], end):
            if warehouse[option] < 0:
                direct[group] = min(direct[group], scores[option])
        for option in range(begin[group], end):
            if warehouse[option] >= 0:
                saves = (direct[group] - scores[option]) * items[group]
                saved[warehouse[option], group] = max(saved[warehouse[option], group], saves)
    return direct, saved

"""The curve of cost against wait: plans of which none is better in both, with the bound of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.options import Options
from entrepost.planning.plan import compile_search
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.problem import PlanProblem, problem_of
from entrepost.planning.planner.search import FASTEST, Found, Limit, PlanSearch
from entrepost.planning.replicate import ALONE, Crew

LEAST_DAYS = 0.01
"""Plans whose waits differ by less are one point of the curve."""
TOGETHER = 4
SECONDS_EACH = 20.0
"""A plan of the curve takes no longer."""


def draw_front(
    options: Options,
    network: Network,
    params: PlanParams,
    points: int = 12,
    progress: Callable[[int], None] | None = None,
    crew: Crew = ALONE,
) -> pl.DataFrame:
    """Plans from the cheapest to the quickest, evenly spread over waits as far as they go.

    Each is the best for some worth of a day (`day_minor`), so all lie on the convex front; what lies between two of
    them may still be had by `days_max`. Limits of `params` are not looked at. Up to `TOGETHER` of them are made at a
    time, by whoever is in the crew; the curve does not depend on it.

    Returns
    -------
    DataFrame
        A row per plan, the cheapest first: day_minor, wait_days, share_within, cost_year_minor, cost_item_minor,
        bound_year_minor (what money and weighted waits cost at least), gap (how much less than its money a plan that
        waits no longer could cost at most), warehouses, opened.
    """
    if points < 2:
        raise MisuseError(f"a curve has at least 2 points, not {points}")
    problem = problem_of(options, network, params)
    compile_search(problem)
    problem = replace(problem, day_value=np.zeros(problem.items.size))
    found: dict[float, tuple[Found, float]] = {}
    weights = [0.0, FASTEST / 1000]
    while weights:
        for weight, each in zip(weights, crew.map(_at_weight, (problem, params), weights), strict=True):
            found[weight] = each
            if progress:
                progress(len(found))
        weights = _between(found, min(TOGETHER, points - len(found)), float(problem.items.sum()))
    rows = [_row(problem, weight, *each) for weight, each in sorted(found.items())]
    return _told_once(pl.DataFrame(rows, orient="row"))


def _told_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those that wait as long as the one before and cost no less."""
    sooner = pl.col("wait_days").shift(1) - pl.col("wait_days")
    return rows.filter(sooner.is_null() | (sooner > LEAST_DAYS))


def _at_weight(shared: tuple[PlanProblem, PlanParams], weight: float) -> tuple[Found, float]:
    """The best plan where a day is worth so much, and its bound."""
    problem, params = shared
    compile_search(problem)
    return PlanSearch(problem, Limit(), replace(params, seconds_max=SECONDS_EACH)).at_weight(weight)


def _between(found: dict[float, tuple[Found, float]], count: int, items: float) -> list[float]:
    """So many weights, each at which two neighbours are as good: those whose waits lie farthest apart.

    What is best there lies below the line that joins the two; where it is one of them, nothing lies between.
    """
    weights = sorted(found)
    accounts = [found[weight][0].account for weight in weights]
    wide: list[tuple[float, float]] = []
    for left, right, slow, quick in zip(weights, weights[1:], accounts, accounts[1:], strict=False):
        sooner = slow.wait_days - quick.wait_days
        if sooner > LEAST_DAYS:
            weight = (quick.money - slow.money) / (sooner * items)
            wide += [(sooner, weight)] if left < weight < right and weight not in found else []
    return [weight for _, weight in sorted(wide, reverse=True)[: max(count, 0)]]


def _row(problem: PlanProblem, weight: float, found: Found, bound: float) -> dict[str, object]:
    account, items = found.account, float(problem.items.sum())
    value = account.money + weight * account.wait_days * items
    return {
        "day_minor": weight,
        "wait_days": account.wait_days,
        "share_within": 1 - account.late,
        "cost_year_minor": account.money,
        "cost_item_minor": account.money / items,
        "bound_year_minor": bound,
        "gap": max(0.0, value - bound) / account.money,
        "warehouses": int(found.opened.sum()),
        "opened": "+".join(problem.codes[place] for place in np.flatnonzero(found.opened)),
    }

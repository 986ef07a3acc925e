"""The end of the demonstration: a plan for the network, tried on orders that the planner did not see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.network.candidates import Candidates
from entrepost.network.network import Network
from entrepost.operations.demo_learned import Stage
from entrepost.planning.cells import market_of
from entrepost.planning.options import options_of
from entrepost.planning.plan import search_plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import TrialParams, try_plan
from entrepost.planning.trials.frames import Trial
from entrepost.planning.trials.planned import planned_trial

KNOWN_SHARE = 0.6
"""The plan is made on so much of the time that the orders cover, and tried on the rest."""
DEARER_MOST = 1.05
"""It may cost so many times what an item costs now."""
SECONDS = 20.0
REPLICATIONS = 4


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned, and what came of it in worlds that the planner does not know (None without a plan)."""

    plan: Plan
    trial: Trial | None


def plan_and_try(
    network: Network, orders: pl.DataFrame, candidates: Candidates, seed: int, rules: Path, stage: Stage
) -> Planned:
    """Plan on the first weeks of some orders and try it on the others, shelves full and services as the rules say.

    Parameters
    ----------
    rules : Path
        The plan's rules are written there.
    """
    first, last = orders.select(pl.col("placed_at").min(), last=pl.col("placed_at").max()).row(0)
    split = first + (last - first) * KNOWN_SHARE if last > first else last + timedelta(days=1)
    later = orders.filter(pl.col("placed_at") >= split)
    with stage("warehouses, stock and services planned on the first weeks"):
        found = _plan(network, orders, candidates, PlanParams(as_of=split, seconds_max=SECONDS))
    if found.planned is None or later.is_empty():
        return Planned(found, None)
    params = TrialParams(replications=REPLICATIONS, seed=seed, dated=False)
    with stage("the plan tried on the weeks after, in worlds that it does not know"):
        return Planned(found, try_plan(network, later, planned_trial(found, rules, filled=True), params))


def _plan(network: Network, orders: pl.DataFrame, candidates: Candidates, params: PlanParams) -> Plan:
    """The shortest wait at `DEARER_MOST` of what is spent now."""
    extended = candidates.added_to(network)
    options = options_of(network, market_of(network, orders, params), params, extended)
    closed = tuple(row.warehouse for row in extended.warehouses)
    now = search_plan(options, extended, replace(params, forbidden=closed)).today
    return search_plan(options, extended, replace(params, budget_minor=DEARER_MOST * now.cost_year_minor))

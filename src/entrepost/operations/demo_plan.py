"""The end of the demonstration: a plan for the network, tried on orders that the planner did not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from entrepost.network.candidates import Candidates
from entrepost.network.network import Network
from entrepost.operations.demo_learned import Stage
from entrepost.planning.plan import plan_dearer
from entrepost.planning.plan_segments import PlanSegments, rules_wanted, segment_plan
from entrepost.planning.plan_trial import try_found
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import TrialParams
from entrepost.planning.trials.frames import Trial

KNOWN_SHARE = 0.6
"""The plan is made on so much of the time that the orders cover, and tried on the rest."""
DEARER_MOST = 1.05
"""It may cost so many times what an item costs now."""
SECONDS, RULES_SECONDS = 20.0, 15.0
LEAVES = 6
REPLICATIONS = 4


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned, its rules, and what came of it in worlds that the planner does not know; None: no plan."""

    plan: Plan
    rules: PlanSegments | None = None
    trial: Trial | None = None


def plan_and_try(network: Network, orders: pl.DataFrame, candidates: Candidates, seed: int, stage: Stage) -> Planned:
    """Plan on the first weeks of some orders and try it by its rules on the others, with shelves full."""
    first, last = orders.select(pl.col("placed_at").min(), last=pl.col("placed_at").max()).row(0)
    split = first + (last - first) * KNOWN_SHARE if last > first else last + timedelta(days=1)
    with stage("warehouses, stock and services planned on the first weeks"):
        params = PlanParams(as_of=split, seconds_max=SECONDS)
        found = plan_dearer(network, orders, DEARER_MOST, params, candidates)
    if found.planned is None or split > last:
        return Planned(found)
    with stage("the plan put into rules"):
        rules = segment_plan(found, rules_wanted(LEAVES, seconds_max=RULES_SECONDS))
    often = TrialParams(replications=REPLICATIONS, seed=seed, dated=False)
    with stage("the plan tried on the weeks after, in worlds that it does not know"):
        return Planned(found, rules, try_found(network, orders, (found, rules), often))

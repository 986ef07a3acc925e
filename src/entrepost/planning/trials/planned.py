"""A plan made ready to be tried: its network opened, its shelves, its rules and terms."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.planning.planner.export import format_plan_rules, open_planned
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import TrialPlan
from entrepost.planning.trials.arm import SHELF, shelves_of
from entrepost.planning.trials.renewal import renew_weekly
from entrepost.service.policy import Policy, RuleFile


def keep_rules(plan: Plan, path: Path) -> RuleFile:
    """Write the plan's rules, cell by cell, for as long as it is tried."""
    _require_planned(plan)
    path.write_text(format_plan_rules(plan), encoding="utf-8")
    return RuleFile(path)


def planned_trial(plan: Plan, policy: Policy, filled: bool = False, orders: pl.DataFrame | None = None) -> TrialPlan:
    """What `try_plan` takes, of a plan that was found.

    Parameters
    ----------
    policy : Policy
        How services are chosen: by the plan's own rules (`keep_rules`), or by those of its segments.
    filled : bool
        Whether shelves are full on the first day, as in a network that has been running for some time.
    orders : DataFrame, optional
        What was ordered before the plan's `as_of` and since: with it the list of articles is renewed every week.

    Raises
    ------
    MisuseError
        When there is no plan.
    """
    _require_planned(plan)
    shelves = shelves_of(plan.stock).select(list(SHELF))
    if filled:
        shelves = shelves.with_columns(on_hand=pl.col("reorder") + pl.col("lot"))
    terms, since = plan.options.terms, plan.params.as_of
    renewed = None if orders is None or since is None else renew_weekly(plan, since, orders)
    hours = max(1, round(24 * terms.review_days))
    left_out, landed = plan.params.left_out, plan.params.landed
    return TrialPlan(open_planned(plan), shelves, policy, None, left_out, hours, terms, renewed, landed)


def _require_planned(plan: Plan) -> None:
    if plan.planned is None:
        raise MisuseError(f"there is no plan to try: {'; '.join(plan.reasons)}")

"""A plan made ready to be tried: its network opened, its shelves, its rules and terms."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.planning.planner.export import format_plan_rules, open_planned
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import TrialPlan
from entrepost.planning.trials.arm import SHELF, shelves_of
from entrepost.service.policy import RuleFile


def planned_trial(plan: Plan, rules: Path, filled: bool = False) -> TrialPlan:
    """What `try_plan` takes, of a plan that was found.

    Parameters
    ----------
    rules : Path
        The plan's rules are written there; they must stay while it is tried.
    filled : bool
        Whether shelves are full on the first day, as in a network that has been running for some time.

    Raises
    ------
    MisuseError
        When there is no plan.
    """
    if plan.planned is None:
        raise MisuseError(f"there is no plan to try: {'; '.join(plan.reasons)}")
    rules.write_text(format_plan_rules(plan), encoding="utf-8")
    shelves = shelves_of(plan.stock).select(list(SHELF))
    if filled:
        shelves = shelves.with_columns(on_hand=pl.col("reorder") + pl.col("lot"))
    hours = max(1, round(24 * plan.options.terms.review_days))
    return TrialPlan(
        open_planned(plan), shelves, RuleFile(rules), None, plan.params.left_out, hours, plan.options.terms
    )

"""A plan tried as it would be run: by the rules of its segments, or cell by cell where it has none."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.plan_segments import PlanSegments
from entrepost.planning.planner.result import Plan
from entrepost.planning.trial import Progress, TrialParams, TrialPlan, try_plan
from entrepost.planning.trials.frames import Trial
from entrepost.planning.trials.planned import keep_rules, planned_trial
from entrepost.service.policy import RuleFile


def try_found(
    network: Network,
    orders: pl.DataFrame,
    found: tuple[Plan, PlanSegments | None],
    params: TrialParams,
    progress: Progress | None = None,
) -> Trial:
    """Try a plan on the orders since its `as_of`, or on all of them, with shelves full at the beginning.

    The list of articles is renewed every week after `as_of`.

    Parameters
    ----------
    network : Network
        As it is today.
    found : tuple
        The plan, and its rules if it has any; see `planning.trial.try_plan` for the others.

    Raises
    ------
    MisuseError
        When there is no plan, or no order since.
    """
    plan, rules = found
    since = plan.params.as_of
    later = orders.filter(pl.col("placed_at") >= since) if since else orders
    if later.is_empty():
        raise MisuseError(f"there is no order since {since:%Y-%m-%d} to try the plan on; plan as of an earlier day")
    with tempfile.TemporaryDirectory() as folder:
        return try_plan(network, later, _ready((plan, rules), Path(folder), orders), params, progress)


def _ready(found: tuple[Plan, PlanSegments | None], folder: Path, orders: pl.DataFrame) -> TrialPlan:
    plan, rules = found
    path = folder / "rules.toml"
    if rules is None:
        return planned_trial(plan, keep_rules(plan, path), filled=True, orders=orders)
    written = rules.rules()
    path.write_text(written.text, encoding="utf-8")
    for name, frame in written.files.items():
        frame.write_csv(folder / name)
    return planned_trial(rules.ruled, RuleFile(path), filled=True, orders=orders)

"""A plan tried from the command line: its rules as they are exported, on the orders since, or on all that are known."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from entrepost.cli.terminal import Terminal

if TYPE_CHECKING:
    import polars as pl

    from entrepost.network.network import Network
    from entrepost.planning.plan_segments import PlanSegments
    from entrepost.planning.planner.result import Plan
    from entrepost.planning.trial import TrialPlan
    from entrepost.planning.trials.frames import Trial


def try_it(
    terminal: Terminal, network: Network, orders: pl.DataFrame, tried: Plan | PlanSegments, runs: tuple[int, str]
) -> Trial:
    """Today and the plan side by side, shelves full on the first day as in a network that has been running.

    Parameters
    ----------
    tried : Plan or PlanSegments
        Cell by cell, or as the rules serve it.
    runs : (int, str)
        How many replications, and the address of a Ray cluster ('' runs them here).
    """
    from entrepost.planning.trial import TrialParams, try_plan

    count, ray = runs
    with tempfile.TemporaryDirectory() as folder, terminal.progress("replications", count) as progress:
        plan = _ready(tried, Path(folder))
        params = TrialParams(replications=count, ray=ray, dated=False)
        return try_plan(network, orders, plan, params, lambda done, _: progress(done) if progress else None)


def _ready(tried: Plan | PlanSegments, folder: Path) -> TrialPlan:
    """What `try_plan` takes; of rules the very files that are exported."""
    from entrepost.planning.planner.result import Plan
    from entrepost.planning.trials.planned import planned_trial
    from entrepost.service.policy import RuleFile

    if isinstance(tried, Plan):
        return planned_trial(tried, folder / "cells.toml", filled=True)
    ready = planned_trial(tried.ruled, folder / "cells.toml", filled=True)
    written = tried.rules()
    (folder / "rules.toml").write_text(written.text, encoding="utf-8")
    for name, frame in written.files.items():
        frame.write_csv(folder / name)
    return replace(ready, policy=RuleFile(folder / "rules.toml"))


def trial_lines(trial: Trial) -> list[str]:
    """What came of it, in a few lines."""
    agree = "as planned" if trial.accepted else "not as planned"
    wait, cost = (trial.get(name) for name in ("wait_days", "cost_item_minor"))
    return [
        f"tried       {_change(wait, 1)} days in {len(trial.seeds)} worlds, {agree} ({trial.planned_days:.2f})",
        f"            {_change(cost, 100)} an item",
        *(f"            {reason}" for reason in trial.reasons),
    ]


def _change(row: dict[str, float], scale: float) -> str:
    """From today to the plan, with the difference and its half-width."""
    today, then, more, sure = (row[name] / scale for name in ("today", "plan", "difference", "half_width"))
    return f"{today:.2f} -> {then:.2f} ({more:+.2f} ± {sure:.2f})"


def trial_facts(trial: Trial) -> dict[str, object]:
    """What a program reads."""
    return {
        "accepted": trial.accepted,
        "planned_days": trial.planned_days,
        "simulated_days": trial.simulated.mean,
        "half_width_days": trial.simulated.half_width,
        "reasons": list(trial.reasons),
        "differences": trial.differences.to_dicts(),
    }

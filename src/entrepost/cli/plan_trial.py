"""A plan that was found, tried on the orders that came later, and told in lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import Terminal

if TYPE_CHECKING:
    import polars as pl

    from entrepost.network.network import Network
    from entrepost.planning.plan_segments import PlanSegments
    from entrepost.planning.planner.result import Plan
    from entrepost.planning.trials.frames import Trial


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a plan is tried, and who works on it."""

    trial: Annotated[
        int,
        typer.Option(
            "--trial", help="Try the plan in so many worlds (from 2) on the orders since --as-of.", metavar="N", min=0
        ),
    ] = 0
    trial_most: Annotated[
        int,
        typer.Option(
            "--trial-most", help="Go on until the interval is 0.1 days, up to so many worlds.", metavar="N", min=0
        ),
    ] = 0
    workers: Annotated[
        int, typer.Option("--workers", help="So many processes share curve, worlds and trial.", min=1)
    ] = 1
    ray: Annotated[
        str, typer.Option("--ray", help="The address of a Ray cluster that shares them instead.", metavar="ADDRESS")
    ] = ""


def try_out(
    terminal: Terminal,
    network: Network,
    orders: pl.DataFrame,
    found: tuple[Plan, PlanSegments | None],
    asked: Tried,
) -> Trial | None:
    """The trial that was asked for; nothing where none was, or where there is no plan."""
    from entrepost.planning.plan_trial import try_found
    from entrepost.planning.trial import TrialParams

    if found[0].planned is None or not asked.trial:
        return None
    params = TrialParams(
        replications=asked.trial,
        replications_most=asked.trial_most or None,
        dated=False,
        workers=asked.workers,
        ray=asked.ray,
    )
    with terminal.stage("trial"), terminal.progress("replications", params.most) as progress:
        return try_found(network, orders, found, params, lambda done, _: progress(done) if progress else None)


def trial_lines(trial: Trial, exponent: int, currency: str) -> list[str]:
    """What came of it, for people."""
    wait, cost, stock = (trial.get(name) for name in ("wait_days", "cost_item_minor", "from_stock"))
    unit = 10**exponent
    verdict = "agree" if trial.accepted else "do not agree"
    return [
        f"tried       {trial.days['orders'].sum():,} orders in {len(trial.seeds)} worlds: "
        f"{wait['today']:.2f} -> {wait['plan']:.2f} days ({wait['difference']:+.2f} ± {wait['half_width']:.2f}), "
        f"{cost['today'] / unit:.2f} -> {cost['plan'] / unit:.2f} {currency}, {stock['plan']:.1%} from stock",
        f"            planned {trial.planned_days:.2f} days, simulated {trial.simulated}: they {verdict}",
        *(f"            {reason}" for reason in trial.reasons),
    ]

"""What a plan is worth in other worlds, as the command tells it: one by one, and the robust choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.cli.terminal import Terminal

if TYPE_CHECKING:
    import polars as pl

    from entrepost.planning.planner.result import Plan
    from entrepost.planning.replicate import Crew


@dataclass(frozen=True, slots=True)
class Worlds:
    """Whether other worlds are looked at."""

    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Plan anew with other demand, fuel and duties, and ways closed.")
    ] = False
    robust: Annotated[
        bool, typer.Option("--robust", help="Try the best warehouses of each such world in all of them.")
    ] = False


def tell_worlds(terminal: Terminal, found: Plan, asked: Worlds, crew: Crew) -> tuple[dict[str, Any], list[str]]:
    """The facts and the lines of what was asked for; nothing where nothing was, or where there is no plan."""
    from entrepost.planning.planner.shock import SHOCKS, choose_robust, list_sensitivities, plan_worlds

    if found.planned is None or not (asked.sensitivity or asked.robust):
        return {}, []
    with terminal.stage("worlds"), terminal.progress("worlds", len(SHOCKS)) as progress:
        worlds = plan_worlds(found, SHOCKS, progress, crew)
    facts: dict[str, Any] = {}
    lines: list[str] = []
    if asked.sensitivity:
        facts["sensitivity"] = list_sensitivities(found, worlds)
        lines += _world_lines(facts["sensitivity"], found)
    if asked.robust:
        facts["robust"] = choose_robust(found, worlds)
        lines += _robust_lines(facts["robust"], found)
    return facts, lines


def _world_lines(rows: pl.DataFrame, found: Plan) -> list[str]:
    lines = ["world         " + f"{'made anew':34} {'the plan as it is':24} regret a year"]
    for row in rows.iter_rows(named=True):
        anew = _told(row["wait_days"], row["cost_item_minor"], found.currency)
        kept = _told(row["kept_wait_days"], row["kept_cost_item_minor"], found.currency)
        count = "" if row["warehouses"] is None else f"{row['warehouses']:3} open"
        lines.append(f"{row['shock']:13} {anew:24} {count:9} {kept:24} {_share(row['regret_year_minor'], found)}")
    return lines


def _robust_lines(rows: pl.DataFrame, found: Plan) -> list[str]:
    lines = []
    for row in rows.iter_rows(named=True):
        worst, mean = (_share(row[f"{name}_regret_year_minor"], found) for name in ("worst", "mean"))
        opened = row["opened"].replace("+", ", ") or "none"
        lines.append(f"robust        regret at worst {worst}, on average {mean}: {opened}")
    return lines


def _told(wait_days: float | None, cost_item_minor: float | None, currency: str) -> str:
    if wait_days is None or cost_item_minor is None:
        return "cannot keep the limit"
    return f"{wait_days:.2f} days, {cost_item_minor / 100:.2f} {currency}"


def _share(regret_minor: float | None, found: Plan) -> str:
    """Regret as a share of what the plan costs in money and worth of waits."""
    if regret_minor is None or regret_minor == float("inf"):
        return "no plan"
    return f"{regret_minor / found.value:.2%}"

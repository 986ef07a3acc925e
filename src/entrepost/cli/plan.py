"""entrepost plan: which warehouses to open, what to stock there, and how to serve each part of the market."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.plan_trial import Tried, trial_lines, try_out
from entrepost.cli.plan_worlds import Worlds, tell_worlds
from entrepost.cli.terminal import DATE, SAMPLE, Terminal, get_network, here, opened, to_instant
from entrepost.operations.plan_folder import write_pages, write_plan

RULES_SECONDS = 30.0
"""How long the search for rules may take."""

if TYPE_CHECKING:
    import polars as pl

    from entrepost.network.candidates import Candidates
    from entrepost.network.network import Network
    from entrepost.planning.plan_segments import PlanSegments
    from entrepost.planning.planner.params import PlanParams
    from entrepost.planning.planner.result import Plan
    from entrepost.planning.planner.search import PlanProgress
    from entrepost.planning.replicate import Crew


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is asked for: at most one limit, for whom, how exact, and from which warehouses."""

    days_max: Annotated[float | None, typer.Option("--days-max", help="The mean wait allowed, in days.")] = None
    share_within: Annotated[
        str | None, typer.Option("--share-within", help="At least this share in so many days.", metavar="SHARE:DAYS")
    ] = None
    budget: Annotated[
        float | None, typer.Option("--budget", help="What a year may cost, in the network's currency.")
    ] = None
    side: Annotated[
        str, typer.Option("--for", help="post counts what operations cost, seller their charge.", metavar="SIDE")
    ] = "post"
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Orders placed from this day on are not looked at.", metavar="DATE")
    ] = None
    gap: Annotated[float, typer.Option("--gap", help="The relative gap that is good enough.")] = 0.01
    seconds: Annotated[float, typer.Option("--seconds", help="How long the search may take.")] = 60.0
    candidates: Annotated[
        Path | None, typer.Option("--candidates", help="A folder of further warehouses.", metavar="FOLDER")
    ] = None


@dataclass(frozen=True, slots=True)
class Told:
    """How a plan is told: as a curve, in rules, and where it is written."""

    pareto: Annotated[int, typer.Option("--pareto", help="Draw the curve of cost against wait, so many points.")] = 0
    segments: Annotated[
        int,
        typer.Option("--segments", help="Put the plan into at most so many rules; 0: cell by cell.", min=0, max=30),
    ] = 6
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the plan, its network and its rules there.", metavar="DIR")
    ] = None
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the plan's page there, as HTML.", metavar="FILE")
    ] = None
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write the same page as PDF.", metavar="FILE")] = None


def run(
    network: Annotated[
        str, typer.Argument(help="A network folder, or 'sample' for the one that comes along.", metavar="NETWORK")
    ],
    orders: Annotated[
        str, typer.Argument(help="What was ordered: a store, or a file (CSV, Parquet, JSON lines).", metavar="ORDERS")
    ],
    asked: Asked,
    told: Told,
    worlds: Worlds,
    tried: Tried,
) -> None:
    """Plan which warehouses to open, what to stock, and the service of every cell, with a proven gap.

    The plan is then put into a few readable rules; with --as-of they are measured on the orders since that day, and
    with --trial the plan is tried on them, in worlds that it does not know. Ctrl-C ends the search and keeps the best
    plan by then. Where no plan keeps the limit, the answer says why and the exit code is 1.
    """
    from entrepost.planning.plan_report import make_plan_report
    from entrepost.planning.replicate import Crew
    from entrepost.reference.currency import get_exponent

    terminal, crew = here(), Crew(tried.workers, tried.ray)
    places = get_network(network)
    params, candidates = _params(asked, places), _candidates(network, asked.candidates)
    known = _orders(orders, places)
    found, front = _solve(terminal, places, known, (params, candidates), (told.pareto, crew))
    rules = _segment(terminal, found, places, known, told.segments)
    shocks, said = tell_worlds(terminal, found, worlds, crew)
    trial = try_out(terminal, places, known, (found, rules), tried)
    facts = found.facts() | ({"pareto": front} if front is not None else {}) | shocks
    facts |= {"segments": rules.facts()} if rules else {}
    facts |= {"trial": trial.facts()} if trial else {}
    lines = [*found.lines(), *_front_lines(found, front), *(rules.lines() if rules else []), *said]
    lines += trial_lines(trial, get_exponent(found.currency), found.currency) if trial else []
    written = {"out": told.out} if told.out else {}
    if told.out is not None:
        write_plan(found, front, rules, facts, told.out)
    if found.planned is not None and (told.report or told.pdf):
        with terminal.stage("report"):
            written |= write_pages(
                make_plan_report(places, found, rules, front, trial, shocks.get("sensitivity")), told.report, told.pdf
            )
    facts |= {name: str(path) for name, path in written.items()}
    terminal.answer(facts, [*lines, *(f"written     {path}" for path in written.values())])
    if found.status == "infeasible":
        raise typer.Exit(1)


def _params(asked: Asked, network: Network) -> PlanParams:
    from entrepost.planning.planner.params import PlanParams
    from entrepost.reference.currency import get_exponent

    given: dict[str, Any] = {"days_max": asked.days_max, "side": asked.side}
    given |= {"gap_max": asked.gap, "seconds_max": asked.seconds}
    if asked.share_within is not None:
        share, _, days = asked.share_within.partition(":")
        try:
            given |= {"share_min": float(share.rstrip("%")) / (100 if "%" in share else 1), "within_days": int(days)}
        except ValueError:
            wrong = f"--share-within {asked.share_within!r} is not a share and days"
            raise MisuseError(f"{wrong}; write it like 80%:5") from None
    if asked.budget is not None:
        given["budget_minor"] = asked.budget * 10 ** get_exponent(network.currency)
    if asked.as_of:
        given["as_of"] = to_instant(asked.as_of, "--as-of", DATE)
    return PlanParams(**given)


def _candidates(network: str, folder: Path | None) -> Candidates:
    """Those of the folder; for the sample network the ones that come along."""
    from entrepost.network.candidates import NONE, load_candidates, sample_candidates

    if folder is not None:
        return load_candidates(folder)
    return sample_candidates() if network == SAMPLE else NONE


def _orders(place: str, network: Network) -> pl.DataFrame:
    """The orders of a store; or of a file, read by way of a store that is thrown away, so that its rows are checked."""
    from entrepost.operations.intake import intake_orders
    from entrepost.wiring import is_store

    if is_store(place):
        with opened(place) as store:
            return store.list_orders()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "plan.db", create=True) as kept:
        outcome = intake_orders(kept, Path(place), None, network.facility_by_code)
        if outcome.rejected:
            here().say(f"{outcome.rejected:,} rows rejected; entrepost intake {place} tells why")
        return kept.list_orders()


def _solve(
    terminal: Terminal,
    network: Network,
    orders: pl.DataFrame,
    wanted: tuple[PlanParams, Candidates],
    curve: tuple[int, Crew],
) -> tuple[Plan, pl.DataFrame | None]:
    from entrepost.planning.plan import plan
    from entrepost.planning.planner.pareto import draw_front

    def tell(now: PlanProgress) -> None:
        if now.gap < 10:
            terminal.say(f"{now.seconds:7.1f} s  gap {now.gap:.2%}, {now.warehouses} warehouses")

    params, candidates = wanted
    points, crew = curve
    with terminal.stage("plan"):
        found = plan(network, orders, params, candidates, tell)
    if not points:
        return found, None
    with terminal.stage("curve"), terminal.progress("plans", points) as progress:
        return found, draw_front(found.options, found.network, params, points, progress, crew)


def _front_lines(found: Plan, front: pl.DataFrame | None) -> list[str]:
    if front is None:
        return []
    shown = front.select("wait_days", "cost_item_minor", "share_within", "warehouses", "gap").iter_rows()
    return [
        f"curve       {wait:5.2f} days {cost / 100:8.2f} {found.currency} an item, {share:.1%} within "
        f"{found.params.within_days} days, {count} warehouses, gap {gap:.2%}"
        for wait, cost, share, count, gap in shown
    ]


def _segment(
    terminal: Terminal, found: Plan, network: Network, orders: pl.DataFrame, leaves: int
) -> PlanSegments | None:
    """The plan in rules, measured on the orders from `as_of` on where there are any."""
    import polars as pl

    from entrepost.planning.plan_segments import measure_later, rules_wanted, segment_plan

    if found.planned is None or not leaves:
        return None
    with terminal.stage("rules"):
        rules = segment_plan(found, rules_wanted(leaves, seconds_max=RULES_SECONDS))
    later = orders.filter(pl.col("placed_at") >= found.params.as_of) if found.params.as_of else orders.clear()
    if later.is_empty():
        return rules
    with terminal.stage("rules on later orders"):
        return measure_later(rules, network, later)

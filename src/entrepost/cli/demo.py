"""entrepost demo: the main job from end to end on generated orders."""

from __future__ import annotations

import json as json_text
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import entrepost
from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import SAMPLE, NetworkOption, get_network, here, opened
from entrepost.operations.plan_folder import write_pages

if TYPE_CHECKING:
    from entrepost.network.network import Network
    from entrepost.operations.demo import Demo
    from entrepost.operations.demo_plan import Planned

MARK, ORDERS, STORE, REPORT = "demo.json", "orders.csv", "demo.db", "report.html"
PLAN = "plan.html"


def run(
    orders: Annotated[int, typer.Option("--orders", min=100, help="How many orders are generated.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same orders and the same luck.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="Where everything is written.", metavar="DIR")] = Path("out"),
    network: NetworkOption = "sample",
    serve: Annotated[
        bool, typer.Option("--serve", help="Then open the control tower on it; a sign-in is made and shown once.")
    ] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where it listens, on this machine.")] = 8000,
) -> None:
    """Run the main job: orders in, promised, carried, measured, once more with a warehouse, and planned anew.

    The plan is made on the first weeks and tried on the others, in worlds that it does not know.

    Run again with the same options it goes on where it was; with others it begins anew.
    """
    terminal = here()
    with terminal.stage("network read"):
        places = get_network(network)
    settings = {"orders": orders, "seed": seed, "network": places.content_hash, "version": entrepost.__version__}
    terminal.say(prepare(out, settings))
    if not (serve and (out / REPORT).exists()):
        _run(out, network, places, orders, seed)
    if serve:
        from entrepost.cli.demo_tower import open_tower

        open_tower(out / STORE, network, port)


def _run(out: Path, network: str, places: Network, orders: int, seed: int) -> None:
    from entrepost.network.candidates import NONE, sample_candidates
    from entrepost.operations.demo import run_demo
    from entrepost.operations.demo_plan import plan_and_try
    from entrepost.planning.plan_report import make_plan_report
    from entrepost.planning.reporting.page import render_report

    terminal = here()
    if not (out / ORDERS).exists():
        from entrepost.tables.sample_orders import sample_orders

        with terminal.stage(f"{orders:,} orders generated"):
            unfinished = out / f"{ORDERS}.part"
            sample_orders(places, orders, seed).write_csv(unfinished)
            unfinished.rename(out / ORDERS)
    with opened(out / STORE, create=True) as kept:
        done = run_demo(kept, places, out / ORDERS, seed, terminal.stage)
        known = kept.list_orders()
    further = sample_candidates() if network == SAMPLE else NONE
    planned = plan_and_try(places, known, further, seed, terminal.stage)
    with terminal.stage("report written"):
        (out / REPORT).write_text(render_report(done.report), encoding="utf-8")
        if planned.plan.planned:
            page = make_plan_report(places, planned.plan, planned.rules, trial=planned.trial)
            write_pages(page, out / PLAN, None)
    terminal.answer(_facts(done, planned, out), [*_lines(done, out), *_plan_lines(planned, out)])


def prepare(out: Path, settings: dict[str, Any]) -> str:
    """Make the folder ready: what another demonstration left is taken away, our own is gone on with."""
    out.mkdir(parents=True, exist_ok=True)
    mark = out / MARK
    if mark.exists() and json_text.loads(mark.read_text(encoding="utf-8")) == settings:
        return f"{out} holds this demonstration already: going on where it was"
    store_files = list(out.glob(f"{STORE}*"))
    if store_files and not mark.exists():
        raise MisuseError(f"{store_files[0]} was not written by a demonstration; give another --out")
    for path in (*store_files, out / ORDERS, out / REPORT, out / PLAN):
        path.unlink(missing_ok=True)
    mark.write_text(json_text.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return f"{out} held a demonstration with other settings: begun anew" if store_files else f"writing to {out}"


def _facts(done: Demo, planned: Planned, out: Path) -> dict[str, Any]:
    report, trial = done.report, planned.trial
    return {
        "intake": asdict(done.intake),
        "promised": asdict(done.promised),
        "events": done.events,
        "currency": report.currency,
        "before": asdict(report.before.figures),
        "after": asdict(report.after.figures) if report.after else None,
        "warehouse": asdict(report.change) if report.change else None,
        "assumed_share": report.assumed_share,
        "report": str(out / REPORT),
        "plan": planned.plan.facts(),
        "tried": trial.differences.to_dicts() if trial else None,
        "agree": trial.accepted if trial else None,
        "plan_report": str(out / PLAN) if planned.plan.planned else None,
    }


def _lines(done: Demo, out: Path) -> list[str]:
    report = done.report
    if report.after is None or report.change is None or report.difference is None:
        raise MisuseError("the demonstration compares with a warehouse, and there is none")
    now, then, change = report.before.figures, report.after.figures, report.change
    cost, cost_then = (each.cost_item_minor / 10**report.exponent for each in (now, then))
    slowest = report.before.steps.sort("days", descending=True).head(3)
    days = "; ".join(f"{label} {days:.1f} d" for label, days in slowest.select("label", "days").iter_rows())
    return [
        f"orders      {now.orders + now.unserved:,} brought in, {now.orders:,} promised, {now.unserved:,} not served",
        f"days lost   {days}",
        f"promises    {now.kept:.1%} kept of {now.stated:.1%} stated",
        f"undelivered {now.undelivered:.2%} after 60 days",
        f"warehouse   {change.city}: {change.articles:,} articles, {change.pieces:,} pieces, "
        f"{report.difference.from_stock:.1%} of all orders served from there",
        f"with it     {now.wait_days:.2f} -> {then.wait_days:.2f} days, "
        f"{cost:.2f} -> {cost_then:.2f} {report.currency} per item",
        f"assumed     {report.assumed_share:.0%} of the expected wait rests on assumptions",
        f"report      {out / REPORT}",
    ]


def _plan_lines(planned: Planned, out: Path) -> list[str]:
    """The plan and what it did when it was tried; the last two lines are wait and cost without it and with it."""
    plan, trial = planned.plan, planned.trial
    if plan.planned is None or trial is None:
        return [line.replace("no plan ", "plan    ", 1) for line in plan.lines()]
    from entrepost.reference.currency import get_exponent

    opened = ", ".join(plan.warehouses.get_column("city")) or "no warehouse"
    wait, cost, stock = (trial.get(name) for name in ("wait_days", "cost_item_minor", "from_stock"))
    unit = 10 ** get_exponent(plan.currency)
    return [
        f"plan        opens {opened}; gap {plan.gap:.2%}; {plan.stockable_share:.1%} of all items could be stocked",
        f"report      {out / PLAN}",
        f"tried       on {trial.days['orders'].sum():,} later orders in {len(trial.seeds)} worlds: planned "
        f"{trial.planned_days:.2f} days, simulated {trial.simulated}, {stock['plan']:.1%} from stock",
        f"wait        {wait['today']:.2f} -> {wait['plan']:.2f} days",
        f"cost        {cost['today'] / unit:.2f} -> {cost['plan'] / unit:.2f} {plan.currency} per item",
    ]

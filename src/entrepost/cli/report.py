"""entrepost report: one page about what customers waited for, what was promised, and what happened."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    get_network,
    here,
    opened,
)


def run(
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    out: Annotated[Path, typer.Option("--out", help="Where to write the page.", metavar="FILE")] = Path("report.html"),
    note: Annotated[
        list[str] | None, typer.Option("--note", help="A sentence about these orders for the top of the page.")
    ] = None,
) -> None:
    """Measure the orders of the store and write a page that needs nothing else, not even a network."""
    from entrepost.operations.carry import measure_store, summarise_intakes
    from entrepost.planning.report import Context, make_report
    from entrepost.planning.reporting.page import render_report

    terminal = here()
    places = get_network(network)
    with opened(store) as kept:
        measured = measure_store(kept, places)
        context = Context(about=tuple(note or ()), intake=summarise_intakes(kept))
    report = make_report(places, measured, context=context)
    out.write_text(render_report(report), encoding="utf-8")
    figures = report.before.figures
    lines = [
        f"{figures.orders:,} orders waited {figures.wait_days:.2f} days on average; "
        f"{figures.kept:.1%} of {figures.stated:.1%} promised were kept",
        f"report: {out}",
    ]
    terminal.answer({"report": str(out), "assumed_share": report.assumed_share, **asdict(figures)}, lines)

"""entrepost events: record the events of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.intake import show_outcome, show_rejected
from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    TenantOption,
    get_network,
    here,
    opened,
    zones_of,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file of events is read."""

    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None
    containment: Annotated[
        Path | None,
        typer.Option("--containment", help="Bring in first what is inside what, from this file.", metavar="FILE"),
    ] = None
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Of nested JSON: suggest a mapping, and record nothing.")
    ] = False


def run(
    file: Annotated[Path, typer.Argument(help="Events as CSV, Parquet, JSON lines or JSON, plain or gzipped.")],
    reading: Reading,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    tenant: TenantOption = "main",
) -> None:
    """Record tracking events, in any order and repeatedly; an unknown code is put aside, never guessed."""
    from entrepost.operations.containment import intake_containment
    from entrepost.operations.events import record_event_file
    from entrepost.operations.mapping import load_mapping

    if reading.suggest:
        from entrepost.operations.feed_draft import draft_feed

        typer.echo(draft_feed(file), nl=False)
        return
    terminal = here()
    how = load_mapping(reading.mapping, "events") if reading.mapping else None
    zones = zones_of(get_network(network))
    with opened(store) as kept, terminal.progress("rows") as progress:
        inside = intake_containment(kept, reading.containment, tenant=tenant) if reading.containment else None
        outcome = record_event_file(kept, file, how, zones, tenant, progress)
        for each in (inside, outcome):
            if each:
                show_rejected(terminal, kept, each)
    show_outcome(terminal, outcome, "events recorded", inside)

"""entrepost events: record the events of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.intake import show_outcome
from entrepost.cli.terminal import (
    STORE,
    JsonOption,
    NetworkOption,
    QuietOption,
    StoreOption,
    TenantOption,
    Terminal,
    get_network,
    opened,
    zones_of,
)


def run(
    file: Annotated[Path, typer.Argument(help="Events as CSV, Parquet or JSON lines, plain or gzipped.")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a carrier's columns become ours.", metavar="FILE.toml")
    ] = None,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    tenant: TenantOption = "main",
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Record tracking events, in any order and repeatedly; an unknown code is put aside, never guessed."""
    from entrepost.operations.events import record_event_file
    from entrepost.operations.mapping import load_mapping

    terminal = Terminal(json, quiet)
    how = load_mapping(mapping, "events") if mapping else None
    zones = zones_of(get_network(network))
    with opened(store) as kept, terminal.progress("rows") as progress:
        outcome = record_event_file(kept, file, how, zones, tenant, progress)
    show_outcome(terminal, outcome, "events recorded")

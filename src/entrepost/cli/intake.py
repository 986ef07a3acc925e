"""entrepost intake: bring in the orders of a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.cli.terminal import (
    STORE,
    NetworkOption,
    StoreOption,
    TenantOption,
    Terminal,
    get_network,
    here,
    opened,
    write_frame,
)

if TYPE_CHECKING:
    from entrepost.operations.progress import Outcome
    from entrepost.operations.store import Store

SHOWN = 3
"""So many of the rejected rows are told at once."""

RejectedOption = Annotated[
    Path | None, typer.Option("--rejected", help="Write rejected rows with their reasons here.", metavar="FILE")
]


def run(
    file: Annotated[Path, typer.Argument(help="Orders as CSV, Parquet or JSON lines, plain or gzipped.")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How a shop's columns become ours.", metavar="FILE.toml")
    ] = None,
    store: StoreOption = STORE,
    network: NetworkOption = "sample",
    tenant: TenantOption = "main",
    rejected: RejectedOption = None,
) -> None:
    """Bring orders in. A bad row is put aside with its reason; the same file brought in again changes nothing."""
    from entrepost.operations.intake import intake_orders
    from entrepost.operations.mapping import load_mapping

    terminal = here()
    how = load_mapping(mapping, "orders") if mapping else None
    origins = get_network(network).facility_by_code
    with opened(store, create=True) as kept, terminal.progress("rows") as progress:
        outcome = intake_orders(kept, file, how, origins, tenant, progress)
        show_rejected(terminal, kept, outcome, rejected)
    show_outcome(terminal, outcome, "order lines taken in")


def show_rejected(terminal: Terminal, kept: Store, outcome: Outcome, file: Path | None = None) -> None:
    """Write the rejected rows with their reasons to a file; where none is named, say what is wrong with the first."""
    from entrepost.operations.rejected import list_rejected

    if not outcome.rejected and not file:
        return
    rows = list_rejected(kept, outcome.intake)
    if file:
        write_frame(rows, file)
        return
    for row in rows.head(SHOWN).iter_rows(named=True):
        where = f"row {row['#row']}" + (f", {row['#field']}" if row["#field"] else "")
        terminal.say(f"{where}: {row['#message']}" + (f"; {row['#fix']}" if row["#fix"] else ""))
    if rows.height > SHOWN:
        terminal.say(f"and {rows.height - SHOWN:,} more")


def show_outcome(terminal: Terminal, outcome: Outcome, what: str, inside: Outcome | None = None) -> None:
    """Say what an intake did, after what that of containment did before it; leave with 3 where rows were rejected."""
    lines = [*(_lines(inside, "rows of what is inside what") if inside else []), *_lines(outcome, what)]
    terminal.answer(asdict(outcome) | {"containment": asdict(inside)} if inside else outcome, lines)
    if outcome.rejected or (inside and inside.rejected):
        raise typer.Exit(3)


def _lines(outcome: Outcome, what: str) -> list[str]:
    lines = [
        f"{outcome.file}: {outcome.read:,} rows",
        f"  {outcome.accepted:>10,} {what}" + (f", {outcome.orders:,} new orders" if outcome.orders else ""),
        f"  {outcome.duplicates:>10,} were there before",
        f"  {outcome.rejected:>10,} rejected",
        *(f"  {count:>10,} findings {code}" for code, count in outcome.findings.items()),
    ]
    if outcome.resumed_at:
        lines.append(f"  went on at row {outcome.resumed_at:,}, where it had been stopped")
    return lines

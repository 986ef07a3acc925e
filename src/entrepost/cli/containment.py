"""entrepost containment: bring in what is inside what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.intake import RejectedOption, show_outcome, show_rejected
from entrepost.cli.terminal import STORE, StoreOption, TenantOption, here, opened


def run(
    file: Annotated[Path, typer.Argument(help="What is inside what, as CSV, Parquet or JSON lines.")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="How the file's columns become ours.", metavar="FILE.toml")
    ] = None,
    store: StoreOption = STORE,
    tenant: TenantOption = "main",
    rejected: RejectedOption = None,
) -> None:
    """Bring in which bag, dispatch or consignment holds which mail, so that its events come down to the items."""
    from entrepost.operations.containment import intake_containment
    from entrepost.operations.mapping import load_mapping

    terminal = here()
    how = load_mapping(mapping, "containment") if mapping else None
    with opened(store) as kept, terminal.progress("rows") as progress:
        outcome = intake_containment(kept, file, how, tenant, progress)
        show_rejected(terminal, kept, outcome, rejected)
    show_outcome(terminal, outcome, "rows of what is inside what")

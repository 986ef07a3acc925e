"""entrepost backup: a copy of everything that a store keeps, in one file, while others write."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.terminal import STORE, StoreOption, here


def run(
    out: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.", metavar="FILE")],
    store: StoreOption = STORE,
) -> None:
    """Copy a store into one file, as it is at one instant, and check the copy. The master key is not in it."""
    from entrepost.wiring import back_up

    terminal = here()
    with terminal.stage("copied and checked"):
        done = back_up(store, out)
    rows = sum(done.rows.values())
    terminal.answer(
        asdict(done),
        [
            f"{out}: {rows:,} rows of {len(done.rows)} tables, version {done.version}",
            "the master key is not in it; without it nobody can read what is sealed",
        ],
    )

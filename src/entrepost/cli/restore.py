"""entrepost restore: a store as it was when it was copied."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from entrepost.cli.terminal import STORE, StoreOption, here


def run(
    copy: Annotated[Path, typer.Argument(help="What `entrepost backup` wrote.", metavar="FILE")],
    store: StoreOption = STORE,
) -> None:
    """Put a copy back where no store is yet: a new SQLite file, or an empty database. Nothing is written over."""
    from entrepost.wiring import restore

    terminal = here()
    with terminal.stage("checked and put in place"):
        done = restore(copy, store)
    rows = sum(done.rows.values())
    terminal.answer(asdict(done), [f"{store}: {rows:,} rows of {len(done.rows)} tables, from version {done.version}"])

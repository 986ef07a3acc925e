"""entrepost init: a folder to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.starter import MAPPING, README, excerpt
from entrepost.cli.terminal import get_network, here

ORDERS = 12
"""Orders in the template."""


def run(
    folder: Annotated[Path, typer.Argument(help="Where to begin; it is made, and nothing in it is overwritten.")],
    whole: Annotated[
        bool, typer.Option("--whole", help="Copy the whole sample network instead of two cities and two countries.")
    ] = False,
) -> None:
    """Write a network folder to change by hand, orders to bring in, and a mapping for a shop's own columns."""
    from entrepost.network.feed import write_network
    from entrepost.tables.sample_orders import sample_orders

    sample = get_network("sample")
    network = sample if whole else excerpt(sample)
    files = {folder / "mapping.toml": MAPPING, folder / "README.md": README}
    taken = [path for path in (*files, folder / "network", folder / "orders.csv") if path.exists()]
    if taken:
        raise MisuseError(f"{taken[0]} is there already, and nothing is overwritten; give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    write_network(network, folder / "network")
    sample_orders(network, ORDERS, seed=1).write_csv(folder / "orders.csv")
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    written = ["network/", "orders.csv", "mapping.toml", "README.md"]
    lines = [f"{folder}: wrote {', '.join(written)}", f"next: entrepost check {folder / 'network'}"]
    here().answer({"folder": str(folder), "written": written}, lines)

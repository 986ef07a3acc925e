"""Check a network: what the folder's reader found, and what its rows say about each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from entrepost.base.findings import Finding
from entrepost.network.feed import read_network
from entrepost.network.network import Network


def check_network(path: str | Path) -> list[Finding]:
    """Everything that is wrong with a network folder, in order of files and rows."""
    reading = read_network(path)
    found = list(reading.findings)
    return found + (check(reading.network, reading.rows) if reading.network else [])


def check(network: Network, rows: Mapping[str, Sequence[int]] | None = None) -> list[Finding]:
    """Everything that the rows of a network say wrongly about each other."""
    return []

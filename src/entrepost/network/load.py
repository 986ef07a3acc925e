"""Load a network folder that has no errors, or say which it has."""

from __future__ import annotations

from pathlib import Path

from entrepost.base.errors import NetworkError
from entrepost.base.findings import list_errors
from entrepost.network.check import check
from entrepost.network.feed import read_network
from entrepost.network.network import Network


def load_network(path: str | Path) -> Network:
    """Read a network folder.

    Raises
    ------
    NetworkError
        When anything in the folder is an error; the message shows the first ten findings.
    UnreadableInputError
        When the path is not a folder.
    """
    reading = read_network(path)
    errors = list_errors(reading.findings)
    if reading.network is not None and not errors:
        errors = list_errors(check(reading.network, reading.rows))
        if not errors:
            return reading.network
    shown = "\n".join(f"  {finding}" for finding in errors[:10])
    more = f"\n  and {len(errors) - 10} more: entrepost check {path}" if len(errors) > 10 else ""
    raise NetworkError(f"the network folder {path} has {len(errors)} errors:\n{shown}{more}", tuple(errors))

"""A shop: the network of two offices with a warehouse, its orders in a file, and a store that has come all the way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from tests.cli.shell import entrepost
from tests.worlds import four_orders, one_warehouse

ROWS = 5
"""Order lines in the file; they make four orders."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with network/ and orders.csv."""
    network = one_warehouse()
    closed = tuple(replace(row, open=False) for row in network.warehouses)
    write_network(replace(network, warehouses=closed, stock=()), tmp_path / "network")
    four_orders().write_csv(tmp_path / "orders.csv")
    return tmp_path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose orders were brought in, promised and carried; copy it before changing it."""
    folder = tmp_path_factory.mktemp("finished")
    write_network(one_warehouse(), folder / "network")
    four_orders().write_csv(folder / "orders.csv")
    for command in (("intake", "orders.csv"), ("quote",), ("simulate", "--world", "as_assumed")):
        answer = entrepost(*command, "--network", "network", folder=folder)
        assert answer.code == 0, answer.err
    return folder


@pytest.fixture
def carried(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished shop."""
    return Path(shutil.copytree(finished, tmp_path / "carried"))

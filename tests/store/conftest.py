"""The stores on which every behaviour must hold: a SQLite file, and a database of a real PostgreSQL server."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from entrepost.operations.store import Store
from entrepost.wiring import open_store
from tests.operations.shop import FixedClock
from tests.servers import Postgres

COUNT = itertools.count()


@pytest.fixture
def database(postgres: Postgres) -> str:
    """The URL of a new and empty database."""
    return postgres.create_database(f"shop{next(COUNT)}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store is: once in a file, once on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    return str(request.getfixturevalue("database"))


@pytest.fixture
def opened(place: str) -> Iterator[Callable[[], Store]]:
    """Call it to open the store at that place, as often as a test needs; all are closed at its end."""
    stores: list[Store] = []

    def open_again() -> Store:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an old SQLite, and the file open twice
            stores.append(open_store(place, FixedClock()))
        return stores[-1]

    yield open_again
    for each in stores:
        each.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    """A store with nothing in it."""
    return opened()

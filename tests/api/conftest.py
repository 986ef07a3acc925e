"""One server for all tests that only ask; who changes much makes a world of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.world import World, world_at


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on a SQLite file."""
    folder = tmp_path_factory.mktemp("world")
    with world_at(str(folder / "shop.db"), folder) as made:
        yield made

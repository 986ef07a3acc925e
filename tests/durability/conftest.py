"""What the campaigns share: a line that tells how far they are."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import Postgres

ProgressLine = Callable[[str, int, int], None]
EVERY_SECONDS = 10
COUNT = itertools.count()


@pytest.fixture
def progress_line(request: pytest.FixtureRequest) -> ProgressLine:
    """Call with what is counted, how many there were and how many there will be; at a terminal one line is kept."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    said = [time.monotonic()]

    def tell(what: str, done: int, total: int) -> None:
        now = time.monotonic()
        with capture.global_and_fixture_disabled():
            keeps = sys.stderr.isatty()
            if not keeps and now - said[0] < EVERY_SECONDS and done < total:
                return
            said[0] = now
            line = f"{what}: {done:,} of {total:,}"
            sys.stderr.write(f"\r\033[K{line}" if keeps and done < total else f"\r{line}\n")
            sys.stderr.flush()

    return tell


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def store_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where each kind of store keeps a new database, as `open_store` takes it."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.create_database(f"durability{next(COUNT)}")

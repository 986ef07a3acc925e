"""What the campaigns share: a line that tells how far they are."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ProgressLine = Callable[[str, int, int], None]
EVERY_SECONDS = 10


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


@pytest.fixture(params=["sqlite"])
def store_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where each kind of store keeps a new database, as `open_store` takes it."""
    kind: str = request.param
    return str(tmp_path / f"{kind}.db")

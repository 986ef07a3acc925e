"""The store in a SQLite file."""

from __future__ import annotations

from pathlib import Path

from entrepost.base.clock import Clock
from entrepost.store.connect import connect
from entrepost.store.sql import SqlStore
from entrepost.store.sqlite_rows import SqliteRows


class SqliteStore(SqlStore):
    """A `Store` in one file; processes wait for each other."""

    def __init__(self, path: str | Path, clock: Clock | None = None) -> None:
        self.path = Path(path)
        super().__init__(SqliteRows(connect(self.path)), str(path), clock)

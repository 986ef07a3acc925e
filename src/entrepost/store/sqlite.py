"""The store in a SQLite file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from entrepost.base.clock import Clock
from entrepost.store.connect import connect
from entrepost.store.glance import SqliteGlance
from entrepost.store.look import SqliteLook
from entrepost.store.seal import MasterSource, keep_keys
from entrepost.store.sql import SqlStore
from entrepost.store.sqlite_rows import SqliteRows
from entrepost.store.statistics import guide_planner


class SqliteStore(SqlStore):
    """A `Store` in one file; processes wait for each other.

    Without master keys there is one beside it, in a file with `.key` behind its name, made when first needed. One that
    is opened for `reading` changes nothing, and stands beside the process that writes.
    """

    def __init__(
        self,
        path: str | Path,
        clock: Clock | None = None,
        masters: MasterSource | None = None,
        reading: bool = False,
    ) -> None:
        self.path = Path(path)
        self._is_reader = reading
        beside = partial(keep_keys, self.path.with_name(f"{self.path.name}.key"))
        super().__init__(SqliteRows(connect(self.path, reading)), str(path), clock, masters or beside)
        self.look = SqliteLook(self.path, self.look)
        self.glance = SqliteGlance(self.path, lambda: self._rows)

    def _bring_forward(self) -> None:
        super()._bring_forward()
        if not self._is_reader:
            with self._turn():
                guide_planner(self._rows.connection)

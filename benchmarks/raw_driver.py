"""The bare driver of a database: ready rows of events and statuses into tables with the same keys, and nothing else.

No item is looked up, no repeat found, nothing folded, and the rows are in the form that the driver takes before the
clock runs: it is what database, disk and driver allow, with the statements that ours uses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from benchmarks.comparison import load_peer

Row = tuple[Any, ...]
VALUES = 30_000
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "wal_autocheckpoint = 4000")
"""As the store sets them."""

TABLE = "bare_events"
COLUMNS = "item_no, minute, code, facility, time, offset_minutes, reason, recorded_at"
CREATE = f"""CREATE TABLE {TABLE} (item_no BIGINT NOT NULL, minute BIGINT NOT NULL, code TEXT NOT NULL,
    facility TEXT NOT NULL, time BIGINT NOT NULL, offset_minutes BIGINT NOT NULL, reason TEXT,
    recorded_at BIGINT NOT NULL, PRIMARY KEY (minute, item_no, code, facility))"""


STANDING = "bare_statuses"
NAMES = ("item_no", "reason", "since", "last_event_at", "wait_ended_at", "events", "anomalies", "archived_at", "state")
CREATE_STANDING = f"""CREATE TABLE {STANDING} (item_no INTEGER PRIMARY KEY, reason TEXT NOT NULL, since BIGINT,
    last_event_at BIGINT, wait_ended_at BIGINT, events BIGINT NOT NULL, anomalies BIGINT NOT NULL, archived_at BIGINT,
    state BIGINT NOT NULL)"""


class Driver(Protocol):
    """A table of events and one of statuses behind a bare driver."""

    def make_ready(self, rows: Sequence[Row], standing: Sequence[Row]) -> Any:
        """The rows in the form in which the driver takes them."""

    def insert(self, ready: Any) -> None:
        """Insert events, put statuses, and commit them."""

    def count(self) -> int:
        """How many rows are there."""

    def close(self) -> None:
        """Give it back, and the table with it."""


def open_driver(url: str) -> Driver:
    """A driver beside the store at that URL."""
    scheme, _, path = url.partition(":///")
    return SqliteDriver(Path(path)) if scheme == "sqlite" else PostgresDriver(url)


class SqliteDriver:
    """sqlite3 with long statements, as durable as the store: write-ahead log, full synchronisation."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path.with_suffix(".bare"), isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(f"{CREATE} WITHOUT ROWID")
        self._connection.execute(CREATE_STANDING)

    def make_ready(self, rows: Sequence[Row], standing: Sequence[Row]) -> list[tuple[str, list[Any]]]:
        """Statements with their values."""
        events = _statements(f"INSERT INTO {TABLE} ({COLUMNS})", rows)
        return events + _statements(f"REPLACE INTO {STANDING}", standing)

    def insert(self, ready: list[tuple[str, list[Any]]]) -> None:
        """Insert events, put statuses, and commit them."""
        self._connection.execute("BEGIN IMMEDIATE")
        for sql, values in ready:
            self._connection.execute(sql, values)
        self._connection.execute("COMMIT")

    def count(self) -> int:
        """How many rows are there."""
        return int(self._connection.execute(f"SELECT count(*) FROM {TABLE}").fetchone()[0])

    def close(self) -> None:
        """Give it back; the file lies in the folder of the benchmark."""
        self._connection.close()


class PostgresDriver:
    """psycopg with `COPY`, its fastest way in; statuses that are there are staged and updated, new ones copied."""

    def __init__(self, url: str) -> None:
        self._connection = load_peer("psycopg").connect(url)
        self._connection.execute(f"DROP TABLE IF EXISTS {TABLE}, {STANDING}")
        self._connection.execute(CREATE)
        self._connection.execute(f"{CREATE_STANDING} WITH (fillfactor = 50)")
        self._connection.execute(f"CREATE TEMPORARY TABLE put ON COMMIT DELETE ROWS AS SELECT * FROM {STANDING}")
        self._connection.commit()
        self._begun: set[int] = set()

    def make_ready(self, rows: Sequence[Row], standing: Sequence[Row]) -> tuple[bytes, bytes, bytes]:
        """The text that COPY reads: events, new statuses, and those that are there."""
        new = [row for row in standing if row[0] not in self._begun]
        there = [row for row in standing if row[0] in self._begun]
        self._begun.update(row[0] for row in new)
        return _text(rows), _text(new), _text(there)

    def insert(self, ready: tuple[bytes, bytes, bytes]) -> None:
        """Insert events, put statuses, and commit them."""
        events, new, there = ready
        self._connection.execute("SET LOCAL enable_hashjoin = off")
        self._connection.execute("SET LOCAL enable_mergejoin = off")
        self._copy(f"{TABLE} ({COLUMNS})", events)
        self._copy(STANDING, new)
        self._copy("put", there)
        changes = ", ".join(f"{name} = s.{name}" for name in NAMES[1:])
        self._connection.execute(f"UPDATE {STANDING} t SET {changes} FROM put s WHERE t.item_no = s.item_no")
        self._connection.commit()

    def count(self) -> int:
        """How many rows are there."""
        return int(self._connection.execute(f"SELECT count(*) FROM {TABLE}").fetchone()[0])

    def close(self) -> None:
        """Give it back, and the table with it."""
        self._connection.rollback()
        self._connection.execute(f"DROP TABLE {TABLE}, {STANDING}")
        self._connection.commit()
        self._connection.close()

    def _copy(self, table: str, text: bytes) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(text)


def _statements(begin: str, rows: Sequence[Row]) -> list[tuple[str, list[Any]]]:
    wide = len(rows[0])
    most, marks = VALUES // wide, f"({', '.join('?' * wide)})"
    parts = [rows[first : first + most] for first in range(0, len(rows), most)]
    return [(f"{begin} VALUES {', '.join([marks] * len(part))}", list(chain(*part))) for part in parts]


def _text(rows: Sequence[Row]) -> bytes:
    return "".join("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n" for row in rows).encode()

"""The bare driver of a database: ready rows of events and statuses into tables with the same keys, and nothing else.

No item is looked up, no repeat found, nothing folded: it is what the disk and the driver allow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.comparison import load_peer

Row = tuple[Any, ...]
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

    def insert(self, rows: Sequence[Row], standing: Sequence[Row]) -> None:
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
    """sqlite3 with `executemany`, as durable as the store: write-ahead log, full synchronisation."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path.with_suffix(".bare"), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(f"{CREATE} WITHOUT ROWID")
        self._connection.execute(CREATE_STANDING)

    def insert(self, rows: Sequence[Row], standing: Sequence[Row]) -> None:
        """Insert events, put statuses, and commit them."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(f"INSERT INTO {TABLE} ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany(f"REPLACE INTO {STANDING} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", standing)
        self._connection.execute("COMMIT")

    def count(self) -> int:
        """How many rows are there."""
        return int(self._connection.execute(f"SELECT count(*) FROM {TABLE}").fetchone()[0])

    def close(self) -> None:
        """Give it back; the file lies in the folder of the benchmark."""
        self._connection.close()


class PostgresDriver:
    """psycopg with `COPY`, its fastest way in."""

    def __init__(self, url: str) -> None:
        self._connection = load_peer("psycopg").connect(url)
        self._connection.execute(f"DROP TABLE IF EXISTS {TABLE}, {STANDING}")
        self._connection.execute(CREATE)
        self._connection.execute(f"{CREATE_STANDING} WITH (fillfactor = 50)")
        self._connection.execute(f"CREATE TEMPORARY TABLE put ON COMMIT DELETE ROWS AS SELECT * FROM {STANDING}")
        self._connection.commit()

    def insert(self, rows: Sequence[Row], standing: Sequence[Row]) -> None:
        """Insert events, put statuses, and commit them."""
        self._copy(f"{TABLE} ({COLUMNS})", rows)
        self._copy("put", standing)
        changes = ", ".join(f"{name} = excluded.{name}" for name in NAMES[1:])
        self._connection.execute(
            f"INSERT INTO {STANDING} SELECT * FROM put ON CONFLICT (item_no) DO UPDATE SET {changes}"
        )
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

    def _copy(self, table: str, rows: Sequence[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

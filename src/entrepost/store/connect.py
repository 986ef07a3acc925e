"""SQLite connections that lose nothing: full synchronisation, write-ahead log, one writer at a time."""

from __future__ import annotations

import sqlite3
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from entrepost.base.errors import StoreError

BUSY_SECONDS = 60
"""How long a writer waits for another process to commit."""

RESET_BUG = ((3, 7, 0), (3, 51, 2))
"""SQLite versions, both included, that can lose commits when several connections checkpoint at once."""

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "cache_size = -65536",
    "wal_autocheckpoint = 4000",
)


def connect(path: Path) -> Connection:
    """Open a database file, which is created where it is missing.

    The connection commits by itself; `BEGIN IMMEDIATE` and `COMMIT` are said by the store.
    """
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} is not there; create it, or give another path")
    warn_of_reset_bug(path, sqlite3.sqlite_version)
    engine = create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _set_pragmas)
    try:
        return engine.connect()
    except DatabaseError as error:
        raise StoreError(f"{path} cannot be opened as a database: {error.orig}") from None


def warn_of_reset_bug(path: Path, version: str) -> bool:
    """Warn where the file seems to be open elsewhere and this SQLite may not share it safely; whether it did.

    A log beside the file means that another connection has it open, or that the last one was killed.
    """
    number = tuple(int(part) for part in version.split("."))
    log = path.with_name(path.name + "-wal")
    shared = log.exists() and log.stat().st_size > 0
    if not (RESET_BUG[0] <= number <= RESET_BUG[1] and shared):
        return False
    warnings.warn(
        f"SQLite {version} can lose commits when several connections checkpoint {path.name} at once "
        "(mended in 3.51.3), and another process seems to have it open or was killed; let one process write at a time",
        RuntimeWarning,
        stacklevel=3,
    )
    return True


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

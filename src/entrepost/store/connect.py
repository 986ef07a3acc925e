"""SQLite connections that lose nothing: full synchronisation, write-ahead log, one writer at a time."""

from __future__ import annotations

import sqlite3
import warnings
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
READING = ("query_only = ON", "temp_store = MEMORY", "cache_size = -65536", "mmap_size = 1073741824")
"""Of a connection that only reads."""


def connect(path: Path, reading: bool = False) -> Connection:
    """Open a database file, which is created where it is missing; or one that is there, to read it alone.

    The connection commits by itself; `BEGIN IMMEDIATE` and `COMMIT` are said by the store. One that only reads never
    checkpoints.
    """
    if reading:
        return _connect(path, f"file:{quote(str(path.resolve()))}?mode=ro&uri=true", READING)
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} is not there; create it, or give another path")
    warn_of_reset_bug(path, sqlite3.sqlite_version)
    return _connect(path, str(path), PRAGMAS)


def _connect(path: Path, place: str, pragmas: tuple[str, ...]) -> Connection:
    engine = create_engine(
        f"sqlite:///{place}",
        isolation_level="AUTOCOMMIT",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", partial(_set_pragmas, pragmas))
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


def _set_pragmas(pragmas: tuple[str, ...], connection: Any, _record: Any) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")

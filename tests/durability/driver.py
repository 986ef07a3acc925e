"""SQLite through apsw where the store expects Python's own driver, so that it can run on any file system."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import apsw
from sqlalchemy import Engine, event


class Cursor:
    """What a driver's cursor does; the rows of an answer are fetched at once."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._connection = connection
        self._rows: Iterator[Any] = iter(())

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Cursor:
        return self._run(lambda cursor: cursor.execute(sql, values or None))

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        return self._run(lambda cursor: cursor.executemany(sql, rows))

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        self._rows = iter(())

    def _run(self, work: Any) -> Cursor:
        self.description, before = None, self._connection.total_changes()
        cursor = self._connection.cursor()
        cursor.exec_trace = self._describe
        try:
            self._rows = iter(list(work(cursor)))
        except apsw.Error as error:
            _raise(error)
        self.rowcount = self._connection.total_changes() - before
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def _describe(self, cursor: Any, _sql: str, _values: Any) -> bool:
        found = cursor.get_description()
        self.description = [(*each, None, None, None, None, None) for each in found] or None
        return True


class Connection:
    """What SQLAlchemy and the store ask of a driver's connection."""

    isolation_level: str | None = None

    def __init__(self, path: str, vfs: str) -> None:
        self.closed = False
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        try:
            self.inner = apsw.Connection(path, vfs=vfs, flags=flags)
        except apsw.Error as error:
            _raise(error)

    def cursor(self, *_: Any) -> Cursor:
        return Cursor(self.inner)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        return self.cursor().executemany(sql, rows)

    def create_function(self, name: str, count: int, function: Any, deterministic: bool = False) -> None:
        self.inner.create_scalar_function(name, function, count, deterministic=deterministic)

    def getlimit(self, category: int) -> int:
        return self.inner.limit(category)

    def commit(self) -> None:
        if self.inner.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if not self.closed and self.inner.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.closed = True
        self.inner.close()


@contextmanager
def stores_on(vfs: str, setting: str = "") -> Iterator[list[Connection]]:
    """Within it every store opens its database on that file system; the connections, in their order.

    `setting` stands after the question mark of the database's URI, such as ``psow=0``.
    """
    opened: list[Connection] = []

    def connect(_dialect: Any, _record: Any, places: Sequence[Any], _options: dict[str, Any]) -> Connection:
        place = str(places[0])
        if setting:
            place = f"{place if place.startswith('file:') else Path(place).as_uri()}?{setting}"
        opened.append(Connection(place, vfs))
        return opened[-1]

    event.listen(Engine, "do_connect", connect)
    try:
        yield opened
    finally:
        event.remove(Engine, "do_connect", connect)
        for connection in opened:
            connection.close()


def _raise(error: apsw.Error) -> NoReturn:
    """The same trouble in the words of Python's driver."""
    kind = sqlite3.IntegrityError if isinstance(error, apsw.ConstraintError) else sqlite3.OperationalError
    raise kind(str(error)) from error

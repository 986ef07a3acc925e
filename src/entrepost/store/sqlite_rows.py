"""Rows of a SQLite file: statements of a few dozen rows, past SQLAlchemy, whose cost a million rows feel."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import repeat
from typing import Any, cast

import polars as pl
from sqlalchemy import Connection, Table

from entrepost.base.errors import StoreError
from entrepost.store.rows import Packed, from_stored, key_names, quoted, shared_names, stored_schema, to_stored

VALUES = 30_000
"""Values of one statement, where SQLite takes so many: it steps through them faster than row by row, without Python."""

FETCH = 4_000
"""Rows turned into columns at a time: more of them do not stay in the processor's cache."""


class SqliteRows:
    """`Rows` of a SQLite file."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._driver = cast(sqlite3.Connection, connection.connection.driver_connection)
        self._values = min(VALUES, self._driver.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))

    def begin(self, account: str | None = None, reading: bool = False) -> None:
        """Begin a transaction as the only writer."""
        self._say("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make durable what the transaction did."""
        self._say("COMMIT")

    def rollback(self) -> None:
        """Undo what the transaction did."""
        self._driver.rollback()

    def hold(self, names: Iterable[str]) -> None:
        """Nothing is to be waited for: who writes is alone."""

    def insert(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert the columns that table and frame share."""
        self._insert(self.pack(table, frame))

    def insert_new(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert the rows that are not there yet."""
        self.insert_packed(self.pack(table, frame))

    def put(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert rows, or write over those with the same key."""
        self.put_packed(self.pack(table, frame), there=False)

    def pack(self, table: Table, frame: pl.DataFrame) -> Packed:
        """Make rows ready for the driver: the values of each statement."""
        frame = frame.select(shared_names(table, frame))
        values, most = _values(frame), max(self._values // frame.width, 1) * frame.width
        return Packed(table, frame, [values[first : first + most] for first in range(0, len(values), most)])

    def insert_packed(self, packed: Packed) -> None:
        """Insert the rows that are not there yet."""
        self._insert(packed, conflict="ON CONFLICT DO NOTHING")

    def put_packed(self, packed: Packed, there: bool) -> None:
        """Insert rows, or write over those with the same key."""
        keys, names = key_names(packed.table), packed.frame.columns
        if len(names) == len(packed.table.columns):
            self._insert(packed, "REPLACE")
        else:
            changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
            self._insert(packed, conflict=f"ON CONFLICT ({quoted(keys)}) DO UPDATE SET {changes}")

    def update(self, table: Table, frame: pl.DataFrame) -> None:
        """Write over the cells of the rows that have the frame's keys."""
        keys = key_names(table)
        names = [name for name in shared_names(table, frame) if name not in keys]
        changes = ", ".join(f'"{name}" = ?' for name in names)
        where = " AND ".join(f'"{name}" = ?' for name in keys)
        with _refusals():
            rows = _rows(frame.select(*names, *keys))
            self._driver.executemany(f"UPDATE {table.name} SET {changes} WHERE {where}", rows)

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Delete the rows whose cells equal a row of `keys`."""
        where = " AND ".join(f'"{name}" = ?' for name in keys.columns)
        with _refusals():
            self._driver.executemany(f"DELETE FROM {table.name} WHERE {where}", _rows(keys))

    def drop_months(self, table: Table, end: datetime) -> None:
        """Nothing is to be done: free pages of the file are used again."""

    def change(self, sql: str, values: Sequence[Any]) -> None:
        """Say a statement that changes a few rows."""
        with _refusals():
            self._driver.execute(sql, tuple(values))

    def find_row(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row of a query as it is stored."""
        try:
            found: tuple[Any, ...] | None = self._driver.execute(sql, tuple(values)).fetchone()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the database cannot be read: {error}") from None
        return found

    def find_rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The few rows of a query as they are stored."""
        return self.ask(sql, values)

    def ask(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What a query finds, as the driver has it."""
        try:
            return self._driver.execute(sql, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the database cannot be read: {error}") from None

    def read(self, answer: Sequence[tuple[Any, ...]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The frame of what `ask` found; any thread may make it."""
        stored = stored_schema(schema)
        parts = [_columns(answer[first : first + FETCH], stored) for first in range(0, len(answer), FETCH)]
        return from_stored(pl.concat(parts, rechunk=True) if parts else pl.DataFrame(schema=stored), schema)

    def select(self, sql: str, values: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The result of a query as a frame."""
        stored = stored_schema(schema)
        try:
            cursor = self._driver.execute(sql, tuple(values))
            parts = [_columns(rows, stored) for rows in iter(lambda: cursor.fetchmany(FETCH), [])]
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the database cannot be read: {error}") from None
        frame = pl.concat(parts, rechunk=True) if parts else pl.DataFrame(schema=stored)
        return from_stored(frame, schema)

    def lookup(self, table: Table, alias: str, where: str) -> str:
        """Join a table; a cross join keeps the order in which tables are looked up."""
        return f"CROSS JOIN {table.name} AS {alias} ON {where}"

    def wanted(self, table: Table, *columns: str, where: str = "TRUE") -> str:
        """For FROM: the rows `t` of a table with certain keys."""
        cells = [f"json_extract(wanted.value, '$[{place}]')" for place in range(len(columns))]
        cells = cells if len(columns) > 1 else ["wanted.value"]
        tied = [f't."{name}" = {cell}' for name, cell in zip(columns, cells, strict=True)]
        return f"json_each(?) AS wanted {self.lookup(table, 't', ' AND '.join([*tied, where]))}"

    def pairs(self) -> str:
        """For FROM: pairs of whole numbers."""
        return "(SELECT json_extract(value, '$[0]') AS one, json_extract(value, '$[1]') AS other FROM json_each(?))"

    def keys(self, frame: pl.DataFrame) -> str:
        """The distinct rows of a frame as JSON."""
        if frame.width == 1:
            return json.dumps(frame.to_series().unique().sort().to_list())
        return json.dumps(frame.unique(maintain_order=True).rows())

    def _insert(self, packed: Packed, verb: str = "INSERT", conflict: str = "") -> None:
        names = packed.frame.columns
        sql, marks = f"{verb} INTO {packed.table.name} ({quoted(names)}) VALUES ", f"({', '.join('?' * len(names))})"
        with _refusals():
            for part in packed.form:
                listed = ", ".join(repeat(marks, len(part) // len(names)))
                self._driver.execute(f"{sql}{listed} {conflict}", part)

    def _say(self, sql: str) -> None:
        try:
            self._driver.execute(sql)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"the database refused {sql}: {error}; another process may hold it, or the disk may be full"
            ) from None


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"the database refused: {error}") from None


def _values(frame: pl.DataFrame) -> list[Any]:
    """All cells, row by row; put together column by column, which takes a fraction of the time."""
    values: list[Any] = [None] * (frame.height * frame.width)
    for place, column in enumerate(to_stored(frame).get_columns()):
        values[place :: frame.width] = column.to_list()
    return values


def _rows(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_list() for column in to_stored(frame).get_columns()), strict=True)


def _columns(rows: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    return pl.DataFrame(
        [pl.Series(name, values, dtype=dtype) for (name, dtype), values in zip(schema.items(), columns, strict=True)]
    )

"""Frames to rows of a database and back: instants as microseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import polars as pl
from sqlalchemy import Connection, Table

from entrepost.base.errors import StoreError
from entrepost.tables.frames import INSTANT

INSTANTS = frozenset(
    (
        *("created_at", "started_at", "finished_at", "placed_at", "wanted_by", "given_at", "arrive_by_p90"),
        *("issued_at", "since", "last_event_at", "wait_ended_at", "time", "recorded_at", "found_at"),
    )
)
FETCH = 4_000
"""Rows turned into columns at a time: more of them do not stay in the processor's cache."""


def insert(connection: Connection, table: Table, frame: pl.DataFrame, verb: str = "INSERT") -> None:
    """Insert the columns that table and frame share; `verb` may be INSERT OR IGNORE."""
    names = [column.name for column in table.columns if column.name in frame.columns]
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    execute_many(connection, f"{verb} INTO {table.name} ({quoted}) VALUES ({marks})", frame.select(names))


def execute_many(connection: Connection, sql: str, frame: pl.DataFrame) -> None:
    """Execute a statement once for each row of a frame, past SQLAlchemy: a million rows feel its cost."""
    try:
        driver(connection).executemany(sql, to_rows(frame))
    except sqlite3.DatabaseError as error:
        raise StoreError(f"the database refused: {error}") from None


def to_rows(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """A frame's rows as the database takes them."""
    stored = frame.with_columns(pl.col(pl.Datetime).dt.epoch("us"))
    return zip(*(column.to_list() for column in stored.get_columns()), strict=True)


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def select(connection: Connection, sql: str, values: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The result of a query as a frame, whose columns have the names and types of `schema`, in their order."""
    stored = {name: _stored_type(dtype) for name, dtype in schema.items()}
    try:
        cursor = driver(connection).execute(sql, tuple(values))
        parts = [_columns(rows, stored) for rows in iter(lambda: cursor.fetchmany(FETCH), [])]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"the database cannot be read: {error}") from None
    frame = pl.concat(parts, rechunk=True) if parts else pl.DataFrame(schema=stored)
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in schema.items() if stored[name] != dtype)


def frame_schema(table: Table, names: Iterable[str] = ()) -> dict[str, pl.DataType]:
    """The frame's type of each named column of a table, or of all."""
    return {name: _frame_type(table, name) for name in names or [column.name for column in table.columns]}


def _frame_type(table: Table, name: str) -> pl.DataType:
    if name in INSTANTS:
        return INSTANT
    return {str: pl.String(), float: pl.Float64(), int: pl.Int64()}[table.columns[name].type.python_type]


def _stored_type(dtype: pl.DataType) -> pl.DataType:
    return pl.Int64() if dtype == INSTANT else dtype


def _columns(rows: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    return pl.DataFrame(
        [pl.Series(name, values, dtype=dtype) for (name, dtype), values in zip(schema.items(), columns, strict=True)]
    )

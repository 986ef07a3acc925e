"""Frames to rows of a database and back: what both databases can do, each in its own fastest way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import polars as pl
from sqlalchemy import Connection, Table

from entrepost.tables.frames import INSTANT

INSTANTS = frozenset(
    (
        *("created_at", "started_at", "finished_at", "placed_at", "wanted_by", "given_at", "arrive_by_p90"),
        *("issued_at", "since", "last_event_at", "wait_ended_at", "time", "recorded_at", "found_at", "archived_at"),
        *("until", "added_at", "planned_at", "due_at", "lease_until", "told_at", "former_until", "failing_since"),
        *("paused_until", "first_at", "done_at", "tried_at", "pseudonymised_at", "erased_at", "filled_at", "kept_at"),
    )
)
"""Columns that hold instants, as microseconds."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows of a table, and besides them their `form` as the driver takes it: made ready before a transaction."""

    table: Table
    frame: pl.DataFrame
    form: Any


class Rows(Protocol):
    """The rows of one database. SQL marks its values with `?`; a table's columns are named after `t`."""

    connection: Connection

    def begin(self, account: str | None = None, reading: bool = False) -> None:
        """Begin a transaction, for an account where the database keeps them apart; `reading`: it changes little."""

    def commit(self) -> None:
        """Make durable what the transaction did."""

    def rollback(self) -> None:
        """Undo what the transaction did."""

    def hold(self, names: Iterable[str]) -> None:
        """Wait until no other transaction holds one of these names, and hold them to this one's end."""

    def insert(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert the columns that table and frame share; a row that is there already is refused."""

    def insert_new(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert the rows that are not there yet."""

    def pack(self, table: Table, frame: pl.DataFrame) -> Packed:
        """Make rows ready for the driver; the database is not asked, so a thread may do it."""

    def insert_packed(self, packed: Packed) -> None:
        """Insert the rows that are not there yet."""

    def put_packed(self, packed: Packed, there: bool) -> None:
        """Insert rows, or write over those with the same key; quickly where all or none are `there`, as is said."""

    def put(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert rows, or write over those with the same key; no two of the frame have the same."""

    def update(self, table: Table, frame: pl.DataFrame) -> None:
        """Write over the cells of the rows that have the frame's keys."""

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Delete the rows whose cells equal a row of `keys`."""

    def drop_months(self, table: Table, end: datetime) -> None:
        """Give back the room of months before `end` that are empty now."""

    def change(self, sql: str, values: Sequence[Any]) -> None:
        """Say a statement that changes a few rows; for them quicker than a frame."""

    def find_row(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row of a query as it is stored; for a single one quicker than a frame."""

    def find_rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The few rows of a query as they are stored."""

    def ask(self, sql: str, values: Sequence[Any]) -> Any:
        """What a query finds, as the driver has it."""

    def read(self, answer: Any, schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The frame of what `ask` found; any thread may make it."""

    def select(self, sql: str, values: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The result of a query as a frame, whose columns have the names and types of `schema`, in their order."""

    def lookup(self, table: Table, alias: str, where: str) -> str:
        """For FROM, after what leads: the rows of a table that `where` ties to it, found by the table's index."""

    def wanted(self, table: Table, *columns: str, where: str = "") -> str:
        """For FROM: the rows `t` of a table with certain keys, which are one value: see `keys`.

        The keys lead, so that the table's index is used; `wanted.key` counts them.
        """

    def pairs(self) -> str:
        """For FROM: pairs of whole numbers, `one` and `other`, which are one value: see `keys`."""

    def keys(self, frame: pl.DataFrame) -> str:
        """The distinct rows of a frame, as `wanted` and `pairs` take them."""


def shared_names(table: Table, frame: pl.DataFrame) -> list[str]:
    """The columns that table and frame share, in the table's order."""
    return [column.name for column in table.columns if column.name in frame.columns]


def key_names(table: Table) -> list[str]:
    """The columns of a table's key."""
    return [column.name for column in table.primary_key.columns]


def quoted(names: Iterable[str], before: str = "") -> str:
    """Names as SQL lists them, each after `before`."""
    return ", ".join(f'{before}"{name}"' for name in names)


def frame_schema(table: Table, names: Iterable[str] = ()) -> dict[str, pl.DataType]:
    """The frame's type of each named column of a table, or of all."""
    return {name: _frame_type(table, name) for name in names or [column.name for column in table.columns]}


def stored_schema(schema: dict[str, pl.DataType]) -> dict[str, pl.DataType]:
    """The types as they are stored: instants as whole numbers."""
    return {name: pl.Int64() if dtype == INSTANT else dtype for name, dtype in schema.items()}


def to_stored(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as it is stored: instants as microseconds."""
    return frame.with_columns(pl.col(pl.Datetime).dt.epoch("us"))


def from_stored(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The stored frame with the types of `schema`."""
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in schema.items() if frame.schema[name] != dtype)


def _frame_type(table: Table, name: str) -> pl.DataType:
    if name in INSTANTS:
        return INSTANT
    return {str: pl.String(), float: pl.Float64(), int: pl.Int64()}[table.columns[name].type.python_type]

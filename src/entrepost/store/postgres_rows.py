"""Rows of a PostgreSQL database: whole frames through COPY, sets of rows instead of row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, cast

import polars as pl
import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Table

from entrepost.base.errors import MisuseError, StoreError
from entrepost.store.copy_out import copy_out
from entrepost.store.copy_text import from_copy, to_copy
from entrepost.store.months import Month, list_months, partition_of
from entrepost.store.row_security import ALL_ACCOUNTS, say_account
from entrepost.store.rows import Packed, from_stored, key_names, quoted, shared_names, stored_schema, to_stored
from entrepost.store.schema import MONTHLY

ONE_BY_ONE = "SET {0} enable_hashjoin = off; SET {0} enable_mergejoin = off"
"""The thousands of rows that a transaction changes are looked up by their keys, out of millions."""

PATIENCE = "SET LOCAL lock_timeout = '5s'"
"""An empty month that is in use for longer is left to the next time."""
FEW = 500
"""Up to so many rows are staged at once: copying them straight away would gain nothing."""

A_FEW = 8
"""Up to so many rows stand in the statement itself."""

TYPES = {int: "bigint", str: "text", float: "double precision"}


class PostgresRows:
    """`Rows` of a PostgreSQL database, through a connection that commits by itself outside of `begin`."""

    def __init__(self, connection: Connection, place: str) -> None:
        self.connection = connection
        self.place = place
        self.driver = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)
        self.account: str | None = None
        self._copies: bool | None = None
        self._staging: set[str] = set()
        self._staged: set[str] = set()

    def begin(self, account: str | None = None, reading: bool = False) -> None:
        """Begin a transaction beside those of others, for an account or for all."""
        if self.is_begun:
            raise RuntimeError("a transaction is begun in the middle of what is read")
        self._staged.clear()
        said = ["BEGIN"]
        if not reading:
            said.append(ONE_BY_ONE.format("LOCAL"))
        if account is not None:
            said.append(say_account(account))
        self._say("; ".join(said))
        self.account = account

    def act_for(self, account: str | None) -> None:
        """Act for another account, or for all, from now on to the end of the transaction."""
        if account != self.account:
            self._say(say_account(account))
            self.account = account

    @property
    def is_begun(self) -> bool:
        """Whether a transaction was begun and may go on."""
        return self.driver.info.transaction_status == TransactionStatus.INTRANS

    def mean_all_accounts(self) -> None:
        """Say, as the tables' owner must, that all accounts are meant where none is named."""
        self._say(f"SET {ALL_ACCOUNTS} = 'yes'")

    def look_up_one_by_one(self) -> None:
        """Look rows up by their keys as a transaction does, for as long as the connection lasts."""
        self._say(ONE_BY_ONE.format("SESSION"))

    def commit(self) -> None:
        """Make durable what the transaction did."""
        self.account = None
        self._say("COMMIT")

    def rollback(self) -> None:
        """Undo what the transaction did; a server that is away has undone it already."""
        self._staging.clear()
        self.account = None
        try:
            self.driver.rollback()
        except psycopg.OperationalError:
            self.driver.close()

    def hold(self, names: Iterable[str]) -> None:
        """Hold names as advisory locks, taken in their order so that no two wait for each other."""
        for name in sorted(set(names)):
            self._execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [name])

    def insert(self, table: Table, frame: pl.DataFrame) -> None:
        """Copy the columns that table and frame share."""
        self._prepare(table, frame)
        if not self._may_copy():
            self._insert_staged(self.pack(table, frame), "")
            return
        with self._refusals("refused"):
            self._copy(table.name, self.pack(table, frame))

    def insert_new(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert the rows that are not there yet: many are copied at once, in the hope that all are new."""
        self.insert_packed(self.pack(table, frame))

    def put(self, table: Table, frame: pl.DataFrame) -> None:
        """Insert rows, or write over those with the same key."""
        self._put(self.pack(table, frame))

    def pack(self, table: Table, frame: pl.DataFrame) -> Packed:
        """Make rows ready for the driver: the text that COPY reads."""
        frame = frame.select(shared_names(table, frame))
        return Packed(table, frame, to_copy(to_stored(frame)))

    def insert_packed(self, packed: Packed) -> None:
        """Insert the rows that are not there yet: many are copied at once, in the hope that all are new."""
        if packed.frame.height > FEW and self._may_copy() and self._copy_all(packed):
            return
        self._prepare(packed.table, packed.frame)
        if packed.frame.height:
            self._insert_staged(packed, "ON CONFLICT DO NOTHING")

    def put_packed(self, packed: Packed, there: bool) -> None:
        """Insert rows, or write over those with the same key; quickly where all or none are `there`, as is said."""
        if there and packed.frame.height:
            if self._update(packed) < packed.frame.height:
                self._put(packed)
        elif packed.frame.height and not self._insert_all(packed):
            self._put(packed)

    def update(self, table: Table, frame: pl.DataFrame) -> None:
        """Write over the cells of the rows that have the frame's keys."""
        self._update(self.pack(table, frame.sort(key_names(table))))

    def delete(self, table: Table, keys: pl.DataFrame) -> None:
        """Delete the rows whose cells equal a row of `keys`."""
        where = " AND ".join(f't."{name}" = s."{name}"' for name in keys.columns)
        source, values = self._source(self.pack(table, keys.unique()))
        self._execute(f"DELETE FROM {table.name} t USING {source} s WHERE {where}", values)

    def drop_months(self, table: Table, end: datetime) -> None:
        """Drop the partitions before `end` that are empty, unless the table is in use for seconds on end."""
        last = partition_of(table.name, Month(end.date().replace(day=1)))
        listed = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(?) ORDER BY 1"
        names = [str(name) for (name,) in self._execute(listed, [table.name]).fetchall()]
        for name in names:
            if name < last and not self._execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():
                self._drop_empty(table, name)

    def change(self, sql: str, values: Sequence[Any]) -> None:
        """Say a statement that changes a few rows."""
        self._execute(sql, values)

    def find_row(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row of a query as it is stored."""
        return self._execute(sql, values).fetchone()

    def find_rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The few rows of a query as they are stored."""
        return self._execute(sql, values).fetchall()

    def ask(self, sql: str, values: Sequence[Any]) -> bytes:
        """What a query finds, as the driver has it."""
        with self._refusals("cannot be read"):
            return copy_out(self.driver, sql.replace("?", "%s"), values)

    def read(self, answer: bytes, schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The frame of what `ask` found; any thread may make it."""
        return from_stored(from_copy(answer, stored_schema(schema)), schema)

    def select(self, sql: str, values: Sequence[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
        """The result of a query as a frame."""
        return self.read(self.ask(sql, values), schema)

    def lookup(self, table: Table, alias: str, where: str) -> str:
        """Join a table by a subquery that the planner may not turn round, whatever it believes of a new table."""
        return f"CROSS JOIN LATERAL (SELECT * FROM {table.name} AS {alias} WHERE {where} OFFSET 0) AS {alias}"

    def wanted(self, table: Table, *columns: str, where: str = "TRUE") -> str:
        """For FROM: the rows `t` of a table with certain keys."""
        if len(columns) == 1 and table.columns[columns[0]].type.python_type is int:
            source, cells = "unnest(?::bigint[])", ["wanted.value"]
        elif len(columns) == 1:
            source, cells = "json_array_elements_text(?::json)", ["wanted.value"]
        else:
            source = "json_array_elements(?::json)"
            cells = [f"(wanted.value->>{place})" for place in range(len(columns))]
        tied = [f't."{name}" = {cell}' for name, cell in zip(columns, cells, strict=True)]
        found = self.lookup(table, "t", " AND ".join([*tied, where]))
        return f"{source} WITH ORDINALITY AS wanted(value, key) {found}"

    def pairs(self) -> str:
        """For FROM: pairs of whole numbers."""
        cells = "(value->>0)::bigint AS one, (value->>1)::bigint AS other"
        return f"(SELECT {cells} FROM json_array_elements(?::json)) AS pairs"

    def keys(self, frame: pl.DataFrame) -> str:
        """The distinct rows of a frame: whole numbers as an array, others as JSON."""
        if frame.width > 1:
            return json.dumps(frame.unique(maintain_order=True).rows())
        values = frame.to_series().unique().sort()
        if values.dtype.is_integer():
            return "{" + ",".join(map(str, values.to_list())) + "}"
        return json.dumps(values.to_list())

    def _drop_empty(self, table: Table, name: str) -> None:
        with self._refusals("refused"), suppress(psycopg.errors.LockNotAvailable), self.driver.transaction():
            self.driver.execute(cast(Any, f"{PATIENCE}; LOCK TABLE ONLY {table.name} IN ACCESS EXCLUSIVE MODE"))
            if not self.driver.execute(cast(Any, f"SELECT 1 FROM {name} LIMIT 1")).fetchone():
                self.driver.execute(cast(Any, f"DROP TABLE {name}"))

    def _put(self, packed: Packed) -> None:
        keys = key_names(packed.table)
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in packed.frame.columns if name not in keys)
        self._insert_staged(packed, f"ON CONFLICT ({quoted(keys)}) DO UPDATE SET {changes}")

    def _insert_all(self, packed: Packed) -> bool:
        """Insert rows, all of which are believed to be new; whether they were."""
        if self._may_copy():
            return self._copy_all(packed)
        return self._insert_staged(packed, "ON CONFLICT DO NOTHING") == packed.frame.height

    def _may_copy(self) -> bool:
        """Whether rows may be copied straight into tables: PostgreSQL lets nobody whom row-level security holds."""
        if self.account is not None:
            return False
        if self._copies is None:
            self._copies = self._execute("SELECT NOT row_security_active('orders')").fetchone() == (True,)
        return self._copies

    def _copy_all(self, packed: Packed) -> bool:
        """Copy rows whole, or leave no trace where some are there already; whether they were copied.

        The server says by an error that a month has no partition yet: to ask each time would cost each time.
        """
        with self._refusals("refused"):
            try:
                return self._copy_whole(packed)
            except psycopg.errors.CheckViolation:
                self._prepare(packed.table, packed.frame)
                return self._copy_whole(packed)

    def _copy_whole(self, packed: Packed) -> bool:
        try:
            with self.driver.transaction():
                self._copy(packed.table.name, packed)
        except psycopg.errors.UniqueViolation:
            return False
        return True

    def _insert_staged(self, packed: Packed, conflict: str) -> int:
        names = quoted(packed.frame.columns)
        source, values = self._source(packed)
        sql = f"INSERT INTO {packed.table.name} ({names}) SELECT {names} FROM {source} s {conflict}"
        return self._execute(sql, values).rowcount

    def _update(self, packed: Packed) -> int:
        keys = key_names(packed.table)
        source, values = self._source(packed)
        changes = ", ".join(f'"{name}" = s."{name}"' for name in packed.frame.columns if name not in keys)
        where = " AND ".join(f't."{name}" = s."{name}"' for name in keys)
        sql = f"UPDATE {packed.table.name} t SET {changes} FROM {source} s WHERE {where}"
        return self._execute(sql, values).rowcount

    def _source(self, packed: Packed) -> tuple[str, list[Any]]:
        """For FROM: rows that were staged, or a few that stand in the statement; with their values."""
        if not 0 < packed.frame.height <= A_FEW:
            return self._stage(packed), []
        stored = to_stored(packed.frame)
        cells = ", ".join(f"?::{TYPES[packed.table.columns[name].type.python_type]}" for name in stored.columns)
        values = [cell for row in stored.rows() for cell in row]
        listed = ", ".join([f"({cells})"] * stored.height)
        return f"(SELECT * FROM (VALUES {listed}) AS v ({quoted(stored.columns)}))", values

    def _stage(self, packed: Packed) -> str:
        """Copy rows into the session's staging table, which a commit empties; its name. Each role has its own."""
        staging = f"staging_{packed.table.name}" if self.account is None else f"staging_of_account_{packed.table.name}"
        if staging not in self._staging:
            columns = f"SELECT * FROM {packed.table.name} WITH NO DATA"
            self._say(f"CREATE TEMPORARY TABLE {staging} ON COMMIT DELETE ROWS AS {columns}")
            self._staging.add(staging)
        if staging in self._staged:
            self._say(f"DELETE FROM {staging}")
        self._staged.add(staging)
        with self._refusals("refused"):
            self._copy(staging, packed)
        return staging

    def _prepare(self, table: Table, frame: pl.DataFrame) -> None:
        """See to it that the months of a frame have their partitions.

        Attaching one hinders neither readers nor writers of the others, as creating it in place would.
        """
        if table.name not in MONTHLY or not frame.height:
            return
        for month in list_months(frame.get_column(MONTHLY[table.name])):
            name = partition_of(table.name, month)
            if self._execute("SELECT to_regclass(?) IS NULL", [name]).fetchone() == (False,):
                continue
            self.hold([name])
            if self._execute("SELECT to_regclass(?) IS NULL", [name]).fetchone() == (True,):
                self.make_month(table, month)

    def make_month(self, table: Table, month: Month) -> None:
        """Make the partition of a month; only the owner of the tables may."""
        name = partition_of(table.name, month)
        account = self.account
        self.act_for(None)
        self._say(f"CREATE TABLE {name} (LIKE {table.name} INCLUDING ALL)")
        bounds = f"FROM ({month.minute}) TO ({month.next.minute})"
        self._say(f"ALTER TABLE {table.name} ATTACH PARTITION {name} FOR VALUES {bounds}")
        self.act_for(account)

    def _copy(self, target: str, packed: Packed) -> None:
        sql = f"COPY {target} ({quoted(packed.frame.columns)}) FROM STDIN"
        with self.driver.cursor().copy(cast(Any, sql)) as copy:
            copy.write(packed.form)

    def _say(self, sql: str) -> None:
        with self._refusals("refused"):
            self.driver.execute(cast(Any, sql))

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
        """Plan and execute: a plan that was made while a table was small would be kept when it has grown."""
        with self._refusals("refused"):
            return self.driver.execute(cast(Any, sql.replace("?", "%s")), list(values), prepare=False)

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        try:
            yield
        except psycopg.DataError as error:
            if _holds_nul(error):
                raise MisuseError("a text holds the character NUL, which no text here has; leave it out") from None
            raise refusal(self.place, error, self.driver.closed, what) from None
        except psycopg.Error as error:
            raise refusal(self.place, error, self.driver.closed, what) from None


def _holds_nul(error: psycopg.DataError) -> bool:
    """Whether a text held the character NUL: psycopg says so before anything is sent, the server of what is in JSON."""
    said = str(error)
    return (error.sqlstate is None and "NUL" in said) or (error.sqlstate == "22P05" and "u0000" in said)


def refusal(place: str, error: BaseException, away: bool, what: str = "refused") -> StoreError:
    """What the server said, or that it is away, as one message."""
    said = " ".join(str(error).split()) or type(error).__name__
    if away:
        return StoreError(f"{place} is away: {said}; what was committed is kept, so start it, and do the same again")
    return StoreError(f"{place} {what}: {said}")

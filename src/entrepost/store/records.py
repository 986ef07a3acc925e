"""The nouns of `operations.records` in the database, each a row of its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Table

from entrepost.base.clock import from_micros, to_micros
from entrepost.operations.records import N
from entrepost.store.record_tables import TABLES
from entrepost.store.rows import Rows, quoted
from entrepost.tables.frames import INSTANT

Entering = Callable[[], AbstractContextManager[None]]


class SqlRecords:
    """`Records` in the tables of a store, whose turns and transactions they share."""

    def __init__(self, rows: Callable[[], Rows], transaction: Entering, reading: Entering) -> None:
        self._rows = rows
        self._transaction = transaction
        self._reading = reading

    def transaction(self) -> AbstractContextManager[None]:
        """That of the store."""
        return self._transaction()

    def hold(self, name: str) -> None:
        """Hold a name to the end of the transaction."""
        with self._reading():
            self._rows().hold([name])

    def put(self, noun: Any) -> None:
        """Write a noun over the one of the same name."""
        form = FORMS[type(noun)]
        values = [_stored(getattr(noun, name)) for name in form.names]
        with self._transaction():
            self._rows().change(form.put, values)

    def find(self, kind: type[N], tenant: str, name: str) -> N | None:
        """The noun of that name, or None."""
        sql = f"{FORMS[kind].select} WHERE tenant = ? AND {FORMS[kind].key} = ?"
        with self._reading():
            found = self._rows().find_row(sql, [tenant, name])
        return None if found is None else to_noun(kind, found)

    def list_of(self, kind: type[N], tenant: str = "", after: str = "", limit: int = 0) -> list[N]:
        """The nouns of an account by name."""
        return self._list(kind, tenant, ">", after, limit)

    def list_latest(self, kind: type[N], tenant: str, before: str = "", limit: int = 0) -> list[N]:
        """The nouns of an account from the last name on down."""
        return self._list(kind, tenant, "<", before, limit)

    def list_with(self, kind: type[N], column: str, values: Sequence[str]) -> list[N]:
        """The nouns of all accounts that have one of these values in a column, by name."""
        form = FORMS[kind]
        where = f"{quoted([form.table.columns[column].name])} IN ({', '.join('?' * len(values))})"
        with self._reading():
            frame = self._rows().select(f"{form.select} WHERE {where} ORDER BY {form.key}", list(values), form.schema)
        return [to_noun(kind, row) for row in frame.iter_rows()]

    def list_where(self, kind: type[N], tenant: str, column: str, values: Sequence[str]) -> list[N]:
        """The nouns of an account that have one of these values in a field, by name."""
        frame = self._where(kind, tenant, column, pl.Series(values, dtype=pl.String))
        return [to_noun(kind, row) for row in frame.iter_rows()]

    def frame_where(self, kind: type[Any], tenant: str, column: str, values: pl.Series) -> pl.DataFrame:
        """What `list_where` gives, as a frame."""
        form = FORMS[kind]
        instants = [name for name, is_instant in zip(form.names, form.instants, strict=True) if is_instant]
        return self._where(kind, tenant, column, values).with_columns(pl.col(instants).cast(INSTANT))

    def put_many(self, kind: type[Any], nouns: pl.DataFrame) -> None:
        """Keep nouns in bulk."""
        with self._transaction():
            self._rows().put(FORMS[kind].table, nouns.select(FORMS[kind].names))

    def remove_many(self, kind: type[Any], tenant: str, names: pl.Series) -> None:
        """Forget nouns in bulk."""
        keys = names.to_frame(FORMS[kind].names[1]).select(pl.lit(tenant).alias("tenant"), pl.all())
        with self._transaction():
            self._rows().delete(FORMS[kind].table, keys)

    def remove(self, kind: type[N], tenant: str, name: str) -> None:
        """Delete a noun."""
        with self._transaction():
            sql = f"DELETE FROM {FORMS[kind].table.name} WHERE tenant = ? AND {FORMS[kind].key} = ?"
            self._rows().change(sql, [tenant, name])

    def prune(self, kind: type[N], before: datetime) -> None:
        """Delete what was created before an instant."""
        with self._transaction():
            self._rows().change(f"DELETE FROM {FORMS[kind].table.name} WHERE created_at < ?", [to_micros(before)])

    def _where(self, kind: type[Any], tenant: str, column: str, values: pl.Series) -> pl.DataFrame:
        form = FORMS[kind]
        keys = values.unique().to_frame(column).select(pl.lit(tenant).alias("tenant"), pl.all())
        with self._reading():
            rows = self._rows()
            # The index finds names, the key finds rows: asked for rows at once, SQLite walks the key of the account.
            names = f"SELECT t.tenant, t.{form.key} AS name FROM {rows.wanted(form.table, 'tenant', column)}"
            found = rows.lookup(form.table, "r", f"r.tenant = n.tenant AND r.{form.key} = n.name")
            sql = f"SELECT {quoted(form.names, 'r.')} FROM ({names}) AS n {found} ORDER BY r.{form.key}"
            return rows.select(sql, [rows.keys(keys)], form.schema)

    def _list(self, kind: type[N], tenant: str, beyond: str, name: str, limit: int) -> list[N]:
        form, way = FORMS[kind], "DESC" if beyond == "<" else "ASC"
        told = (("tenant = ?", tenant), (f"{form.key} {beyond} ?", name))
        asked = {condition: value for condition, value in told if value}
        where, upto = " AND ".join(asked) or "TRUE", f" LIMIT {limit:d}" if limit else ""
        sql = f"{form.select} WHERE {where} ORDER BY tenant {way}, {form.key} {way}{upto}"
        with self._reading():
            frame = self._rows().select(sql, list(asked.values()), form.schema)
        return [to_noun(kind, row) for row in frame.iter_rows()]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind of noun stands in its table."""

    table: Table
    names: tuple[str, ...]
    instants: tuple[bool, ...]

    @property
    def key(self) -> str:
        return f'"{self.names[1]}"'

    @property
    def select(self) -> str:
        return f"SELECT {quoted(self.names)} FROM {self.table.name}"

    @property
    def put(self) -> str:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in self.names[2:])
        into = f"INSERT INTO {self.table.name} ({quoted(self.names)}) VALUES ({', '.join('?' * len(self.names))})"
        return f"{into} ON CONFLICT (tenant, {self.key}) DO UPDATE SET {changes}"

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns as they are stored, instants as whole numbers."""
        types = {str: pl.String(), int: pl.Int64()}
        return {name: types[self.table.columns[name].type.python_type] for name in self.names}


def _form(kind: type[Any], table: Table) -> _Form:
    told = fields(kind)
    return _Form(table, tuple(each.name for each in told), tuple("datetime" in str(each.type) for each in told))


FORMS = {kind: _form(kind, table) for kind, table in TABLES.items()}


def _stored(value: Any) -> Any:
    return to_micros(value) if isinstance(value, datetime) else value


def to_noun(kind: type[N], cells: tuple[Any, ...]) -> N:
    """A row of a table of nouns as the noun."""
    values = [
        from_micros(cell) if is_instant and cell is not None else cell
        for cell, is_instant in zip(cells, FORMS[kind].instants, strict=True)
    ]
    return kind(*values)

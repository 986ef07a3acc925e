"""The exchange of messages in the database: its nouns as rows of their tables, its bytes packed and sealed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.base.errors import StoreError
from entrepost.operations.exchange_records import CameMessage, Sent, SentMessage
from entrepost.operations.exchange_store import N, Place, Where
from entrepost.store import exchange_tables
from entrepost.store.access import Access
from entrepost.store.records import FORMS, to_noun
from entrepost.store.rows import quoted
from entrepost.store.schema import EXCHANGE_BODIES, ITEMS

FEW = 20
"""So many nouns are written one by one, more of them as a frame."""
HOUR_US = 3_600_000_000
PACKED = {"tenant": pl.String(), "body": pl.String(), "sealed": pl.String(), "kept_at": pl.Int64()}

__all__ = ["SqlExchange", "exchange_tables"]


class SqlExchange:
    """`ExchangeStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def hold(self, name: str) -> None:
        """Hold a name to the end of the transaction."""
        with self._access.reading():
            self._access.hold(name)

    def put(self, nouns: Sequence[Any]) -> None:
        """Keep nouns of one kind."""
        if not nouns:
            return
        form = FORMS[type(nouns[0])]
        cells = [[_stored(getattr(noun, name)) for name in form.names] for noun in nouns]
        with self._access.transaction():
            rows = self._access.rows()
            if len(cells) > FEW:
                rows.put(form.table, pl.DataFrame(cells, schema=form.schema, orient="row"))
                return
            for values in cells:
                rows.change(form.put, values)

    def find(self, kind: type[N], tenant: str, names: Sequence[str]) -> dict[str, N]:
        """The nouns of those names that are there."""
        key = FORMS[kind].names[1]
        return {getattr(noun, key): noun for noun in self.list_with(kind, tenant, {key: names})}

    def list_with(self, kind: type[N], tenant: str, where: Where) -> list[N]:
        """The nouns of an account that fit, by name."""
        form = FORMS[kind]
        if any(not values for values in where.values()):
            return []
        (column, values), *others = where.items() or (("tenant", [tenant]),)
        with self._access.reading():
            rows = self._access.rows()
            keys = pl.DataFrame({"tenant": [tenant] * len(values), column: list(values)})
            names = ("tenant",) if column == "tenant" else ("tenant", column)
            source = rows.wanted(form.table, *names)
            more = [f't."{name}" IN ({", ".join("?" * len(given))})' for name, given in others]
            sql = f"SELECT {quoted(form.names, 't.')} FROM {source}{_where(more)} ORDER BY t.{form.key}"
            told = [rows.keys(keys.select(names)), *(value for _, given in others for value in given)]
            return [to_noun(kind, row) for row in rows.select(sql, told, form.schema).iter_rows()]

    def count(self, kind: type[Any], tenant: str, name: str, value: str) -> int:
        """How many nouns have that value."""
        form = FORMS[kind]
        sql = f'SELECT count(*) FROM {form.table.name} WHERE tenant = ? AND "{form.table.columns[name].name}" = ?'
        with self._access.reading():
            found = self._access.rows().find_row(sql, [tenant, value])
        return int(found[0]) if found else 0

    def page(self, kind: type[N], tenant: str, where: Where, before: Place | None = None, limit: int = 100) -> list[N]:
        """The nouns that fit, the latest first."""
        form = FORMS[kind]
        told = [("tenant", [tenant]), *where.items()]
        if any(not values for _, values in told):
            return []
        asked = [f't."{name}" IN ({", ".join("?" * len(given))})' for name, given in told]
        values: list[Any] = [value for _, given in told for value in given]
        if before is not None:
            asked.append(f"(t.created_at, t.{form.key}) < (?, ?)")
            values += [to_micros(before[0]), before[1]]
        order = f"ORDER BY t.created_at DESC, t.{form.key} DESC LIMIT {limit:d}"
        return self._select(kind, f"{_where(asked)} {order}", values)

    def count_with(self, kind: type[Any], tenant: str, where: Where) -> int:
        """How many nouns fit."""
        told = [("tenant", [tenant]), *where.items()]
        asked = [f'"{name}" IN ({", ".join("?" * len(given))})' for name, given in told]
        sql = f"SELECT count(*) FROM {FORMS[kind].table.name}{_where(asked)}"
        with self._access.reading():
            found = self._access.rows().find_row(sql, [value for _, given in told for value in given])
        return int(found[0]) if found else 0

    def list_old(self, kind: type[N], tenant: str, before: datetime, after: Place | None, limit: int) -> list[N]:
        """The nouns from before an instant, the oldest first."""
        key = FORMS[kind].key
        asked, values = ["t.tenant = ?", "t.created_at < ?"], [tenant, to_micros(before)]
        if after is not None:
            asked.append(f"(t.created_at, t.{key}) > (?, ?)")
            values += [to_micros(after[0]), after[1]]
        return self._select(kind, f"{_where(asked)} ORDER BY t.created_at, t.{key} LIMIT {limit:d}", values)

    def list_reasons(self, kind: type[Any], tenant: str) -> list[tuple[str, str]]:
        """The names and reasons of nouns that have one."""
        form, reason = FORMS[kind], "answer" if kind is Sent else "why"
        sql = f"SELECT {form.key}, {reason} FROM {form.table.name} WHERE tenant = ? AND {reason} <> ''"
        with self._access.reading():
            rows = self._access.rows().find_rows(f"{sql} ORDER BY {form.key}", [tenant])
        return [(str(name), str(why)) for name, why in rows]

    def remove(self, kind: type[Any], tenant: str, names: Sequence[str]) -> None:
        """Forget nouns."""
        form = FORMS[kind]
        keys = pl.DataFrame({"tenant": [tenant] * len(names), form.names[1]: list(names)})
        with self._access.transaction():
            if names:
                self._access.rows().delete(form.table, keys)

    def list_due(self, now: datetime, limit: int, tenant: str = "") -> list[Sent]:
        """Open rows of the outbox whose time has come."""
        whose = ("t.tenant = ?", [tenant]) if tenant else ("TRUE", [])
        asked = _where([whose[0], "t.state = 'open'", "t.due_at <= ?"])
        order = f"ORDER BY t.due_at, t.tenant, t.sent LIMIT {limit:d}"
        return self._select(Sent, f"{asked} {order}", [*whose[1], to_micros(now)])

    def count_states(self, tenant: str) -> list[tuple[str, str, str, str, int]]:
        """How many messages are how."""
        found: list[tuple[str, str, str, str, int]] = []
        with self._access.reading():
            for direction, kind in (("in", CameMessage), ("out", SentMessage)):
                sql = (
                    f"SELECT operator, message, state, count(*) FROM {FORMS[kind].table.name} WHERE tenant = ? "
                    "GROUP BY operator, message, state ORDER BY operator, message, state"
                )
                rows = self._access.rows().find_rows(sql, [tenant])
                found += [(direction, *map(str, row[:3]), int(row[3])) for row in rows]  # type: ignore[misc]
        return found

    def count_hours(self, tenant: str, since: datetime) -> list[tuple[str, str, int, int]]:
        """How many messages came when."""
        sql = (
            f"SELECT operator, message, created_at / {HOUR_US} AS hour, count(*) FROM exchange_came_messages "
            "WHERE tenant = ? AND created_at >= ? GROUP BY operator, message, hour ORDER BY operator, message, hour"
        )
        with self._access.reading():
            rows = self._access.rows().find_rows(sql, [tenant, to_micros(since)])
        return [(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows]

    def find_destinations(self, tenant: str, item_ids: Sequence[str]) -> dict[str, str]:
        """The country to which each of these items goes."""
        if not item_ids:
            return {}
        keys = pl.DataFrame({"tenant": [tenant] * len(item_ids), "item_id": list(item_ids)})
        schema: dict[str, pl.DataType] = {"item_id": pl.String(), "country": pl.String()}
        with self._access.reading():
            rows = self._access.rows()
            source = f"{rows.wanted(ITEMS, 'tenant', 'item_id')} ORDER BY t.issued_at"
            found = rows.select(f"SELECT t.item_id, t.country FROM {source}", [rows.keys(keys)], schema)
        return dict(found.iter_rows())

    def put_bodies(self, tenant: str, bodies: Mapping[str, bytes]) -> None:
        """Keep bytes, sealed."""
        names = [name for name, body in bodies.items() if body]
        if not names:
            return
        packed = [base64.b64encode(zlib.compress(bodies[name], 1)).decode() for name in names]
        with self._access.transaction():
            sealed = self._access.vault.seal(tenant, packed, [_place(name) for name in names])
            now = self._access.now()
            told = {"tenant": [tenant] * len(names), "body": names, "sealed": sealed}
            self._access.rows().put(EXCHANGE_BODIES, pl.DataFrame(told).with_columns(now.alias("kept_at")))

    def find_bodies(self, tenant: str, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of those names that are there."""
        if not names:
            return {}
        keys = pl.DataFrame({"tenant": [tenant] * len(names), "body": list(names)})
        schema: dict[str, pl.DataType] = {"body": pl.String(), "sealed": pl.String()}
        with self._access.reading():
            rows = self._access.rows()
            source = rows.wanted(EXCHANGE_BODIES, "tenant", "body")
            found = rows.select(f"SELECT t.body, t.sealed FROM {source}", [rows.keys(keys)], schema)
            listed = found.get_column("body").to_list()
            opened = self._access.vault.open(
                tenant, found.get_column("sealed").to_list(), [_place(name) for name in listed]
            )
        return {name: _unpack(text, name) for name, text in zip(listed, opened, strict=True)}

    def list_bodies(self, tenant: str, after: str, limit: int) -> list[str]:
        """The names of bytes that are kept."""
        sql = f"SELECT body FROM exchange_bodies WHERE tenant = ? AND body > ? ORDER BY body LIMIT {limit:d}"
        with self._access.reading():
            rows = self._access.rows().find_rows(sql, [tenant, after])
        return [str(row[0]) for row in rows]

    def remove_bodies(self, tenant: str, names: Sequence[str]) -> None:
        """Forget bytes."""
        keys = pl.DataFrame({"tenant": [tenant] * len(names), "body": list(names)})
        with self._access.transaction():
            if names:
                self._access.rows().delete(EXCHANGE_BODIES, keys)

    def remove_old_bodies(self, tenant: str, before: datetime) -> int:
        """Forget the bytes that were kept before, but for those that are still needed."""
        needed = (
            "SELECT 'out ' || sent FROM exchange_sent WHERE tenant = ? AND state = 'open' UNION ALL "
            "SELECT 'in ' || came FROM exchange_came_messages WHERE tenant = ? AND state = 'kept'"
        )
        where = f"tenant = ? AND kept_at < ? AND body NOT IN ({needed})"
        values = [tenant, to_micros(before), tenant, tenant]
        with self._access.transaction():
            rows = self._access.rows()
            count = rows.find_row(f"SELECT count(*) FROM exchange_bodies WHERE {where}", values)
            rows.change(f"DELETE FROM exchange_bodies WHERE {where}", values)
        return int(count[0]) if count else 0

    def list_accounts(self) -> list[str]:
        """The accounts of which bytes are kept."""
        with self._access.reading():
            rows = self._access.rows().find_rows("SELECT DISTINCT tenant FROM exchange_bodies ORDER BY tenant", [])
        return [str(row[0]) for row in rows]

    def list_partnered(self) -> list[str]:
        """The accounts that have partners."""
        with self._access.reading():
            rows = self._access.rows().find_rows("SELECT DISTINCT tenant FROM partner_operators ORDER BY tenant", [])
        return [str(row[0]) for row in rows]

    def seal_anew(self, tenant: str) -> int:
        """Seal all bytes of an account by its latest key."""
        one = "FROM exchange_bodies WHERE tenant = ? AND body = ?"
        with self._access.transaction():
            rows, vault = self._access.rows(), self._access.vault
            names = rows.find_rows("SELECT body FROM exchange_bodies WHERE tenant = ? ORDER BY body", [tenant])
            for (name,) in names:
                place = [_place(str(name))]
                found = rows.find_row(f"SELECT sealed {one}", [tenant, name]) or ("",)
                (sealed,) = vault.seal(tenant, vault.open(tenant, [str(found[0])], place), place)
                change = "UPDATE exchange_bodies SET sealed = ? WHERE tenant = ? AND body = ?"
                rows.change(change, [sealed, tenant, name])
        return len(names)

    def _select(self, kind: type[N], rest: str, values: Sequence[Any]) -> list[N]:
        form = FORMS[kind]
        sql = f"SELECT {quoted(form.names, 't.')} FROM {form.table.name} t {rest}"
        with self._access.reading():
            frame = self._access.rows().select(sql, list(values), form.schema)
        return [to_noun(kind, row) for row in frame.iter_rows()]


def _stored(value: Any) -> Any:
    return to_micros(value) if isinstance(value, datetime) else value


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _place(name: str) -> str:
    return f"body {name}"


def _unpack(text: str, name: str) -> bytes:
    try:
        return zlib.decompress(base64.b64decode(text))
    except (ValueError, zlib.error):
        raise StoreError(f"what is kept as {name} is damaged; take it from a backup") from None

"""Items found by what somebody remembers of them, and the sums of their blocks, in either database."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.base.errors import StoreError
from entrepost.mail.status import Status
from entrepost.operations.look_store import BLOCK, FINDING, SUMS, FindingsWanted, Wanted
from entrepost.store.access import Access
from entrepost.store.look_findings import count_of, page_of
from entrepost.store.recipients import name_of
from entrepost.store.rows import frame_schema
from entrepost.store.schema import FINDINGS, ITEMS, ORDER, ORDERS, PROMISES, SELLERS, STATUSES

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US
MONDAY_US = 3 * DAY_US
"""1 January 1970 was a Thursday; weeks begin on Mondays."""

AT_AN_END = tuple(int(each) for each in Status if each.shown in ("delivered", "returning", "returned", "ended"))
"""States in which nobody waits for an item any more."""

NUMBER = frame_schema(ITEMS, ("item_no",))
LAST_SIGN = "\U0010ffff"


class SqlLook:
    """`LookStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def close(self) -> None:
        """Nothing is held."""

    def find_last(self) -> int:
        """The highest number of an item."""
        found = self._select("SELECT max(item_no) AS item_no FROM items", [], NUMBER)
        return int(found.item() or 0)

    def list_marks(self, first: int, last: int) -> pl.DataFrame:
        """Marks of the blocks of a range: how many of their items have a status, and how many events."""
        sql = f"""SELECT item_no / {BLOCK:d} AS block, count(*) + {BLOCK:d} * CAST(sum(events) AS bigint) AS mark
            FROM statuses WHERE item_no BETWEEN ? AND ? GROUP BY 1"""
        values = [first * BLOCK, (last + 1) * BLOCK - 1]
        return self._select(sql, values, {"block": pl.Int64(), "mark": pl.Int64()})

    def sum_block(self, block: int) -> pl.DataFrame:
        """What the items of a block add up to."""
        week = f"({{}} + {MONDAY_US:d}) / {WEEK_US:d}"
        waited_for = f"s.wait_ended_at IS NULL AND COALESCE(s.state, 0) NOT IN {AT_AN_END}"
        cells = {
            "block": f"{block:d}",
            "state": "COALESCE(s.state, 0)",
            **{name: f"t.{name}" for name in ("tenant", "origin", "country", "service")},
            "reason": "COALESCE(s.reason, '')",
            "placed_week": week.format("o.placed_at"),
            "ended_week": week.format("s.wait_ended_at"),
            "due_day": f"CASE WHEN {waited_for} THEN p.arrive_by_p90 / {DAY_US:d} END",
            "kept": "CASE WHEN s.wait_ended_at IS NULL OR p.arrive_by_p90 IS NULL THEN NULL "
            "WHEN s.wait_ended_at <= p.arrive_by_p90 THEN 1 ELSE 0 END",
        }
        sums = {
            "items": "count(*)",
            "wait_hours": f"CAST(COALESCE(sum((s.wait_ended_at - o.placed_at) / {HOUR_US:d}), 0) AS bigint)",
        }
        listed = ", ".join(f'{cell} AS "{name}"' for name, cell in (cells | sums).items())
        grouped = ", ".join(str(place) for place in range(2, len(cells) + 1))
        sql = f"SELECT {listed} FROM {self._joined()} GROUP BY {grouped}"
        return self._select(sql, [block * BLOCK, (block + 1) * BLOCK - 1], SUMS)

    def list_block(self, block: int, wanted: Wanted, before: int, limit: int) -> pl.DataFrame:
        """Wanted items of a block, the last first."""
        conditions = ["t.tenant || '' = ?"]  # so that the items are found by their numbers, not by an index on accounts
        values: list[Any] = [block * BLOCK, min(before, (block + 1) * BLOCK) - 1, wanted.tenant]
        if wanted.states:
            conditions.append(f"COALESCE(s.state, 0) IN ({', '.join(f'{state:d}' for state in wanted.states)})")
        if wanted.country:
            conditions.append("t.country = ?")
            values.append(wanted.country)
        if wanted.due_before is not None:
            conditions.append(f"s.wait_ended_at IS NULL AND COALESCE(s.state, 0) NOT IN {AT_AN_END}")
            conditions.append("p.arrive_by_p90 < ?")
            values.append(to_micros(wanted.due_before))
        where = " AND ".join(conditions)
        source = self._joined(orders=False, promises=wanted.due_before is not None)
        sql = f"SELECT t.item_no FROM {source} WHERE {where} ORDER BY t.item_no DESC LIMIT {limit:d}"
        return self._select(sql, values, NUMBER)

    def page_findings(self, wanted: FindingsWanted) -> pl.DataFrame:
        """A page of findings."""
        return self._select(*page_of(wanted), frame_schema(FINDINGS, FINDING))

    def count_findings(self, wanted: FindingsWanted) -> int:
        """How many findings are wanted."""
        return int(self._select(*count_of(wanted), {"row": pl.Int64()}).item())

    def find_like(self, tenant: str, beginning: str, limit: int) -> pl.DataFrame:
        """Items whose identifier begins so, by the index on both."""
        sql = f"""SELECT item_no FROM items WHERE tenant = ? AND item_id >= ? AND item_id < ?
            ORDER BY item_id, issued_at LIMIT {limit:d}"""
        return self._select(sql, [tenant, beginning, beginning + LAST_SIGN], NUMBER)

    def find_orders_like(self, tenant: str, beginning: str, limit: int) -> pl.DataFrame:
        """Orders whose number begins so: looked for under each seller, because the index has sellers first."""
        own = "o.tenant = s.tenant AND o.seller = s.seller AND o.order_id >= ? AND o.order_id < ?"
        orders = self._access.rows().lookup(ORDERS, "o", own)
        sql = f"""SELECT o.tenant, o.seller, o.order_id FROM {SELLERS.name} s {orders}
            WHERE s.tenant = ? ORDER BY o.order_id, o.seller LIMIT {limit:d}"""
        return self._select(sql, [beginning, beginning + LAST_SIGN, tenant], frame_schema(ORDERS, ORDER))

    def find_orders_of(self, tenant: str, person: str, limit: int) -> pl.DataFrame:
        """Orders that go to a person, by what stands for the person."""
        with self._access.transaction():
            address, name = self._access.vault.pseudonyms(tenant, [person.strip().lower(), name_of(person)])
        sql = f"""SELECT tenant, seller, order_id FROM recipients
            WHERE tenant = ? AND {{}} = ? AND pseudonymised_at IS NULL AND erased_at IS NULL
            ORDER BY seller, order_id LIMIT {limit:d}"""
        schema = frame_schema(ORDERS, ORDER)
        known = [self._select(sql.format(column), [tenant, key], schema) for column, key in _named(address, name)]
        return pl.concat(known).unique(maintain_order=True).head(limit)

    def _joined(self, orders: bool = True, promises: bool = True) -> str:
        """A block's items with their status, order and promise; the block leads, and indexes find the others."""
        joined = f"""(SELECT * FROM items WHERE item_no BETWEEN ? AND ?) t
            LEFT JOIN {STATUSES.name} s ON s.item_no = t.item_no"""
        if orders:
            joined += f" LEFT JOIN {ORDERS.name} o ON {_same('o', ORDER)}"
        if promises:
            joined += f" LEFT JOIN {PROMISES.name} p ON {_same('p', (*ORDER, 'service'))}"
        return joined

    def _select(self, sql: str, values: list[Any], schema: dict[str, Any]) -> pl.DataFrame:
        with self._access.reading():
            return self._access.rows().select(sql, values, schema)


class SqliteLook(SqlLook):
    """Looks through a connection that only reads, opened with the first look: who counts keeps no writer waiting."""

    def __init__(self, path: Path, other: SqlLook) -> None:
        super().__init__(other._access)
        self._path, self._turn = path, Lock()
        self._driver: sqlite3.Connection | None = None

    def close(self) -> None:
        """Give the connection back; it must go before that of the writer, who then tidies up."""
        with self._turn:
            if self._driver is not None:
                self._driver.close()
                self._driver = None

    def _select(self, sql: str, values: list[Any], schema: dict[str, Any]) -> pl.DataFrame:
        with self._turn:
            try:
                self._driver = self._driver or self._open()
                found = self._driver.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise StoreError(f"the database cannot be read: {error}") from None
        return self._access.rows().read(found, schema)

    def _open(self) -> sqlite3.Connection:
        place = f"file:{quote(str(self._path.resolve()))}?mode=ro"
        driver = sqlite3.connect(place, uri=True, check_same_thread=False, isolation_level=None)
        driver.execute("PRAGMA query_only = ON")
        return driver


def _named(address: str, name: str) -> list[tuple[str, str]]:
    """Columns in which a person may be found, and what stands there; what stands for nothing is not looked for."""
    return [("person", address), *([("name_key", name)] if name else [])]


def _same(alias: str, names: tuple[str, ...]) -> str:
    return " AND ".join(f"{alias}.{name} = t.{name}" for name in names)

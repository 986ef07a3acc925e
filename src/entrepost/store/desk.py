"""Orders that wait for a promise, and what promises took from shelves, in the database."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.operations.desk_store import TAKEN
from entrepost.store.access import Access
from entrepost.store.rows import frame_schema
from entrepost.store.schema import AWAITING, ORDER, TAKINGS

ARTICLE = ("tenant", "warehouse", "seller", "sku")
SHELF = (*ARTICLE, "filled_at")
PLACE = (*ORDER, "placed_at")


class SqlDesk:
    """`DeskStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def add_taken(self, taken: pl.DataFrame) -> None:
        """Count them on what was taken before."""
        new = taken.group_by(SHELF, maintain_order=True).agg(pl.col("quantity").sum())
        with self._access.transaction():
            self._access.hold("shelves")
            rows = self._access.rows()
            sql = f"SELECT {', '.join(f't.{name}' for name in TAKEN)} FROM {rows.wanted(TAKINGS, *ARTICLE)}"
            before = rows.select(sql, [rows.keys(new.select(ARTICLE))], frame_schema(TAKINGS, TAKEN))
            before = before.join(new, on=SHELF, how="semi")
            both = pl.concat([each.select(list(TAKEN)) for each in (new, before)])
            rows.put(TAKINGS, both.group_by(SHELF, maintain_order=True).agg(pl.col("quantity").sum()))

    def list_taken(self, tenant: str = "", since: datetime | None = None) -> pl.DataFrame:
        """Sum them up."""
        asked = {"tenant = ?": tenant, "filled_at >= ?": to_micros(since) if since else 0}
        told = {condition: value for condition, value in asked.items() if value}
        names = ("warehouse", "seller", "sku", "quantity")
        sql = f"""SELECT warehouse, seller, sku, CAST(sum(quantity) AS BIGINT) AS quantity FROM takings
            WHERE {" AND ".join(told) or "TRUE"} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
        with self._access.reading():
            self._access.hold("shelves")
            return self._access.rows().select(sql, list(told.values()), frame_schema(TAKINGS, names))

    def let_wait(self, orders: pl.DataFrame, batch: str) -> None:
        """Keep them by the time of the orders."""
        with self._access.transaction():
            self._access.rows().insert_new(AWAITING, orders.select(PLACE).unique().with_columns(batch=pl.lit(batch)))

    def let_all_wait(self, tenant: str, batch: str) -> None:
        """Find them where they are."""
        sql = """INSERT INTO awaiting (tenant, batch, placed_at, seller, order_id)
            SELECT t.tenant, ?, t.placed_at, t.seller, t.order_id FROM orders t
            WHERE t.tenant = ?"""
        for table in ("promises", "items"):
            sql += f""" AND NOT EXISTS (SELECT 1 FROM {table} p
                WHERE p.tenant = t.tenant AND p.seller = t.seller AND p.order_id = t.order_id)"""
        with self._access.transaction():
            self._access.rows().change(sql, [batch, tenant])

    def list_waiting(self, tenant: str, batch: str, limit: int) -> pl.DataFrame:
        """By the time of the orders."""
        sql = f"""SELECT {", ".join(PLACE)} FROM awaiting WHERE tenant = ? AND batch = ?
            ORDER BY placed_at, seller, order_id LIMIT {limit:d}"""
        with self._access.reading():
            return self._access.rows().select(sql, [tenant, batch], frame_schema(AWAITING, PLACE))

    def count_waiting(self, tenant: str, batch: str) -> int:
        """Count them."""
        with self._access.reading():
            sql = "SELECT count(*) FROM awaiting WHERE tenant = ? AND batch = ?"
            found = self._access.rows().find_row(sql, [tenant, batch])
        return int(found[0]) if found else 0

    def wait_no_more(self, orders: pl.DataFrame, batch: str) -> None:
        """Delete them."""
        keys = orders.select(PLACE).with_columns(batch=pl.lit(batch))
        with self._access.transaction():
            self._access.rows().delete(AWAITING, keys)

    def end_waiting(self, tenant: str, batch: str) -> None:
        """Delete what is left."""
        with self._access.transaction():
            self._access.rows().change("DELETE FROM awaiting WHERE tenant = ? AND batch = ?", [tenant, batch])

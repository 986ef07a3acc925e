"""Items that other operators announced, in either database."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from entrepost.operations.inbound_store import KNOWN, POSTING
from entrepost.store.access import Access
from entrepost.store.rows import frame_schema
from entrepost.store.schema import CONTAINMENTS, ITEMS, ORDER, ORDERS, SELLERS, TENANTS

OF_ITEM = ("item_id", "item_no", "order_id", "operator", "announced", "origin", "country", "issued_at")


class SqlInbound:
    """`InboundStore` in either database."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def find(self, tenant: str, item_ids: Sequence[str]) -> pl.DataFrame:
        """The last issue of each item."""
        schema = frame_schema(ITEMS, OF_ITEM) | frame_schema(ORDERS, ["pseudonymised_at"])
        keys = pl.DataFrame({"tenant": [tenant] * len(item_ids), "item_id": list(item_ids)}, schema=KEYS)
        own = " AND ".join(f"o.{name} = t.{name}" for name in ORDER)
        columns = ", ".join(f"t.{name}" for name in OF_ITEM)
        with self._access.reading():
            rows = self._access.rows()
            source = f"{rows.wanted(ITEMS, 'tenant', 'item_id')} {rows.lookup(ORDERS, 'o', own)}"
            sql = f"SELECT {columns}, o.pseudonymised_at FROM {source} ORDER BY t.issued_at"
            found = rows.select(sql, [rows.keys(keys)], schema)
        last = found.unique("item_id", keep="last", maintain_order=True)
        return last.with_columns(is_forgotten=pl.col("pseudonymised_at").is_not_null()).select(KNOWN)

    def add_postings(self, postings: pl.DataFrame) -> None:
        """Insert them, their sellers and tenants where they are new."""
        made = postings.with_columns(created_at=self._access.now())
        with self._access.transaction():
            rows = self._access.rows()
            rows.insert_new(TENANTS, made.select("tenant", "created_at").unique("tenant"))
            rows.insert_new(SELLERS, made.select("tenant", "seller", "created_at").unique(["tenant", "seller"]))
            rows.insert_new(ORDERS, postings.select(*POSTING, pl.lit("").alias("intake")))

    def change_postings(self, postings: pl.DataFrame) -> None:
        """Write over them."""
        with self._access.transaction():
            self._access.rows().update(ORDERS, postings)

    def change_items(self, items: pl.DataFrame) -> None:
        """Write over their cells."""
        with self._access.transaction():
            self._access.rows().update(ITEMS, items)

    def contain_again(self, containments: pl.DataFrame) -> None:
        """Take their ends away."""
        with self._access.transaction():
            endless = containments.with_columns(until=pl.lit(None, containments.schema["until"]))
            self._access.rows().put(CONTAINMENTS, endless)


KEYS = {"tenant": pl.String(), "item_id": pl.String()}

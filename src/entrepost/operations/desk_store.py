"""What the order desk needs of a store: orders that wait for a promise, and what promises took from shelves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import polars as pl

from entrepost.tables.frames import INSTANT

TAKEN = {
    **dict.fromkeys(("tenant", "warehouse", "seller", "sku"), pl.String()),
    "filled_at": INSTANT,
    "quantity": pl.Int64(),
}
"""Columns of what was taken; `filled_at` is when the shelf was filled, 1970 where that is not told."""


class DeskStore(Protocol):
    """The verbs of `Store.desk`."""

    def add_taken(self, taken: pl.DataFrame) -> None:
        """Count pieces (columns of `TAKEN`) that promises take from shelves, in their transaction."""

    def list_taken(self, tenant: str = "", since: datetime | None = None) -> pl.DataFrame:
        """Pieces that promises took: warehouse, seller, sku, quantity; of an account or all, of shelves filled since.

        Inside a transaction nobody else takes any until it ends.
        """

    def let_wait(self, orders: pl.DataFrame, batch: str) -> None:
        """Let orders (tenant, seller, order_id, placed_at) wait for a batch of promises."""

    def let_all_wait(self, tenant: str, batch: str) -> None:
        """Let each order of an account that has neither promise nor items wait for a batch."""

    def list_waiting(self, tenant: str, batch: str, limit: int) -> pl.DataFrame:
        """The earliest orders that wait for a batch: tenant, seller, order_id, placed_at."""

    def count_waiting(self, tenant: str, batch: str) -> int:
        """How many orders wait for a batch."""

    def wait_no_more(self, orders: pl.DataFrame, batch: str) -> None:
        """These orders were looked at."""

    def end_waiting(self, tenant: str, batch: str) -> None:
        """No order waits for the batch any more."""

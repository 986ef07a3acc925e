"""What a store keeps of items that other operators announce: who gets them, since when they are known, and by what.

Nobody told us the order behind such an item. Where an item of our own has its order, it has its *posting*: a row of
orders that has no lines and no seller, is named by the item, and tells when it was posted and where it goes. So who
gets it is sealed, forgotten and erased as everybody else is, and no list of orders has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import polars as pl

INBOUND = ""
"""The seller of a posting: nobody told us who sold what is in it."""

ITMATT, PREDES, WITHDRAWN = "ITMATT", "PREDES", "withdrawn"
"""By what an item is announced: its own advance data, or its dispatch alone; *withdrawn*: they were taken back."""

POSTING = ("tenant", "seller", "order_id", "placed_at", "origin", "country", "postcode", "city")
"""Columns of postings in frames."""

KNOWN = ("item_id", "item_no", "order_id", "operator", "announced", "origin", "country", "issued_at", "is_forgotten")
"""Columns of items that are there already; `is_forgotten`: who gets it was pseudonymised or erased."""


def name_posting(item_id: str, issued_at: datetime) -> str:
    """The name of a posting: a number that is given again after years has another one."""
    return f"{item_id} {issued_at:%Y-%m-%d}"


class InboundStore(Protocol):
    """Where announced items are kept; the verbs of `Store.inbound`."""

    def find(self, tenant: str, item_ids: Sequence[str]) -> pl.DataFrame:
        """The last issue of each item of these numbers that is there, whoever made it: columns of `KNOWN`."""

    def add_postings(self, postings: pl.DataFrame) -> None:
        """Keep new postings (columns of `POSTING`)."""

    def change_postings(self, postings: pl.DataFrame) -> None:
        """Change postings that are there."""

    def change_items(self, items: pl.DataFrame) -> None:
        """Change what the frame tells of items that are there, each by its item_no; not their status."""

    def contain_again(self, containments: pl.DataFrame) -> None:
        """What ended goes on: these containments (columns of `CONTAINMENT`) have no end any more."""

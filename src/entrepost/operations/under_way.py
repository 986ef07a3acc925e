"""Some items that are under way, from all over a store: what they need is likely to be asked for."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from entrepost.mail.status import Status
from entrepost.operations.look_store import BLOCK, Wanted
from entrepost.operations.store import Store

OPEN = tuple(int(each) for each in Status if each.shown not in ("delivered", "returned", "ended"))
"""States of items that are not at an end."""

BLOCKS = 200
"""So many blocks of items are looked into, the last ones."""


def list_under_way(store: Store, most: int) -> Iterator[tuple[str, str]]:
    """Account and number of items under way, those announced last first; about `most`, spread over their blocks."""
    last = store.look.find_last() // BLOCK
    blocks = range(last, max(last - BLOCKS, -1), -1)
    tenants = store.list_sellers().get_column("tenant").unique().sort().to_list()
    each = -(-most // max(len(blocks) * len(tenants), 1))
    for block in blocks:
        for tenant in tenants:
            numbers = store.look.list_block(block, Wanted(tenant, OPEN), (block + 1) * BLOCK, each)
            if numbers.height:
                yield from _names(store.list_items(numbers=numbers))


def _names(items: pl.DataFrame) -> Iterator[tuple[str, str]]:
    yield from items.select("tenant", "item_id").iter_rows()

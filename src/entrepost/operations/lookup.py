"""Items by what somebody remembers of them: a number, an order, or to whom it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from entrepost.codes.signs import squeeze
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER

FOUND_MAX = 50
NUMBER = re.compile(r"[A-Z]{2}\d{1,9}[A-Z]{0,2}", re.ASCII)
TEXT_MAX = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: items as `Store.list_items` gives them, orders that have no item yet, and whether that is all."""

    items: pl.DataFrame
    orders: pl.DataFrame
    is_all: bool


def look_up(store: Store, tenant: str, text: str, limit: int = FOUND_MAX) -> Found:
    """Items of an account by the beginning of their number or their order's, or by the recipient's name or address.

    A name is compared as a whole, without accents, capitals and the order of its words: what is kept of it is sealed,
    and only what stands for the whole name can be compared. Who was forgotten is not found.
    """
    words = text.strip()[:TEXT_MAX]
    number = squeeze(words)
    if not words or "\0" in words:
        return Found(store.list_items(numbers=_none()), _none_of_orders(), True)
    numbers = store.look.find_like(tenant, number, limit + 1) if NUMBER.fullmatch(number) else _none()
    orders = pl.concat(
        [store.look.find_orders_like(tenant, words, limit + 1), store.look.find_orders_of(tenant, words, limit + 1)]
    ).unique(maintain_order=True)
    by_number = store.list_items(numbers=numbers)
    by_order = store.list_items(orders=orders)
    items = pl.concat([by_number, by_order]).unique("item_no", maintain_order=True)
    without = orders.join(items, on=ORDER, how="anti")
    is_all = max(numbers.height, orders.height, items.height) <= limit
    return Found(items.head(limit), without.head(limit), is_all)


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"item_no": pl.Int64()})


def _none_of_orders() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(ORDER, pl.String()))

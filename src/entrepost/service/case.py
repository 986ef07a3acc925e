"""Orders made ready for quoting: packed into items, located, with day, hour and value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.network.network import Network
from entrepost.service.eligibility import BATTERIES
from entrepost.service.exchange import Exchange
from entrepost.tables.frames import conform
from entrepost.tables.items import ORDER, items_of
from entrepost.tables.regions import locate


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: `orders` has a row per order, `items` one per item, `lines` one per order line.

    `order` numbers the orders in the order of their first line. Items carry the region and area,
    `placed_day` (days since 1970 in the network's zone), `battery_level` and
    `converted_value_minor` in the network's currency (null: no rate of exchange is known); direct mail
    needs no warehouse, so `warehouse_found` and `in_stock` are yes until a service asks for them.
    """

    orders: pl.DataFrame
    items: pl.DataFrame
    lines: pl.DataFrame
    exchange: Exchange


def read_case(network: Network, orders: pl.DataFrame, exchange: Exchange) -> Case:
    """Make a frame of the table `orders` ready for quoting."""
    lines = conform(orders, "orders")
    items = locate(network, items_of(lines))
    local = pl.col("placed_at").dt.convert_time_zone(network.time_zone).dt.date()
    items = items.with_columns(
        order=(pl.col("item") == 1).cum_sum().cast(pl.Int64) - 1,
        placed_day=local.cast(pl.Int32).cast(pl.Int64),
    )
    level = pl.col("battery").replace_strict(BATTERIES, return_dtype=pl.Int64)
    value = exchange.convert(items.select("placed_day", "currency", amount_minor="value_minor"))
    items = items.with_columns(
        value.alias("converted_value_minor"), battery_level=level, warehouse_found=True, in_stock=True
    )
    return Case(_by_order(items), items, lines, exchange)


def _by_order(items: pl.DataFrame) -> pl.DataFrame:
    """One row per order: its names, places, hours and number of items."""
    first = ("origin", "country", "region", "area", "placed_at", "placed_day", "wanted_by", "currency")
    begin = (items.get_column("item") == 1).arg_true().to_numpy()
    return items[begin].select(
        "order",
        *ORDER,
        *first,
        items=pl.Series(np.diff(begin, append=items.height).astype(np.int64)),
        start_hour=-(-pl.col("placed_at").dt.epoch("us") // HOUR_US),
        wanted_hour=pl.col("wanted_by").dt.epoch("us") // HOUR_US,
    )

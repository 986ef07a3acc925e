"""A market that can be checked by hand: `one_warehouse` with a lamp ordered several times a day for four weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from entrepost.network.network import Network
from tests.worlds import MONDAY, four_orders, one_warehouse

FREE = {
    "capital_rate_year": 0.0,
    "write_off_rate_year": 0.0,
    "purchase_share": 0.0,
    "returns_share": 0.0,
    "declaration_9610": 0.0,
    "declaration_9810": 0.0,
    "bulk_clearance": 0.0,
    "truck_kg": 0.0,
    "stock_margin": 0.0,
}
"""Terms under which goods cost nothing but the tax of 19 %, which is due either way."""
DAYS = 28


def lamps(a_day: int = 4, days: int = DAYS) -> pl.DataFrame:
    """So many orders of one lamp at Mon 00 of each of the weeks that the days make, all to Frankfurt."""
    one = four_orders().head(1)
    placed = [MONDAY + timedelta(weeks=day // 7) for day in range(days) for _ in range(a_day)]
    return pl.concat([one] * len(placed)).with_columns(
        order_id=pl.Series([f"o{number}" for number in range(len(placed))]),
        placed_at=pl.Series(placed, dtype=pl.Datetime("us", "UTC")),
    )


def closed_warehouse(cost_year_minor: int = 0, capacity: int = 1000) -> Network:
    """`one_warehouse` without stock, closed, with this fixed cost of a year in fen."""
    base = one_warehouse()
    row = replace(base.warehouses[0], open=False, cost_year_minor=cost_year_minor, capacity_items=capacity)
    return replace(base, warehouses=(row,), stock=())


def lamps_and_gems(a_day: int = 4, days: int = DAYS) -> pl.DataFrame:
    """`lamps`, and as many gems of 1,500 g and 20,000.00 CNY, which cost more on a shelf than to wait for."""
    gems = lamps(a_day, days).with_columns(
        order_id=pl.concat_str(pl.lit("g"), "order_id"),
        sku=pl.lit("GEM"),
        description=pl.lit("gem"),
        weight_g=pl.lit(1500, pl.Int64),
        unit_value=pl.lit("20000.00"),
    )
    return pl.concat([lamps(a_day, days), gems.select(lamps(1, 1).columns)])


DEAR_CAPITAL = FREE | {
    "capital_rate_year": 1.0,
    "purchase_share": 1.0,
    "export_rebate": 0.0,
}
"""Terms under which a gem costs far more on a shelf than in a bag, and a lamp does not."""

"""Cost to serve: what an item to a country, of a seller or of a class costs in a plan, and how it waits."""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.planning.options import PARTS
from entrepost.planning.planner.result import Plan

KEYS = ("country", "area", "origin", "seller", "product_class", "popularity", "service", "warehouse", "mode", "option")


def cost_to_serve(plan: Plan, by: tuple[str, ...] = ("country",)) -> pl.DataFrame:
    """Means over the items of each country, or of what else is asked for.

    The fixed cost of a warehouse is shared by the items that come from it, as many as do.

    Parameters
    ----------
    by : tuple of str
        Columns of `KEYS`.

    Returns
    -------
    DataFrame
        A row each, the dearest in all first: the keys, items_year, from_stock_share, every part of the cost and
        fixed_minor by the item, cost_item_minor (their sum), cost_year_minor, wait_days.
    """
    if unknown := [name for name in by if name not in KEYS]:
        raise MisuseError(f"cost cannot be told by {unknown[0]!r}; there are {', '.join(KEYS)}")
    rows = plan.choices.join(
        plan.warehouses.select("warehouse", "cost_year_minor", stocked="items_year"), on="warehouse", how="left"
    )
    share = pl.col("served_share") * pl.col("cost_year_minor") / pl.col("stocked")
    rows = rows.with_columns(fixed_minor=share.fill_null(0.0), wait_days=pl.col("wait_hours_mean") / 24)
    items = pl.col("items_year")
    names = (*PARTS, "fixed_minor", "wait_days")
    means = {name: (pl.col(name) * items).sum() / items.sum() for name in names}
    found = rows.group_by(by).agg(
        items_year=items.sum(), from_stock_share=(pl.col("served_share") * items).sum() / items.sum(), **means
    )
    item = pl.sum_horizontal(*PARTS, "fixed_minor")
    found = found.with_columns(cost_item_minor=item, cost_year_minor=item * items)
    return found.sort("cost_year_minor", *by, descending=[True, *[False] * len(by)])

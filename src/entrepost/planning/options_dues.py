"""What is due at the border on the items of each group, by mail and in bulk: means over a few of its real orders.

Limits make what is due jump with the value of an order, so it is worked out on orders that were placed, spread over
the values of their group, and not on one of mean value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.border import DUES, RATES, bulk_rates, mail_dues
from entrepost.service.case import Case
from entrepost.service.landed import Landed
from entrepost.tables.items import ORDER

MOST = 4
"""So many orders stand for a group."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Orders that stand for groups: `rows` has group, tenant, seller, order_id, items (of the order) and weight, which
    is how many items of the group it stands for; `lines` are theirs, as if ordered on the market's last day."""

    rows: pl.DataFrame
    lines: pl.DataFrame


def draw_samples(case: Case, items: pl.DataFrame, last: datetime) -> Samples:
    """Of each group up to `MOST` orders, evenly spread over the values of its items.

    Parameters
    ----------
    items : DataFrame
        Items with their group.
    last : datetime
        As if ordered then, so that all are under one law.
    """
    place, count = pl.int_range(pl.len()).over("group"), pl.len().over("group")
    ordered = items.sort("group", "converted_value_minor", *ORDER, "item").with_columns(place=place, count=count)
    taken = pl.min_horizontal(pl.col("count"), MOST)
    bin_ = pl.col("place") * taken // pl.col("count")
    middle = (2 * bin_ + 1) * pl.col("count") // (2 * taken)
    ordered = ordered.with_columns(bin=bin_, chosen=pl.col("place") == middle)
    weighted = ordered.with_columns(weight=pl.len().over("group", "bin").cast(pl.Float64)).filter("chosen")
    rows = weighted.join(case.orders.select(*ORDER, "items"), on=ORDER, how="left", maintain_order="left")
    lines = case.lines.join(rows.select(ORDER), on=ORDER, how="semi", maintain_order="left")
    return Samples(rows.select("group", *ORDER, "items", "weight"), lines.with_columns(placed_at=pl.lit(last)))


def with_mail_dues(network: Network, samples: Samples, rows: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """Direct options (group, service, route, price_minor of an item) with `DUES` of an item, in their order.

    A share `dues_known` of the items has dues that customs know.
    """
    rows = rows.with_row_index("#option")
    price = pl.col("price_minor") * pl.col("items")
    asked = rows.select("#option", "group", "service", "route", "price_minor").join(
        samples.rows, on="group", how="inner", maintain_order="left"
    )
    dues = mail_dues(network, samples.lines, asked.with_columns(charge_minor=price), landed)
    asked = asked.with_columns(dues)
    whole = pl.col("weight").sum()
    means = asked.group_by("#option").agg(
        *((pl.col(name) / pl.col("items") * pl.col("weight")).sum() / whole for name in DUES),
        dues_known=(pl.col("known") * pl.col("weight")).sum() / whole,
    )
    return rows.join(means, on="#option", how="left", maintain_order="left").drop("#option")


def with_bulk_rates(network: Network, samples: Samples, groups: pl.DataFrame, landed: Landed) -> pl.DataFrame:
    """Groups with `RATES`, the shares that are due where their goods come in bulk, in their order."""
    rates = samples.rows.join(bulk_rates(network, samples.lines, landed), on=ORDER, how="left", maintain_order="left")
    whole = pl.col("weight").sum()
    means = rates.group_by("group").agg((pl.col(name) * pl.col("weight")).sum() / whole for name in RATES)
    return groups.join(means, on="group", how="left", maintain_order="left")

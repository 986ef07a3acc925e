"""How many orders arrive unscanned: told by those that were seen at the last office and never again."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from entrepost.planning.simulation.world import FINAL_CODES
from entrepost.tables.items import ORDER

OUT = ("EMG", "EDG")
"""Arrived at the delivery office, or out for delivery."""

SILENT_DAYS = 21
"""Who was seen there and not again for so long was handed over without a scan (assumed; nothing else is known)."""

LEAST_ITEMS = 100


def with_unseen(orders: pl.DataFrame, events: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Add `unseen` to orders: the probability that the end of one of its items was never scanned.

    Parameters
    ----------
    orders : DataFrame
        tenant, seller, order_id, items.
    events : DataFrame
        tenant, seller, order_id, item_id, code, time: those that are known.
    """
    share = unseen_share(events, as_of)
    return orders.with_columns(unseen=1 - (1 - pl.lit(share)) ** pl.col("items"))


def unseen_share(events: pl.DataFrame, as_of: datetime) -> float:
    """Of the items that came to the delivery office, the share whose end nobody scanned; 0 where too few tell."""
    items = (
        events.filter(pl.col("code").is_in([*OUT, *FINAL_CODES]))
        .group_by(*ORDER, "item_id")
        .agg(
            out=pl.col("time").filter(pl.col("code").is_in(OUT)).max(),
            ended=pl.col("code").is_in(FINAL_CODES).any(),
        )
        .filter(pl.col("out") <= as_of - timedelta(days=SILENT_DAYS))
    )
    if items.height < LEAST_ITEMS:
        return 0.0
    return 1 - float(items.select(pl.col("ended").mean()).item())

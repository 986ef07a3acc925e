"""How soon articles leave the list of what is worth stocking, as earlier lists tell.

What sold twice in the known days is on the list; weeks later much of it sells no longer, and what lies there then is
left over. The share that is gone when the known days have passed once more, on average over the lists of earlier weeks,
is the rate at which stock has to be written off. No assumed rate tells that: on real orders it was 0.7 a year for
articles that sold every week and 7 for the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from entrepost.planning.popularity import STOCKABLE, popularity_of
from entrepost.tables.items import ORDER

YEAR_DAYS = 365.0
LEAVING = {"popularity": pl.String, "leaving_year": pl.Float64}
"""Columns of rates: how often in a year an article of a popularity leaves the list."""
WEEK = timedelta(weeks=1)


def leaving_rates(lines: pl.DataFrame, last: datetime, known_days: float) -> pl.DataFrame:
    """The rates at which articles of each popularity left the list: rows of `LEAVING`; none with too few orders.

    Each week's list is compared with that of `known_days` later, which rests on sales of other days.

    Parameters
    ----------
    lines : DataFrame
        Lines of orders: those of `ORDER`, sku, placed_at.
    last : datetime
        Sales before it are known.
    known_days : float
        Sales of so many days decide what is on a list.
    """
    sales = lines.filter(pl.col("sku").is_not_null()).unique([*ORDER, "sku"]).select("seller", "sku", "placed_at")
    span, first = timedelta(days=known_days), lines.get_column("placed_at").min()
    pairs, instant = [], last - span
    while instant - span >= first:  # type: ignore[operator]
        then, later = (_list(sales, each, known_days) for each in (instant, instant + span))
        pairs.append(then.join(later.select("seller", "sku", kept=1.0), on=["seller", "sku"], how="left"))
        instant -= WEEK
    if not pairs:
        return pl.DataFrame(schema=LEAVING)
    # Half an article more that stays, and half that leaves: a list of few is not taken to stay, or to leave, for good.
    stayed = (pl.col("kept").sum() + 0.5) / (pl.len() + 1)
    rate = -stayed.log() * YEAR_DAYS / known_days
    return pl.concat(pairs).group_by("popularity").agg(leaving_year=rate).sort("popularity")


def _list(sales: pl.DataFrame, instant: datetime, known_days: float) -> pl.DataFrame:
    """Seller, sku and popularity of what was on the list at an instant."""
    known = pl.col("placed_at").is_between(instant - timedelta(days=known_days), instant, closed="left")
    counts = sales.filter(known).group_by("seller", "sku").agg(sales=pl.len())
    named = counts.select("seller", "sku", popularity=popularity_of(pl.col("sales"), pl.lit(known_days)))
    return named.filter(pl.col("popularity").is_in(STOCKABLE))

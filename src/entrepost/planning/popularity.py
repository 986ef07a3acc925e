"""How often articles sell, by what was known on a day: that of the plan, or that on which each order was placed.

Whoever sorts orders by how often their articles sold in the same weeks finds among the popular what sold well by
chance, and counts on it. So demand is sorted by the sales *before* each order, as the next order will be.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from entrepost.tables.items import ORDER

POPULARITIES = ("daily", "weekly", "monthly", "rarely")
"""How often an article sells: at least once a day, once a week, twice in the known days; or more rarely."""

STOCKABLE = POPULARITIES[:-1]
SALES_LEAST = 2
FORESEEN_LEAST_DAYS = 28.0
"""With fewer days of orders demand is sorted by all of them: too few lie before most of them."""
UNSEEN_SHARE = 0.75
"""In the first part of the orders less is known than at the end: they are not counted (decision 26)."""


def list_articles(lines: pl.DataFrame, last: datetime, known_days: float) -> pl.DataFrame:
    """Seller, sku, popularity, sales and pieces a day in the last known days; weight, battery and dates of sale."""
    recent = (pl.col("placed_at") >= last - timedelta(days=known_days)).alias("recent")
    known = min(float(known_days), days_of(lines))
    named = lines.filter(pl.col("sku").is_not_null()).with_columns(recent)
    sales = named.group_by("seller", "sku").agg(
        sales=pl.struct(*ORDER).filter("recent").n_unique(),
        pieces_day=pl.col("quantity").filter("recent").sum() / known,
        weight_g=pl.col("weight_g").mean(),
        battery=pl.col("battery").last(),
        first_at=pl.col("placed_at").min(),
        last_at=pl.col("placed_at").max(),
    )
    return sales.with_columns(popularity=popularity_of(pl.col("sales"), pl.lit(known))).sort("seller", "sku")


def by_articles(lines: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """A row per order with the popularity of its least popular article; what is not listed sells rarely."""
    named = lines.join(articles.select("seller", "sku", "popularity"), on=["seller", "sku"], how="left")
    return _least(named.with_columns(pl.col("popularity").fill_null(POPULARITIES[-1])))


def by_sales_before(lines: pl.DataFrame, known_days: float) -> pl.DataFrame:
    """The same by the sales in the known days before each order; at the beginning there are fewer days."""
    first = lines.get_column("placed_at").min()
    once = lines.filter(pl.col("sku").is_not_null()).unique([*ORDER, "sku"]).sort("placed_at", *ORDER)
    before = once.rolling("placed_at", period=timedelta(days=known_days), closed="left", group_by=["seller", "sku"])
    counts = before.agg(sales=pl.len(), order=pl.lit(0)).select("seller", "sku", "placed_at", "sales")
    counts = counts.unique(["seller", "sku", "placed_at"])
    known = ((pl.col("placed_at") - first) / timedelta(days=1)).clip(1.0, known_days)
    named = lines.join(counts, on=["seller", "sku", "placed_at"], how="left")
    return _least(named.with_columns(popularity=popularity_of(pl.col("sales").fill_null(0), known)))


def days_of(lines: pl.DataFrame) -> float:
    """Days that the orders cover, at least a week."""
    first, last = lines.select(pl.col("placed_at").min(), last=pl.col("placed_at").max()).row(0)
    return float(max(7.0, (last - first) / timedelta(days=1)))


def popularity_of(sales: pl.Expr, known_days: pl.Expr) -> pl.Expr:
    """What so many sales in the known days make of an article."""
    often = sales / known_days
    return (
        pl.when(sales < SALES_LEAST)
        .then(pl.lit("rarely"))
        .when(often >= 1)
        .then(pl.lit("daily"))
        .when(often >= 1 / 7)
        .then(pl.lit("weekly"))
        .otherwise(pl.lit("monthly"))
    )


def _least(named: pl.DataFrame) -> pl.DataFrame:
    rank = {name: place for place, name in enumerate(POPULARITIES)}
    ranked = pl.col("popularity").replace_strict(rank, return_dtype=pl.Int64).max()
    names = dict(enumerate(POPULARITIES))
    return named.group_by(ORDER).agg(popularity=ranked.replace_strict(names, return_dtype=pl.String))

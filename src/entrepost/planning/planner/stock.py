"""What a plan lays on the shelves, article by article, and how each warehouse is replenished."""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepost.planning.options import Options
from entrepost.planning.shelf import keep_each
from entrepost.reference.planning_term import PlanningTerms

YEAR_DAYS = 365.0
COLUMNS = {
    "warehouse": pl.String,
    "mode": pl.String,
    "seller": pl.String,
    "sku": pl.String,
    "product_class": pl.String,
    "pieces_day": pl.Float64,
    "lead_days": pl.Float64,
    "review_days": pl.Float64,
    "served_share": pl.Float64,
    "level": pl.Int64,
    "on_hand": pl.Float64,
}


def list_stock(options: Options, choices: pl.DataFrame) -> pl.DataFrame:
    """A row per warehouse, mode, seller and article: pieces a day, the level up to which it is ordered, pieces on hand.

    Every article of a class lies where the class is stocked, as many as its share of the class's sales anywhere.

    Parameters
    ----------
    choices : DataFrame
        A row per group: group, product_class, option, warehouse, mode, served_share, lead_days.
    """
    market = options.market
    return fill_shelves(stocked_classes(choices), market.class_articles(), market.articles, options.terms)


def stocked_classes(choices: pl.DataFrame) -> pl.DataFrame:
    """A row per warehouse, mode, seller and product class: pieces asked a year, share that is met, cover_days."""
    stocked = choices.filter(pl.col("warehouse").is_not_null())
    demand = pl.col("items_year") * pl.col("pieces")
    keys = ("warehouse", "mode", "seller", "product_class")
    if stocked.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(keys, pl.String))
    return stocked.group_by(keys).agg(
        demand.sum().alias("asked_year"),
        served_share=(pl.col("served_share") * demand).sum() / demand.sum(),
        cover_days=(pl.col("cover_days") * demand).sum() / demand.sum(),
    )


def fill_shelves(
    classes: pl.DataFrame, shares: pl.DataFrame, articles: pl.DataFrame, terms: PlanningTerms
) -> pl.DataFrame:
    """The stock of classes, article by article: a frame of `COLUMNS`.

    Parameters
    ----------
    classes : DataFrame
        From `stocked_classes`.
    shares : DataFrame
        seller, product_class, sku, share: what part of what is asked of a class is of this article.
    articles : DataFrame
        seller, sku and product_class: the class that each article has by itself.
    """
    if classes.is_empty():
        return pl.DataFrame(schema=COLUMNS)
    keys = ["warehouse", "mode", "seller", "sku"]
    asked = classes.join(shares, on=["seller", "product_class"])
    asked = asked.with_columns(pieces_year=pl.col("asked_year") * pl.col("share")).drop("product_class")
    pieces = pl.col("pieces_year")
    rows = asked.group_by(keys).agg(
        pieces_day=pieces.sum() / YEAR_DAYS,
        cover_days=(pl.col("cover_days") * pieces).sum() / pieces.sum(),
        served_share=(pl.col("served_share") * pieces).sum() / pieces.sum(),
    )
    rows = rows.join(articles.select("seller", "sku", "product_class"), on=["seller", "sku"], how="left")
    load = (rows["pieces_day"] * rows["cover_days"]).to_numpy()
    level, on_hand = keep_each(load, np.clip(rows["served_share"].to_numpy(), 0.001, 0.999))
    return (
        rows.with_columns(
            lead_days=pl.col("cover_days") - terms.review_days / 2,
            review_days=pl.lit(terms.review_days),
            level=pl.Series(np.maximum(1, np.ceil(level)).astype(np.int64)),
            on_hand=pl.Series(on_hand),
        )
        .select(list(COLUMNS))
        .sort("warehouse", "mode", "seller", "sku")
    )


def list_replenishment(stock: pl.DataFrame, choices: pl.DataFrame) -> pl.DataFrame:
    """A row per warehouse and mode: articles, pieces a week, lead time in days, pieces on hand and on order."""
    if stock.is_empty():
        return pl.DataFrame(schema={"warehouse": pl.String, "mode": pl.String})
    pieces = pl.col("pieces_day")
    rows = stock.group_by("warehouse", "mode").agg(
        articles=pl.len(),
        pieces_week=7 * pieces.sum(),
        lead_days_mean=(pl.col("lead_days") * pieces).sum() / pieces.sum(),
        on_hand=pl.col("on_hand").sum(),
        level=pl.col("level").sum(),
    )
    served = choices.filter(pl.col("warehouse").is_not_null()).group_by("warehouse", "mode")
    return rows.join(served.agg(items_year=pl.col("items_year").sum()), on=["warehouse", "mode"]).sort(
        "warehouse", "mode"
    )

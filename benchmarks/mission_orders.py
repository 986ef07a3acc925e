"""Real order streams laid onto the sample network: their dates, baskets, articles and seasons, its regions and sellers.

The folder holds orders in the form of the Olist files (`eta_files`). Each of their areas (three signs of the
postcode) becomes a region of the network: areas stand in a drawn order along a line and regions along another in
proportion to their weights, so that regions get about the share that the network gives them and an area's buyers stay
together. Sellers become the network's sellers, dates move by whole weeks into the network's year. One such stream is
smaller than the network; so several are laid over one another, each drawn anew and with articles of its own, which
leaves every article's sales as they were.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.eta_files import AREA_SIGNS, read_table
from entrepost.network.network import Network
from entrepost.tables.frames import conform

SHIFT_WEEKS = 418
"""Eight years: a Thursday of February 2018 is one of February 2026."""
CURRENCY = "BRL"
INSTANT = "%Y-%m-%d %H:%M:%S"
LIGHTEST_G = 50
"""Where no weight is known, or less: the packing at least."""
HEAVIEST_G = 2000
"""What still goes as a small packet. A quarter of the articles is heavier: furniture and the like, which nobody sends
abroad one by one, and which would fill the flights of a network made for packets."""
SIDES = {"length_mm": "product_length_cm", "width_mm": "product_width_cm", "height_mm": "product_height_cm"}


def read_lines(folder: Path, heaviest_g: int = HEAVIEST_G) -> pl.DataFrame:
    """A row per order line: order_id, placed_at (local), area, seller_id, sku, quantity, price, grams, sides.

    Lines whose order, article or destination is absent, or whose article is heavier, are left out.
    """
    orders, lines = read_table(folder, "orders"), read_table(folder, "order_items")
    customers, products = read_table(folder, "customers"), read_table(folder, "products")
    placed = pl.col("order_purchase_timestamp").str.to_datetime(INSTANT, strict=False, time_unit="us")
    known = orders.unique("order_id").select("order_id", "customer_id", placed_at=placed).drop_nulls()
    area = pl.col("customer_zip_code_prefix").str.slice(0, AREA_SIGNS)
    known = known.join(customers.unique("customer_id").select("customer_id", area=area), on="customer_id")
    numbers = {name: pl.col(source).cast(pl.Float64, strict=False) * 10 for name, source in SIDES.items()}
    grams = pl.col("product_weight_g").cast(pl.Float64, strict=False).fill_null(0).clip(LIGHTEST_G)
    measured = products.unique("product_id").select("product_id", grams=grams, **numbers).fill_null(0.0)
    sold = lines.unique(["order_id", "order_item_id"]).group_by("order_id", "product_id", "seller_id", "price").len()
    found = sold.join(known, on="order_id").join(measured, on="product_id").filter(pl.col("grams") <= heaviest_g)
    return found.rename({"product_id": "sku", "len": "quantity"}).sort("placed_at", "order_id", "sku", "price")


def lay_streams(lines: pl.DataFrame, network: Network, copies: int, seed: int) -> pl.DataFrame:
    """Rows of the table `orders`: so many streams over one another, each drawn by its own seed."""
    streams = [_lay(lines, network, np.random.default_rng((seed, copy)), copy) for copy in range(copies)]
    return conform(pl.concat(streams).sort("placed_at", "order_id", "line"), "orders")


def shuffle_sales(lines: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The same lines with what was sold dealt to other days: every article sells as often, but at any time."""
    rows = np.random.default_rng(seed).permutation(lines.height)
    articles = ["sku", "seller_id", "price", "grams", *SIDES]
    return lines.drop(articles).hstack(lines.select(articles)[rows])


def _lay(lines: pl.DataFrame, network: Network, dice: np.random.Generator, copy: int) -> pl.DataFrame:
    regions = _draw(lines.get_column("area"), np.array([row.weight for row in network.regions]), dice)
    sellers = _draw(lines.get_column("seller_id"), np.array([row.weight for row in network.sellers]), dice)
    region, seller = network.regions, network.sellers
    laid = lines.with_columns(
        country=_taken([row.country for row in region], regions),
        postcode=_taken([row.postcode_prefix for row in region], regions),
        city=_taken([row.city for row in region], regions),
        seller=_taken([row.seller for row in seller], sellers),
        origin=_taken([row.origin for row in seller], sellers),
        zone=_taken([row.time_zone for row in region], regions),
    )
    name = pl.col("order_id") + f"-{copy}"
    utc = pl.concat(_in_zones(laid)).sort("placed_at", "order_id", "sku", "price")
    return utc.select(
        "seller",
        name.alias("order_id"),
        pl.int_range(1, pl.len() + 1).over("seller", "order_id").cast(pl.Int64).alias("line"),
        "placed_at",
        pl.col("sku") + f"-{copy}",
        pl.col("quantity").cast(pl.Int64),
        unit_value=pl.col("price"),
        currency=pl.lit(CURRENCY),
        weight_g=pl.col("grams").round().cast(pl.Int64),
        **{side: pl.col(side).round().cast(pl.Int64) for side in SIDES},
        origin="origin",
        country="country",
        postcode="postcode",
        city="city",
    )


def _draw(names: pl.Series, weights: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.int64]:
    """For each row the number of what its name becomes: lines of the same share for the same weight."""
    counts = names.value_counts(name="rows").sort(names.name)
    order = dice.permutation(counts.height)
    rows = counts.get_column("rows").to_numpy()[order]
    middle = (np.cumsum(rows) - rows / 2) / rows.sum()
    places = dice.permutation(weights.size)
    found = places[np.searchsorted(np.cumsum(weights[places]) / weights.sum(), middle)]
    number = dict(zip(counts.get_column(names.name).gather(order).to_list(), found.tolist(), strict=True))
    drawn: NDArray[np.int64] = names.replace_strict(number, return_dtype=pl.Int64).to_numpy()
    return drawn


def _taken(values: list[str], rows: NDArray[np.int64]) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(rows)


def _in_zones(laid: pl.DataFrame) -> list[pl.DataFrame]:
    """Buyers order at the same hour of their own day as they did; hours that a zone skips are those before."""
    moved = laid.with_columns(pl.col("placed_at") + timedelta(weeks=SHIFT_WEEKS))
    return [
        part.with_columns(
            pl.col("placed_at")
            .dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
            .dt.convert_time_zone("UTC")
            .fill_null(strategy="forward")
        ).drop_nulls("placed_at")
        for (zone,), part in moved.partition_by("zone", as_dict=True, maintain_order=True).items()
    ]

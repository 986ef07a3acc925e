"""Generated orders for a network: sellers, regions and articles by their weights, the same for the same seed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS, day_hour, offset_hours
from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.network.product import Seller
from entrepost.tables.frames import INSTANT, conform
from entrepost.tables.sample_postcodes import draw_postcodes

Integers = NDArray[np.int64]

KINDS_PER_SELLER = 5
"""A seller offers the articles of this many kinds; a kind is what stands before the hyphen of the SKU."""
VARIANTS, VARIANT_EXPONENT = 24, 1.0
"""Colours and sizes of an article, the first sold most. Fitted to real orders: see docs/guides/sample-network.md."""
LINES_SHARE = (0.80, 0.15, 0.05)
PIECES_SHARE = (0.92, 0.06, 0.02)
WANTED_SHARE = 0.05
WANTED_DAYS = (7, 10, 12, 14, 18, 21, 28)
WEEKDAY_WEIGHTS = (1.10, 1.08, 1.04, 1.00, 0.95, 0.88, 0.95)
HOUR_WEIGHTS = (3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 8, 5)
"""Assumed shares of lines, pieces, wished dates, weekdays and local hours of the buyer."""


def sample_orders(network: Network, n: int, seed: int, weeks: int = 8, start: date | None = None) -> pl.DataFrame:
    """Draw orders as buyers might place them.

    Parameters
    ----------
    n : int
        Orders (not lines).
    seed : int
        The same seed gives the same orders on every machine.
    weeks : int
        Over how many weeks they are spread evenly.
    start : date, optional
        First day (UTC); by default the network's ordinary week.

    Returns
    -------
    DataFrame
        Rows of the table `orders`, one per line, in the order in which they were placed. Order numbers are
        counted by each seller, so two sellers may use the same.
    """
    if n < 0 or weeks < 1:
        raise MisuseError(f"{n} orders in {weeks} weeks cannot be drawn; give at least 0 orders and 1 week")
    for table in ("regions", "products", "sellers"):
        if not getattr(network, table):
            raise MisuseError(f"network {network.name!r} has no {table}; add rows to {table}.csv")
    rng = np.random.default_rng(seed)
    orders = _draw_orders(network, n, (weeks, start or network.ordinary_week), rng)
    lines = _draw_lines(network, orders, rng)
    return conform(lines, "orders")


def _draw_orders(network: Network, n: int, when: tuple[int, date], rng: np.random.Generator) -> pl.DataFrame:
    weeks, start = when
    region = _pick(np.array([each.weight for each in network.regions]), n, rng)
    seller = _pick(np.array([each.weight for each in network.sellers]), n, rng)
    seconds = _draw_seconds(network, region, weeks, rng)
    order = np.argsort(seconds, kind="stable")
    region, seller, seconds = region[order], seller[order], seconds[order]
    placed = (seconds + day_hour(start) * 3600) * 1_000_000
    days = np.array(WANTED_DAYS)[rng.integers(0, len(WANTED_DAYS), n)]
    wanted = np.where(rng.random(n) < WANTED_SHARE, placed + days * 86_400_000_000, -1)
    return pl.DataFrame(
        {
            "seller_row": seller,
            "placed_at": pl.Series(placed).cast(INSTANT),
            "wanted_by": pl.Series(wanted).replace(-1, None).cast(INSTANT),
            "postcode": draw_postcodes([(each.country, each.postcode_prefix) for each in network.regions], region, rng),
        }
    ).with_columns(
        seller=_taken([each.seller for each in network.sellers], seller),
        origin=_taken([each.origin for each in network.sellers], seller),
        country=_taken([each.country for each in network.regions], region),
        city=_taken([each.city for each in network.regions], region),
        order_id=(pl.int_range(pl.len()).over("seller_row") + 100_001).cast(pl.String),
    )


def _draw_seconds(network: Network, region: Integers, weeks: int, rng: np.random.Generator) -> Integers:
    """Seconds since the first day's midnight (UTC), by the buyer's local weekday and hour."""
    hours = np.outer(WEEKDAY_WEIGHTS, HOUR_WEIGHTS).ravel()
    local = rng.integers(0, weeks, len(region)) * WEEK_HOURS + _pick(hours, len(region), rng)
    noon = datetime.combine(network.ordinary_week, datetime.min.time(), UTC)
    offsets = {zone: offset_hours(zone, noon) for zone in {each.time_zone for each in network.regions}}
    ahead = np.array([round(offsets[each.time_zone] * 3600) for each in network.regions], dtype=np.int64)
    seconds = local * 3600 + rng.integers(0, 3600, len(region)) - ahead[region]
    return np.asarray(seconds % (weeks * WEEK_HOURS * 3600), dtype=np.int64)


def _draw_lines(network: Network, orders: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    number = _pick(np.array(LINES_SHARE), orders.height, rng) + 1
    row = np.repeat(np.arange(orders.height), number)
    first = np.cumsum(number) - number
    seller = orders.get_column("seller_row").to_numpy()[row]
    product = _draw_products(network, seller, rng)
    variant = _pick(np.arange(1, VARIANTS + 1) ** -VARIANT_EXPONENT, len(row), rng) + 1
    columns = ("unit_value", "currency", "weight_g", "length_mm", "width_mm", "height_mm")
    more = ("battery", "hs_code", "description")
    named = {name: _taken([getattr(each, name) for each in network.products], product) for name in (*columns, *more)}
    sku = _taken([each.sku for each in network.products], product)
    return orders[row].with_columns(
        line=pl.Series(np.arange(len(row)) - first[row] + 1, dtype=pl.Int64),
        sku=sku + "-" + pl.Series(variant).cast(pl.String).str.zfill(2),
        quantity=pl.Series(_pick(np.array(PIECES_SHARE), len(row), rng) + 1),
        **named,
    )


@dataclass(frozen=True, slots=True)
class Assortment:
    """The articles of a seller, by their rows in the network's products, with their share of sales."""

    products: Integers
    weights: NDArray[np.float64]


def list_assortments(network: Network) -> list[Assortment]:
    """What each seller offers; it follows from the seller's name, not from a seed."""
    kinds = np.array([product.sku.partition("-")[0] for product in network.products])
    weights = np.array([product.weight for product in network.products])
    return [_assortment(seller, kinds, weights) for seller in network.sellers]


def _assortment(seller: Seller, kinds: NDArray[Any], weights: NDArray[np.float64]) -> Assortment:
    names = np.unique(kinds)
    rng = np.random.default_rng(zlib.crc32(seller.seller.encode()))
    chosen = rng.choice(names, min(KINDS_PER_SELLER, len(names)), replace=False)
    products = np.flatnonzero(np.isin(kinds, chosen) & (weights > 0))
    return Assortment(products, weights[products])


def _draw_products(network: Network, seller: Integers, rng: np.random.Generator) -> Integers:
    product = np.zeros(len(seller), dtype=np.int64)
    for each, assortment in enumerate(list_assortments(network)):
        rows = np.flatnonzero(seller == each)
        product[rows] = assortment.products[_pick(assortment.weights, len(rows), rng)]
    return product


def _pick(weights: NDArray[np.floating[Any]], n: int, rng: np.random.Generator) -> Integers:
    """Indices drawn in proportion to weights."""
    upto = np.cumsum(weights)
    found = np.searchsorted(upto, rng.random(n) * upto[-1], side="right")
    picked: Integers = np.minimum(found, len(weights) - 1).astype(np.int64)
    return picked


def _taken(values: list[Any], rows: Integers) -> pl.Series:
    return pl.Series(values).gather(rows)

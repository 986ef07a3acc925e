"""One overseas warehouse for the most sold articles: where it stands and what is laid in it.

Only the first weeks' orders are known when it is decided, and only later orders are served from it, so no
hindsight flatters it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network

KNOWN_WEEKS = 2
"""Weeks of orders that are known when the stock is chosen; served from it are the orders after them."""

PIECES_LEAST = 3
"""An article must have sold so many pieces to the warehouse's countries in these weeks."""

MARGIN = 1.2
"""Pieces are laid in for the weeks that follow at the rate of those known, and a fifth more. Assumed."""


@dataclass(frozen=True, slots=True)
class FirstStock:
    """A warehouse, what lies in it (seller, sku, quantity), and the instant from which it serves."""

    warehouse: str
    city: str
    countries: tuple[str, ...]
    stock: pl.DataFrame
    serves_from: datetime

    @property
    def pieces(self) -> int:
        """Pieces laid in."""
        return int(self.stock["quantity"].sum())


def choose_first_stock(network: Network, orders: pl.DataFrame) -> FirstStock:
    """Choose the warehouse whose countries ordered most pieces that repeat, and its stock.

    Parameters
    ----------
    network : Network
        Its warehouses, open or not.
    orders : DataFrame
        Rows of the table `orders`; those of the first `KNOWN_WEEKS` weeks are looked at, the others only
        for when they end.

    Raises
    ------
    MisuseError
        When the network has no warehouse, or nothing sold often enough.
    """
    first: datetime = orders["placed_at"].min()  # type: ignore[assignment]
    last: datetime = orders["placed_at"].max()  # type: ignore[assignment]
    serves_from = first + timedelta(weeks=KNOWN_WEEKS)
    weeks_left = max(1.0, (last - serves_from) / timedelta(weeks=1))
    known = orders.filter((pl.col("placed_at") < serves_from) & pl.col("sku").is_not_null())
    stocks = {
        row.warehouse: _stock_for(known, row.countries, row.capacity_items, weeks_left) for row in network.warehouses
    }
    if not any(stock.height for stock in stocks.values()):
        raise MisuseError(
            f"no warehouse of network {network.name!r} has an article that sold {PIECES_LEAST} pieces in "
            f"{KNOWN_WEEKS} weeks; bring in more orders, or add warehouses.csv"
        )
    best = max(stocks, key=lambda warehouse: int(stocks[warehouse]["quantity"].sum()))
    row = next(each for each in network.warehouses if each.warehouse == best)
    city = network.get_facility(best).city
    return FirstStock(best, city, tuple(row.countries.split("+")), stocks[best], serves_from)


def _stock_for(known: pl.DataFrame, countries: str, capacity: int, weeks_left: float) -> pl.DataFrame:
    """The articles that repeat, the most sold first, as many as the warehouse holds: seller, sku, quantity."""
    pieces = pl.col("sold") * weeks_left / KNOWN_WEEKS * MARGIN
    return (
        known.filter(pl.col("country").is_in(countries.split("+")))
        .group_by("seller", "sku")
        .agg(sold=pl.col("quantity").sum())
        .filter(pl.col("sold") >= PIECES_LEAST)
        .sort("sold", "seller", "sku", descending=[True, False, False])
        .select("seller", "sku", quantity=pieces.ceil().cast(pl.Int64))
        .filter(pl.col("quantity").cum_sum() <= capacity)
    )

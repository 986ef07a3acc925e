"""Items as they are handed in: where and when many of them share, their own figures as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from entrepost.network.network import Network
from entrepost.tables.regions import normalise_postcode

Figures = np.ndarray[Any, np.dtype[np.int64]]

OCCASION = ("origin", "country", "area", "postcode", "placed_day")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Names as small integers: the `number` of each, and those of a column of them; -3 where it is null."""

    number: dict[str, int]
    numbers: Figures


@dataclass(frozen=True, slots=True)
class Posted:
    """Items with their occasions: what depends on place and day alone is decided once for each of those.

    `occasions` holds the distinct origins, countries, areas, beginnings of a postcode and days;
    `occasion` says which of them is each item's, and `places` has their origins, countries and areas as
    numbers. `offer` numbers the runs of one order and origin.
    """

    items: pl.DataFrame
    occasions: pl.DataFrame
    occasion: Figures
    places: dict[str, Numbered]
    offer: Figures

    def figures(self, name: str) -> Figures:
        """A column of the items."""
        return self.items.get_column(name).to_numpy()

    @property
    def begin(self) -> Figures:
        """The first item of each offer."""
        return np.flatnonzero(np.diff(self.offer, prepend=-1))


def post(items: pl.DataFrame, postcode_chars: int) -> Posted:
    """Find the occasions of items.

    Parameters
    ----------
    items : DataFrame
        Columns order, origin, country, area, postcode and placed_day (days since 1970 in the
        network's zone); the items of one order and origin stand together.
    postcode_chars : int
        How many characters of a postcode anything depends on: see `find_postcode_chars`.
    """
    postcode = normalise_postcode(pl.col("postcode").fill_null(""))
    beginning = postcode.str.slice(0, postcode_chars) if postcode_chars else pl.lit("")
    keys = items.select(*OCCASION[:3], postcode=beginning, placed_day="placed_day")
    occasions = keys.unique(maintain_order=True)
    numbered = occasions.with_row_index("occasion")
    found = keys.join(numbered, on=OCCASION, how="left", nulls_equal=True, maintain_order="left")
    offer = items.select(pl.struct("order", "origin").rle_id().cast(pl.Int64)).to_series()
    occasion = found.get_column("occasion").cast(pl.Int64).to_numpy()
    places = {name: _number(occasions.get_column(name)) for name in OCCASION[:3]}
    return Posted(items, occasions, occasion, places, offer.to_numpy())


def _number(names: pl.Series) -> Numbered:
    number = {name: place for place, name in enumerate(names.drop_nulls().unique(maintain_order=True))}
    numbers = names.replace_strict(number, default=None, return_dtype=pl.Int64).fill_null(-3)
    return Numbered(number, numbers.to_numpy())


def find_postcode_chars(network: Network) -> int:
    """The length of the longest postcode prefix that a rate names."""
    prefixes = pl.Series(list({rate.postcode_prefix for rate in network.rates}), dtype=pl.String).to_frame("prefix")
    longest = prefixes.select(normalise_postcode(pl.col("prefix")).str.len_chars().max()).item()
    return int(longest or 0)

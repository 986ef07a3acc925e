"""The rate card: which row of a service's rates holds for an item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.money import to_minor
from entrepost.base.rule import rule
from entrepost.codes.postcode import normalise
from entrepost.network.service import Rate
from entrepost.service.posted import Figures, Posted
from entrepost.tables.regions import normalise_postcode
from entrepost.tables.rules import compile_kernel

EPOCH_DAY = date(1970, 1, 1).toordinal()
DAYS = (-719_162, 2_932_896)
"""Days since 1970 of the first and the last date that a table can hold."""


@rule(
    billable_weight_g=(0, 1_000_000),
    placed_day=DAYS,
    weight_over_g=(0, 1_000_000),
    weight_to_g=(1, 1_000_000),
    first_day=DAYS,
    last_day=DAYS,
)
def rate_holds(
    billable_weight_g: int, placed_day: int, weight_over_g: int, weight_to_g: int, first_day: int, last_day: int
) -> int:
    """Whether a row holds for a weight on a day: above its lower end, up to its upper end, which belongs to it.

    The lowest bracket holds for a weight of 0 too. Both days belong to the row.
    """
    if placed_day < first_day or placed_day > last_day:
        return 0
    if billable_weight_g > weight_to_g:
        return 0
    return 1 if billable_weight_g > weight_over_g or weight_over_g == 0 else 0


@dataclass(frozen=True, slots=True)
class RateCard:
    """A service's rates: `rows` zone by zone with whole figures, and the rows' range of each zone.

    `rows` has the rate's text columns, `charge_*_thousandths` of a minor unit, `first_day` and
    `last_day` since 1970. `zones` has origin, country, prefix, `zone`, and `start`, `end` in `rows`.
    """

    rows: pl.DataFrame
    zones: pl.DataFrame

    @property
    def countries(self) -> list[str]:
        """The destinations that the rates name."""
        return sorted(set(self.zones.get_column("country")))

    def find_rows(self, posted: Posted, billable_weight_g: Figures) -> Figures:
        """The row of `rows` that holds for each item, -1 where none does.

        Of the rows that hold, an origin named wins over `*`, then the longest postcode prefix, then
        the highest bracket, then the latest first day.
        """
        occasions = posted.occasions
        zones = np.column_stack([np.full(occasions.height, -1), *self._zones_of(occasions)])
        figures = ("weight_over_g", "weight_to_g", "first_day", "last_day")
        found: Figures = compile_kernel(_find_rows)(
            (posted.occasion, billable_weight_g),
            zones,
            occasions.get_column("placed_day").to_numpy(),
            self.zones.select("start", "end").to_numpy().astype(np.int64),
            self.rows.select(figures).to_numpy().astype(np.int64),
        )
        return found

    def _zones_of(self, places: pl.DataFrame) -> Iterable[Figures]:
        """For each kind of zone, the most specific first, the zone of each place, -1 where there is none."""
        kinds = (
            self.zones.select("any_origin", "length").unique().sort("any_origin", "length", descending=[False, True])
        )
        for any_origin, length in kinds.iter_rows():
            here = (pl.col("any_origin") == any_origin) & (pl.col("length") == length)
            keys = ["country", "prefix"] if any_origin else ["origin", "country", "prefix"]
            beginnings = places.select("origin", "country", prefix=pl.col("postcode").str.slice(0, length))
            found = beginnings.join(self.zones.filter(here), on=keys, how="left", maintain_order="left")
            yield found.get_column("zone").fill_null(-1).to_numpy()


@lru_cache(maxsize=128)
def compile_card(rates: tuple[Rate, ...]) -> RateCard:
    """Compile the rates of one service."""
    rows = pl.DataFrame([_row(rate) for rate in rates], schema=_ROW, orient="row")
    rows = rows.with_columns(prefix=normalise_postcode(pl.col("prefix")))
    rows = rows.sort("origin", "country", "prefix", "weight_over_g", "first_day", maintain_order=True)
    zones = (
        rows.with_row_index("row")
        .group_by("origin", "country", "prefix", maintain_order=True)
        .agg(start=pl.col("row").min().cast(pl.Int64), end=pl.col("row").max().cast(pl.Int64) + 1)
        .with_row_index("zone")
        .with_columns(
            pl.col("zone").cast(pl.Int64), any_origin=pl.col("origin") == "*", length=pl.col("prefix").str.len_chars()
        )
    )
    return RateCard(rows, zones)


def find_rate(rates: Iterable[Rate], item: Any) -> Rate | None:
    """The rate that holds for one item with origin, country, postcode, billable_weight_g and placed_day."""
    best: tuple[tuple[bool, int, int, date], Rate] | None = None
    postcode = normalise(item.postcode or "")
    for rate in rates:
        prefix = normalise(rate.postcode_prefix)
        if rate.origin not in ("*", item.origin) or rate.country != item.country or not postcode.startswith(prefix):
            continue
        days = {"first_day": day_number(rate.valid_from), "last_day": day_number(rate.valid_to)}
        rank = (rate.origin != "*", len(prefix), rate.weight_over_g, rate.valid_from)
        if rate_holds.of(item, rate, days) and (best is None or rank > best[0]):
            best = rank, rate
    return best[1] if best else None


def to_thousandths(amount: float) -> int:
    """An amount of up to three decimals as whole thousandths: what its shortest decimal text says."""
    return to_minor(repr(float(amount)), 3)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - EPOCH_DAY


_ROW = {
    "origin": pl.String,
    "country": pl.String,
    "prefix": pl.String,
    "weight_over_g": pl.Int64,
    "weight_to_g": pl.Int64,
    "charge_item_thousandths": pl.Int64,
    "charge_kg_thousandths": pl.Int64,
    "charge_least_thousandths": pl.Int64,
    "first_day": pl.Int64,
    "last_day": pl.Int64,
}


def _row(rate: Rate) -> tuple[str | int, ...]:
    return (
        rate.origin,
        rate.country,
        rate.postcode_prefix,
        rate.weight_over_g,
        rate.weight_to_g,
        to_thousandths(rate.charge_item_minor),
        to_thousandths(rate.charge_kg_minor),
        to_thousandths(rate.charge_least_minor),
        day_number(rate.valid_from),
        day_number(rate.valid_to),
    )


def _find_rows(
    items: tuple[Figures, Figures], zones: Figures, days: Figures, ranges: Figures, figures: Figures
) -> Figures:
    """Kinds of zones in order of their rank, in each the last row that holds; -1 where none does."""
    occasions, weights = items
    found = np.full(weights.shape[0], -1, np.int64)
    for item in range(weights.shape[0]):
        for zone in zones[occasions[item]]:
            if zone >= 0 and found[item] < 0:
                start, end = ranges[zone]
                found[item] = _find_in_zone(weights[item], days[occasions[item]], start, end, figures)
    return found


def _find_in_zone(weight: int, day: int, start: int, end: int, figures: Figures) -> int:
    for row in range(end - 1, start - 1, -1):
        if rate_holds(weight, day, figures[row, 0], figures[row, 1], figures[row, 2], figures[row, 3]):
            return row
    return -1

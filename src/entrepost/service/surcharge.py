"""Surcharges: what is added to a charge, each rounded once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.money import divide_half_up
from entrepost.base.rule import rule
from entrepost.network.service import Surcharge
from entrepost.service.posted import Figures, Numbered, Posted
from entrepost.service.ratecard import day_number, to_thousandths
from entrepost.tables.rules import compile_kernel, decide

PERCENT, ITEM, KG = 0, 1, 2
KINDS = {"percent": PERCENT, "item": ITEM, "kg": KG}
ANY = "*"


@rule(
    kind=(PERCENT, KG),
    amount_thousandths=(0, 10**9),
    base_charge_minor=(0, 10**9),
    billable_weight_g=(0, 1_000_000),
)
def surcharge_minor(kind: int, amount_thousandths: int, base_charge_minor: int, billable_weight_g: int) -> int:
    """A surcharge in minor units, rounded half up once.

    Kind percent: thousandths of a percent of the charge before surcharges; item: thousandths of a minor
    unit; kg: thousandths of a minor unit for a kilogram of billable weight.
    """
    if kind == PERCENT:
        return divide_half_up(base_charge_minor * amount_thousandths, 100_000)
    if kind == ITEM:
        return divide_half_up(amount_thousandths, 1_000)
    return divide_half_up(amount_thousandths * billable_weight_g, 1_000_000)


@dataclass(frozen=True, slots=True)
class SurchargeTable:
    """A service's surcharges name by name, the most specific row first, with whole figures."""

    rows: pl.DataFrame

    def add_up(self, posted: Posted, base_charge_minor: Figures, billable_weight_g: Figures) -> Figures:
        """The surcharges of each item together, in minor units.

        Different names add up; of one name only the most specific row that holds is charged: a service
        named wins over `*`, then an origin, then a country, then an area, then the latest first day.
        """
        total = np.zeros(posted.items.height, np.int64)
        kinds, amounts = [self.rows.get_column(name).to_numpy() for name in ("kind", "amount_thousandths")]
        for found in self._find_rows(posted):
            charged = {
                "kind": kinds[found][posted.occasion],
                "amount_thousandths": amounts[found][posted.occasion],
                "base_charge_minor": base_charge_minor,
                "billable_weight_g": billable_weight_g,
            }
            total += decide(surcharge_minor, charged) * (found >= 0)[posted.occasion]
        return total

    def _find_rows(self, posted: Posted) -> Iterable[Figures]:
        """For each name the row that holds on each occasion, -1 where none does."""
        coded = [_codes(self.rows.get_column(name), posted.places[name]) for name in ("origin", "country", "area")]
        named, places = [np.column_stack(columns) for columns in zip(*coded, strict=True)]
        days = self.rows.select("first_day", "last_day").to_numpy()
        placed_days = posted.occasions.get_column("placed_day").to_numpy()
        find = compile_kernel(_find_rows)
        for name in self.rows.get_column("name").unique().sort():
            of_name = self.rows.get_column("name") == name
            yield find(places, placed_days, named, days, of_name.to_numpy())


@lru_cache(maxsize=128)
def compile_surcharges(surcharges: tuple[Surcharge, ...]) -> SurchargeTable:
    """Compile the surcharges that apply to one service (its own and those of all services)."""
    ordered = sorted(surcharges, key=rank)
    names = {name: number for number, name in enumerate(sorted({row.surcharge for row in ordered}))}
    rows = [
        (
            names[row.surcharge],
            row.origin,
            row.country,
            row.area,
            KINDS[row.kind],
            to_thousandths(row.amount),
            day_number(row.valid_from),
            day_number(row.valid_to),
        )
        for row in ordered
    ]
    return SurchargeTable(pl.DataFrame(rows, schema=_ROW, orient="row"))


def list_surcharges(surcharges: Iterable[Surcharge], item: Any) -> list[Surcharge]:
    """The surcharges of one item with origin, country, area and placed_day: one row of each name."""
    chosen: dict[str, Surcharge] = {}
    for row in sorted(surcharges, key=rank):
        places = ((row.origin, item.origin), (row.country, item.country), (row.area, item.area))
        here = all(named in (ANY, place) for named, place in places)
        if here and day_number(row.valid_from) <= item.placed_day <= day_number(row.valid_to):
            chosen.setdefault(row.surcharge, row)
    return list(chosen.values())


def find_surcharge(row: Surcharge, base_charge_minor: int, billable_weight_g: int) -> int:
    """What one surcharge adds to a charge, in minor units."""
    return surcharge_minor(KINDS[row.kind], to_thousandths(row.amount), base_charge_minor, billable_weight_g)


_ROW = {
    "name": pl.Int64,
    "origin": pl.String,
    "country": pl.String,
    "area": pl.String,
    "kind": pl.Int64,
    "amount_thousandths": pl.Int64,
    "first_day": pl.Int64,
    "last_day": pl.Int64,
}


def rank(row: Surcharge) -> tuple[str, bool, bool, bool, bool, int]:
    """By name, then the most specific and the latest first."""
    wide = (row.service == ANY, row.origin == ANY, row.country == ANY, row.area == ANY)
    return row.surcharge, *wide, -day_number(row.valid_from)


def _codes(named: pl.Series, places: Numbered) -> tuple[Figures, Figures]:
    """Rows and places as small integers: -1 in a row is any place, -2 one to which nothing is sent."""
    codes = {**places.number, ANY: -1}
    return np.array([codes.get(name, -2) for name in named], np.int64), places.numbers


def _find_rows(places: Figures, placed_days: Figures, named: Figures, days: Figures, of_name: Figures) -> Figures:
    """For each item the first row of a name that agrees with its places and day; -1 where none does."""
    found = np.full(places.shape[0], -1, np.int64)
    for row in range(named.shape[0]):
        if not of_name[row]:
            continue
        for item in range(places.shape[0]):
            if found[item] < 0 and _holds(named[row], places[item], days[row], placed_days[item]):
                found[item] = row
    return found


def _holds(named: Figures, places: Figures, days: Figures, placed_day: int) -> bool:
    for column in range(named.shape[0]):
        if named[column] not in (-1, places[column]):
            return False
    return bool(days[0] <= placed_day <= days[1])

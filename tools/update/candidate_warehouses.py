"""Rebuild `src/entrepost/network/candidates`: warehouses that a plan of the sample network may open.

Run from the repository's root, with the folder of open data that `docs/guides/sample-network.md` lists:

    python -m tools.update.candidate_warehouses --data ../shared/data

One candidate stands near each inward office of the sample network that has no warehouse near it already. What it
costs follows from the country's income alone, and was fixed before the first plan was made: every figure is assumed.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from entrepost.network.facility import Facility, Processing
from entrepost.network.service import Rate
from entrepost.network.table import write_table
from entrepost.network.warehouse import Warehouse
from tools.update.sample.geography import kilometres, latest_figures
from tools.update.sample.lastmile import MEDIAN_INCOME, list_served_rows
from tools.update.sample.places import HERE, Place, list_by_role
from tools.update.sample.regions import build_regions
from tools.update.sample.tariff import haul_cost, rate_countries
from tools.update.sample.work import pick_row

FOLDER = HERE.parents[2] / "src/entrepost/network/candidates"
NEAR_KM = 100.0
"""An office with a warehouse so near gets no candidate of its own."""
UNIONS = (
    "AT+BE+BG+CZ+DE+DK+EE+ES+FI+FR+GR+HR+HU+IE+IT+LT+LV+NL+PL+PT+RO+SE+SI+SK",
    "AE+KW+QA+SA",
    "KZ+RU",
)
"""Goods in one country of a customs union are sent to its others: the European Union, the Gulf, the Eurasian one."""
REACH_KM = 900.0
"""So far a warehouse serves other countries of its union, measured to their offices."""
STORAGE_ITEM_DAY, RECEIVING_ITEM, YEAR = 0.75, 16.0, 11_000_000.0
"""US cents at median income: an item stored for a day, an item received, a year of a house for 100,000 items."""
STORAGE_DAYS = 45.0
CLEARING_KG = 60.0
"""US cents a kilogram for clearing and bringing stock in, beside the line haul by sea."""
SIZES = ((2e12, 150_000), (5e11, 80_000), (0.0, 40_000))
"""Items that a warehouse holds, by the gross domestic product of its country, US dollars."""


def list_candidates(data: Path) -> list[Place]:
    """The places of the candidates: those of the offices, under names of their own."""
    taken = list_by_role(data, "warehouse")
    found: list[Place] = []
    for office in list_by_role(data, "inward"):
        if all(kilometres(office.point, place.point) > NEAR_KM for place in (*taken, *found)):
            code = f"{office.code[:5]}W"
            place = replace(office.facility, facility=code, name=f"{office.facility.city} warehouse", kind="warehouse")
            found.append(Place(place, (), ("warehouse",)))
    return found


def list_served(data: Path, place: Place) -> list[str]:
    """Its own country, and those of its customs union whose offices are near."""
    union = next((each.split("+") for each in UNIONS if place.country in each.split("+")), [place.country])
    near = {
        office.country
        for office in list_by_role(data, "inward")
        if office.country in union and kilometres(office.point, place.point) <= REACH_KM
    }
    return [place.country, *sorted(near - {place.country})]


def _warehouse(data: Path, place: Place) -> Warehouse:
    people, gdp = latest_figures(data, "population"), latest_figures(data, "gdp")
    level = min(1.8, max(0.45, (gdp[place.country] / people[place.country] / MEDIAN_INCOME) ** 0.4))
    capacity = next(items for least, items in SIZES if gdp[place.country] >= least)
    return Warehouse(
        warehouse=place.code,
        open=False,
        countries="+".join(list_served(data, place)),
        capacity_items=capacity,
        inbound_cost_kg_minor=round(haul_cost(data, place.country, "sea") + CLEARING_KG, -1),
        inbound_cost_item_minor=round(RECEIVING_ITEM * level, 1),
        storage_cost_item_day_minor=round(STORAGE_ITEM_DAY * level, 2),
        storage_days=STORAGE_DAYS,
        cost_year_minor=round(YEAR * level * (capacity / 100_000) ** 0.5 / 100_000) * 100_000,
        source="assumed",
    )


def main() -> None:
    """Read the data folder's name from the command line and write the candidates' folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the open data")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write")
    options = parser.parse_args()
    data, out = options.data, options.out
    places = list_candidates(data)
    warehouses = tuple(_warehouse(data, place) for place in places)
    facilities: tuple[Facility, ...] = tuple(place.facility for place in places)
    processing: tuple[Processing, ...] = tuple(pick_row(place) for place in places)
    delivery = list_served_rows(
        data, build_regions(data), {row.warehouse: row.countries.split("+") for row in warehouses}, places
    )
    rates: tuple[Rate, ...] = rate_countries(data, "STOCK", delivery)
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("facilities", facilities),
        ("processing", processing),
        ("delivery", delivery),
        ("rates", rates),
        ("warehouses", warehouses),
    ):
        write_table(out / f"{name}.csv", rows)
        print(f"{name:12} {len(rows):6}")


if __name__ == "__main__":
    main()

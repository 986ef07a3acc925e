"""Rebuild `examples/brazil/network`, the network of the Brazilian tutorial.

Run from the repository's root, with the folder of open data that `docs/guides/sample-network.md` lists:

    python -m tools.update.brazil_network --data ../shared/data

Places, postcodes and people are those of open data; every hour and price is assumed, and was fixed before the first
order was followed through it. No row of real orders is in it.
"""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import holidays

from entrepost.network.calendar import Exceptional
from entrepost.network.feed import write_network
from entrepost.network.network import Network
from entrepost.network.product import Seller
from entrepost.network.sample_network import sample_network
from entrepost.network.service import Rate, Service
from entrepost.network.warehouse import Warehouse
from tools.update.brazil import ways
from tools.update.brazil.places import COUNTRY, HERE, State, build_regions, list_states, road_km

FOLDER = HERE.parents[2] / "examples/brazil/network"
SERVICES = (
    ("ECONOMY", "Economy parcel", "direct", "CA", "road", "cheapest", "none", "economy", 30_000),
    ("EXPRESS", "Express parcel", "direct", "EA", "air+road", "fastest", "none", "express", 30_000),
    ("STOCK", "From a warehouse", "stock", "HW", "none", "cheapest", "none", "local", 30_000),
)
CHARGES = {"ECONOMY": (1_250, 250, 210, 190), "EXPRESS": (1_500, 600, 420, 450), "STOCK": (1_250, 120, 180, 90)}
"""Centavos: an item, more for 1,000 km from São Paulo, a kilogram, more for 1,000 km."""
BRACKETS = ((0, 1_000), (1_000, 5_000), (5_000, 30_000))
YEARS = (2026, 2027)
WAREHOUSE_YEAR, WAREHOUSE_ITEM, STORAGE_ITEM_DAY = 6_000_000, 180.0, 6.0
"""Centavos: room in a shared house for a year, an item received, an item stored for a day."""


def build_network(data: Path) -> Network:
    """The whole network."""
    states = list_states(data)
    origins = [state for state in states if state.sellers]
    regions = build_regions(data)
    sample = sample_network()
    return Network(
        name="Brazil: parcels from ten states to all",
        currency="BRL",
        time_zone="America/Sao_Paulo",
        ordinary_week=date(2026, 5, 11),
        items_per_week=700,
        sources=tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8")),
        facilities=(
            *(state.facility("A") for state in origins),
            *(state.facility(role) for state in states for role in ("B", "W")),
        ),
        processing=ways.build_processing(origins, states),
        departures=ways.build_departures(origins, states),
        clearance=ways.build_clearance(states),
        delivery=ways.build_delivery(states, regions),
        regions=regions,
        services=tuple(_service(row) for row in SERVICES),
        rates=tuple(rate for state in states for rate in _rates(states[0], state)),
        warehouses=tuple(_warehouse(state) for state in states),
        products=tuple(replace(product, source="assumed") for product in sample.products),
        sellers=tuple(
            Seller(f"shop-{state.airport.lower()}", f"Shop of {state.name}", state.code("A"), state.sellers, "assumed")
            for state in origins
        ),
        calendar=tuple(
            _closed(day, name, what) for day, name in _holidays() for what in ("prepare", "accept", "delivery")
        ),
        regimes=sample.regimes,
    )


def _service(row: tuple[str, str, str, str, str, str, str, str, int]) -> Service:
    name, title, kind, sign, modes, routing, customs, last, most = row
    return Service(
        service=name, name=title, kind=kind, mail_class="E" if sign[0] == "E" else "C", service_indicator=sign,
        modes=modes, routing=routing, origins="*", destinations=COUNTRY, clearance=customs, delivery=last,
        currency="BRL", weight_min_g=0, weight_max_g=most, length_max_mm=1_500, sum_max_mm=3_000,
        value_max_minor=None, battery="any", volumetric_divisor=0, tracked=True, source="assumed",
    )  # fmt: skip


def _rates(capital: State, state: State) -> list[Rate]:
    away = road_km(capital.point, state.point) / 1000
    return [
        Rate(
            service, "*", COUNTRY, prefix, over, to, round(item + far * away), round(kilogram + heavy * away), 0.0,
            *ways.ALWAYS, "assumed",
        )
        for service, (item, far, kilogram, heavy) in CHARGES.items()
        for prefix in state.prefixes
        for over, to in BRACKETS
    ]  # fmt: skip


def _warehouse(state: State) -> Warehouse:
    return Warehouse(
        state.code("W"), False, COUNTRY, 50_000, 40.0, WAREHOUSE_ITEM, STORAGE_ITEM_DAY, 45.0, WAREHOUSE_YEAR, "assumed"
    )


def _holidays() -> list[tuple[date, str]]:
    days = holidays.country_holidays(COUNTRY, years=YEARS, language="en_US")
    return sorted((day, name.partition(";")[0].strip()) for day, name in days.items())


def _closed(day: date, name: str, activity: str) -> Exceptional:
    return Exceptional("closed", COUNTRY, "", "", activity, day, day, 1.0, name, "holidays")


def main() -> None:
    """Read the data folder's name from the command line and write the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the open data")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write")
    options = parser.parse_args()
    write_network(build_network(options.data), options.out)


if __name__ == "__main__":
    main()

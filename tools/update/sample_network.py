"""Rebuild `src/entrepost/network/sample`, the network folder that the package ships.

Run from the repository's root, with the folder of open data that `docs/guides/sample-network.md` lists:

    python -m tools.update.sample_network --data ../shared/data

The same data give the same bytes. `tools/update/sample/missed_departures.csv` (departure,
missed_1_per_million, missed_2_per_million), where it exists, replaces the assumed missed departures.
"""

from __future__ import annotations

import argparse
import tomllib
from datetime import date
from pathlib import Path

from entrepost.network.feed import TABLES, write_network
from entrepost.network.network import Network
from entrepost.network.warehouse import Warehouse
from tools.update.sample import days, goods, lastmile, regions, tariff, timetable, work
from tools.update.sample.flights import build_flights
from tools.update.sample.geography import read_rows
from tools.update.sample.places import HERE, list_places

FOLDER = HERE.parents[2] / "src/entrepost/network/sample"
ORDINARY_WEEK = date(2026, 5, 11)
ITEMS_PER_WEEK = 12_500


def build_network(data: Path) -> Network:
    """The whole sample network."""
    departures = (*build_flights(data), *timetable.build_links(data))
    all_regions = regions.build_regions(data)
    delivery = lastmile.build_delivery(data, all_regions, tariff.list_markets(data))
    return Network(
        name="Sample network: China to the world",
        currency="USD",
        time_zone="Asia/Shanghai",
        ordinary_week=ORDINARY_WEEK,
        items_per_week=ITEMS_PER_WEEK,
        sources=tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8")),
        facilities=tuple(place.facility for place in list_places(data).values()),
        processing=work.build_processing(data, departures),
        departures=departures,
        clearance=work.build_clearance(data),
        delivery=delivery,
        regions=all_regions,
        services=tariff.build_services(),
        rates=tariff.build_rates(data, delivery),
        surcharges=tariff.build_surcharges(),
        warehouses=tuple(_warehouse(row) for row in read_rows(HERE / "warehouses.csv")),
        products=goods.build_products(),
        sellers=goods.build_sellers(),
        calendar=days.build_calendar(data),
        suspensions=days.build_suspensions(),
        regimes=days.build_regimes(),
    )


def _warehouse(row: dict[str, str]) -> Warehouse:
    return Warehouse(
        warehouse=row["warehouse"],
        open=False,
        countries=row["countries"],
        capacity_items=int(row["capacity_items"]),
        inbound_cost_kg_minor=float(row["inbound_cost_kg_minor"]),
        inbound_cost_item_minor=float(row["inbound_cost_item_minor"]),
        storage_cost_item_day_minor=float(row["storage_cost_item_day_minor"]),
        storage_days=float(row["storage_days"]),
        cost_year_minor=int(row["cost_year_minor"]),
        source="assumed",
    )


def main() -> None:
    """Read the data folder's name from the command line and write the sample folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the open data")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write")
    options = parser.parse_args()
    network = build_network(options.data)
    write_network(network, options.out)
    for table in TABLES:
        print(f"{table:12} {len(getattr(network, table)):6}")


if __name__ == "__main__":
    main()

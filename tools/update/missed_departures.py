"""Find the shares of missed departures at which the sample network's promises and capacities agree.

    python -m tools.update.missed_departures

Orders at the network's `items_per_week`, over eight weeks, are quoted, chosen and carried through the
default world, and the shares of items that missed departures become the network's, until they change
by less than a point. Writes `tools/update/sample/missed_departures.csv`, which `sample_network` reads.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import entrepost
from entrepost.network.network import Network
from entrepost.planning.missed import settle_missed
from entrepost.service.choice import choose
from entrepost.tables.sample_orders import sample_orders
from tools.update.sample.timetable import MISSED_1_PER_MILLION, MISSED_2_PER_MILLION

OUT = Path(__file__).parent / "sample" / "missed_departures.csv"
COLUMNS = ("departure", "missed_1_per_million", "missed_2_per_million")
WEEKS = 8
SEED = 20260511


def write_missed(network: Network, path: Path) -> None:
    """One row for each departure."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([getattr(departure, name) for name in COLUMNS] for departure in network.departures)


def _as_assumed(network: Network) -> Network:
    """Begin where no simulation was made, so that the same data give the same shares."""
    departures = tuple(
        replace(row, missed_1_per_million=MISSED_1_PER_MILLION, missed_2_per_million=MISSED_2_PER_MILLION)
        for row in network.departures
    )
    return replace(network, departures=departures)


def main() -> None:
    """Settle and write."""
    network = _as_assumed(entrepost.sample_network())
    orders = sample_orders(network, network.items_per_week * WEEKS, SEED, WEEKS)
    settled = settle_missed(network, orders, choose, SEED)
    write_missed(settled.network, OUT)
    changes = ", ".join(f"{change:.2%}" for change in settled.changes)
    print(f"{'settled' if settled.settled else 'not settled'} after {len(settled.changes)} rounds: {changes}")


if __name__ == "__main__":
    main()

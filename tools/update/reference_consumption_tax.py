"""Rebuild the part of `reference/data/consumption_tax.csv` that comes from kdeldycke/vat-rates; the rest is kept.

Run from the root: ``python -m tools.update.reference_consumption_tax vat_rates.csv``.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

from entrepost.reference.destination_term import territory
from entrepost.reference.vat import OTHER_NAMES
from tools.update.kept_by_hand import FOLDER

COLUMNS = ("place", "valid_from", "valid_to", "percent", "source", "confidence")
ORIGIN = "kdeldycke/vat-rates (BSD-2), read 2025-08"
OLDEST = date(2020, 1, 1)
"""Rates that ended before are left out: no terms are kept of that time."""


def main(arguments: list[str]) -> None:
    """Put the standard rates of the European Union and the United Kingdom in the place of those that are there."""
    path = FOLDER / "consumption_tax.csv"
    with path.open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["source"] != ORIGIN]
    rows = [*kept, *read_rates(Path(arguments[0]))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: (row["place"], row["valid_from"])))
    print(f"{path.name}: {len(rows)} rows")


def read_rates(path: Path) -> list[dict[str, str]]:
    """The rows of our table, one for each country and period."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rate_type"] == "standard"]
    found = (cells for row in rows for cells in _cells(row))
    return list({cells[:2]: dict(zip(COLUMNS, cells, strict=True)) for cells in found}.values())


def _cells(row: dict[str, str]) -> list[tuple[str, ...]]:
    """The cells of our row for each country that a row of theirs holds for."""
    last = date.fromisoformat(row["stop_date"]) - timedelta(days=1) if row["stop_date"] else None
    if last and last < OLDEST:
        return []
    percent, until = f"{round(float(row['rate']) * 100, 6):g}", last.isoformat() if last else ""
    places = [OTHER_NAMES.get(code, code) for code in row["territory_codes"].split("\n")]
    ours = [place for place in places if place == "GB" or territory(place) == "EU"]
    return [(place, row["start_date"], until, percent, ORIGIN, "high") for place in ours]


if __name__ == "__main__":
    main(sys.argv[1:])

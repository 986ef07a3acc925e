"""What the tables that are kept by hand have in common: a check of every cell, and one way of writing."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "src/entrepost/reference/data"
MAY_BE_EMPTY = ("carries", "event", "because", "valid_from", "valid_to")
MAY_BE_EMPTY += ("destination", "hs_prefixes", "words", "unless", "un_number", "meaning")


def rewrite(
    table: str, columns: Sequence[str], values: Mapping[str, Sequence[str]], folder: Path = FOLDER
) -> list[dict[str, str]]:
    """Read a table, stop at a cell that is empty or not among its column's values, write it in one form."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{name: cell.strip() for name, cell in row.items()} for row in csv.DictReader(file)]
    for number, row in enumerate(rows, start=2):
        for column in columns:
            allowed = values.get(column, ())
            if (not row[column] and column not in MAY_BE_EMPTY) or (allowed and row[column] not in allowed):
                raise SystemExit(f"{path.name}:{number} [{column}] {row[column]!r} is not allowed; correct the row")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")
    return rows

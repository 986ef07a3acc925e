"""Dated tables: rows that hold from a day to a day, each with its source."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from entrepost.base.errors import MissingRowError, MisuseError

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dated table: the cells by column, and the first and last day on which they hold."""

    valid_from: date
    valid_to: date
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def holds(self, day: date) -> bool:
        """Whether the row holds on that day; both its days belong to it."""
        return self.valid_from <= day <= self.valid_to


class Dated:
    """A table of which at most one row holds for each key on each day."""

    def __init__(self, name: str, key: str, rows: Iterable[Row]) -> None:
        self.name = name
        self.key = key
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row[key], []).append(row)
        for value, held in self._rows.items():
            held.sort(key=lambda row: row.valid_from)
            for earlier, later in pairwise(held):
                if later.valid_from <= earlier.valid_to:
                    raise MisuseError(f"{name}: two rows of {value} hold on {later.valid_from}; end one sooner")

    def find(self, value: str, day: date | None = None) -> Row | None:
        """The row that holds for a key on a day (no day: the latest row), or None."""
        rows = self._rows.get(value, [])
        if day is None:
            return rows[-1] if rows else None
        return next((row for row in rows if row.holds(day)), None)

    def at(self, value: str, day: date | None = None) -> Row:
        """The row that holds for a key on a day (no day: the latest row)."""
        row = self.find(value, day)
        if row is None:
            when = f" on {day}" if day else ""
            raise MissingRowError(f"the table {self.name} has no row for {self.key} {value!r}{when}")
        return row

    def keys(self) -> list[str]:
        """Every key, in the order of the file."""
        return list(self._rows)

    def rows(self) -> list[Row]:
        """Every row, key by key and by first day."""
        return [row for held in self._rows.values() for row in held]


@cache
def read_dated(name: str, key: str) -> Dated:
    """Read one of the package's own tables; an absent or empty day leaves its side open."""
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        raise MisuseError(f"there is no reference table {name!r}")
    with path.open(encoding="utf-8", newline="") as file:
        return Dated(name, key, [_row(cells) for cells in csv.DictReader(file)])


def _row(cells: dict[str, str]) -> Row:
    first, last = cells.get("valid_from", ""), cells.get("valid_to", "")
    return Row(date.fromisoformat(first) if first else date.min, date.fromisoformat(last) if last else date.max, cells)

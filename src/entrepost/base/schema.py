"""Schemas: every table's columns with type, unit, bounds and meaning, read from CSV files.

The files stand in `tables/schemas`, one for each table. They are the only description of a table:
checks, documentation and test strategies are generated from them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from entrepost.base.errors import MisuseError

FOLDER = Path(__file__).parent.parent / "tables" / "schemas"
DTYPES = ("text", "integer", "decimal", "yesno", "date", "instant")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `least` and `most` are inclusive, `values` the only ones allowed.

    `references` names the column of another file that must hold the value (`facilities.facility`),
    `default` is what an empty or absent cell means (empty: nothing is assumed).
    """

    name: str
    dtype: str
    unit: str
    required: bool
    key: bool
    least: float | None
    most: float | None
    values: tuple[str, ...]
    references: str
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A table's columns in order."""

    name: str
    columns: tuple[Column, ...]

    def get_column(self, name: str) -> Column:
        """The column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise MisuseError(f"table {self.name} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that together name a row."""
        return tuple(column.name for column in self.columns if column.key)


@cache
def get_schema(name: str) -> Schema:
    """The schema of a table; raises `MisuseError` where there is none."""
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        raise MisuseError(f"there is no schema {name!r}; there are {', '.join(list_schemas())}")
    with path.open(encoding="utf-8", newline="") as file:
        return Schema(name, tuple(_column(row) for row in csv.DictReader(file)))


def list_schemas() -> list[str]:
    """The names of all tables that have a schema."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def parse_cell(text: str, column: Column) -> str | int | float | bool | date:
    """Turn a non-empty cell into a value of the column's type; raises `ValueError` with the reason."""
    if column.dtype == "integer":
        return int(text)
    if column.dtype == "decimal":
        return float(text)
    if column.dtype == "yesno":
        if text not in ("yes", "no"):
            raise ValueError(f"{text!r} is neither yes nor no")
        return text == "yes"
    if column.dtype == "date":
        return date.fromisoformat(text)
    return text


def _column(row: dict[str, str]) -> Column:
    if row["dtype"] not in DTYPES:
        raise MisuseError(f"column {row['column']} has the unknown dtype {row['dtype']!r}")
    return Column(
        name=row["column"],
        dtype=row["dtype"],
        unit=row["unit"],
        required=row["required"] == "yes",
        key=row["key"] == "yes",
        least=float(row["least"]) if row["least"] else None,
        most=float(row["most"]) if row["most"] else None,
        values=tuple(row["values"].split("|")) if row["values"] else (),
        references=row["references"],
        default=row["default"],
        description=row["description"],
    )

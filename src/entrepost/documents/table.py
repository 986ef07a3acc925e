"""A frame as a table that people read: titles with units, and figures written as words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from entrepost.base.errors import MisuseError

WHOLE = "Whole wait"
"""The part of a wait that is the sum of the others: written, not coloured."""

FORMATS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "count": lambda value: f"{value:,.0f}",
    "days": lambda value: f"{value:.1f}",
    "days2": lambda value: f"{value:.2f}",
    "share": lambda value: f"{100 * value:.1f} %",
    "points": lambda value: f"{100 * value:+.1f}",
    "money": lambda value: f"{value:,.2f}",
    "degrees": lambda value: f"{value:.2f}",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown: the frame's name, the title with its unit, and how values are written."""

    name: str
    title: str
    format: str = "text"

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise MisuseError(f"column {self.name}: there is no format {self.format!r}; one of {', '.join(FORMATS)}")

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return self.format != "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A frame with the columns that are shown of it."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        absent = [column.name for column in self.columns if column.name not in self.frame.columns]
        if absent:
            raise MisuseError(f"the table shows {', '.join(absent)}, which its frame does not have")

    def list_rows(self) -> list[list[str]]:
        """The cells as text, row by row; what is unknown is a dash."""
        names = [column.name for column in self.columns]
        writers = [FORMATS[column.format] for column in self.columns]
        return [
            ["–" if value is None else write(value) for value, write in zip(row, writers, strict=True)]
            for row in self.frame.select(names).iter_rows()
        ]

"""The pictures of a plan's report with their tables, kept in its folder for pages that show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.documents.page import Figure, Page
from entrepost.documents.table import Column, Table

FIGURES = "figures.json"


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A picture as Vega-Lite has it, with its table."""

    name: str
    title: str
    says: str
    note: str
    spec: Mapping[str, Any]
    table: Table


def write_figures(page: Page, folder: Path) -> None:
    """Keep the pictures of a report."""
    figures = [part for section in page.sections for part in section.parts if isinstance(part, Figure)]
    text = json.dumps([_to_plain(each) for each in figures], default=str)
    (folder / FIGURES).write_text(text + "\n", encoding="utf-8")


def read_figures(folder: Path) -> dict[str, KeptFigure]:
    """The pictures that were kept, by name; none where none were."""
    path = folder / FIGURES
    if not path.is_file():
        return {}
    return {each["name"]: _to_figure(each) for each in json.loads(path.read_text(encoding="utf-8"))}


def _to_plain(figure: Figure) -> dict[str, Any]:
    names = [column.name for column in figure.table.columns]
    return {
        **{name: getattr(figure, name) for name in ("name", "title", "says", "note")},
        "spec": figure.picture.to_dict(validate=False),
        "columns": [(column.name, column.title, column.format) for column in figure.table.columns],
        "rows": figure.table.frame.select(names).to_dict(as_series=False),
    }


def _to_figure(told: dict[str, Any]) -> KeptFigure:
    columns = tuple(Column(*each) for each in told["columns"])
    table = Table(pl.DataFrame(told["rows"], strict=False), columns)
    return KeptFigure(**{name: told[name] for name in ("name", "title", "says", "note", "spec")}, table=table)

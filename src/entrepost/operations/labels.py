"""The labels and forms of a file: read, drawn, and handed on item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepost.base.findings import Finding
from entrepost.documents.label import Printed, draw_labels
from entrepost.operations.content_lines import read_texts
from entrepost.tables.labels import LabelRows, read_papers

Fill = Callable[[pl.DataFrame], tuple[pl.DataFrame, list[Finding]]]
"""Adds to rows of a file what is known elsewhere; and says what is not."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a file says: papers to print, how many items it names, and findings about its rows."""

    rows: LabelRows
    form: str

    def draw(self) -> Iterator[Printed]:
        """The sheets of each item, with what was found at it."""
        return draw_labels(self.rows.papers, self.form)


def read_labels(path: str | Path, form: str = "label", fill: Fill | None = None) -> Labels:
    """Read a CSV, Parquet or JSON lines file with a row for each kind of article.

    Where `fill` is given it adds what rows do not say, such as `stored_labels.fill_labels` does from a store.

    Raises
    ------
    UnreadableInputError
        Where the file as a whole cannot be read, or lacks a column that must be there.
    """
    texts, unread = read_texts(path)
    texts, missing = fill(texts) if fill else (texts, [])
    rows = read_papers(texts, Path(path).name)
    findings = sorted([*unread, *missing, *rows.findings], key=lambda finding: finding.row)
    return Labels(LabelRows(rows.papers, rows.items, findings), form)

"""The content lines of a file, read and checked; a row that cannot be read at all is a finding too."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.base.findings import Finding
from entrepost.operations.source import Form, check_whole, read_chunks
from entrepost.tables.content_lines import ContentLines, read_lines


def read_content_lines(path: str | Path, form: Form | None = None) -> ContentLines:
    """Read the content lines of a CSV, Parquet or JSON lines file, plain or gzipped.

    Raises
    ------
    UnreadableInputError
        Where the file as a whole cannot be read, or lacks a column that must be there.
    """
    whole, unread = read_texts(path, form)
    lines = read_lines(whole, Path(path).name)
    return ContentLines(lines.frame, sorted([*unread, *lines.findings], key=lambda finding: finding.row))


def read_texts(path: str | Path, form: Form | None = None) -> tuple[pl.DataFrame, list[Finding]]:
    """Every row of a file as text with its place, and findings about the rows that cannot be read."""
    path = Path(path)
    check_whole(path)
    chunks = list(read_chunks(path, form or Form()))
    broken = [each for chunk in chunks for each in chunk.broken]
    whole = pl.concat([chunk.frame for chunk in chunks], how="diagonal_relaxed")
    return whole, [Finding(each.code, "", each.message, path.name, each.row, each.fix) for each in broken]

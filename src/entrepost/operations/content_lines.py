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
    path = Path(path)
    check_whole(path)
    chunks = list(read_chunks(path, form or Form()))
    broken = [each for chunk in chunks for each in chunk.broken]
    whole = pl.concat([chunk.frame for chunk in chunks], how="diagonal_relaxed")
    lines = read_lines(whole, path.name)
    unread = [Finding(each.code, "", each.message, path.name, each.row, each.fix) for each in broken]
    return ContentLines(lines.frame, sorted([*unread, *lines.findings], key=lambda finding: finding.row))

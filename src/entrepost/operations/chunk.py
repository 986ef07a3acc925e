"""A chunk: some rows of a file as a frame, and what could not be read as a row at all."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from entrepost.base.findings import finding_code

ROW = "#row"
"""Column of every chunk: where the row stands in its file, as a text editor counts lines."""

COLUMNS_MAX = 1_000
"""A table has no more columns: what has is not meant to be read."""

ROW_UNREADABLE = finding_code("row_unreadable", "A row cannot be read: quotes, number of cells, or JSON.")
ROW_ENCODING = finding_code("row_encoding", "A row holds bytes that are not text in the file's encoding.")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be read: its line, what is wrong, how to mend it, and as much text as there is."""

    code: str
    row: int
    message: str
    fix: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file; `position` counts the rows of the file up to the end of the chunk.

    The frame holds text without blanks around it, null where a cell is empty; Parquet keeps its own types.
    """

    frame: pl.DataFrame
    broken: tuple[Broken, ...]
    position: int


def tidy_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Take away the blanks around text, and make empty text null."""
    return frame.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))


def broken_bytes(row: int, offset: int, raw: str) -> Broken:
    """The row at that line holds bytes that are not text."""
    return Broken(
        ROW_ENCODING,
        row,
        f"the bytes from offset {offset} of the file are not text in its encoding",
        'save the file as UTF-8, or name its encoding in the mapping: [file] encoding = "latin-1"',
        raw,
    )

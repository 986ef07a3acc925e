"""Frames in the text form of PostgreSQL's COPY: tabs between cells, \\N for nothing, backslashes before special signs.

References
----------
PostgreSQL documentation, COPY, File Formats, Text Format.
"""

from __future__ import annotations

import polars as pl

from entrepost.base.errors import StoreError

NOTHING = r"\N"
PLAIN = ["\\", "\t", "\n", "\r", "\b", "\f", "\v"]
SPECIAL = r"[\x00\\\t\n\r\x08\f\v]"
ESCAPED = [r"\\", r"\t", r"\n", r"\r", r"\b", r"\f", r"\v"]


def to_copy(frame: pl.DataFrame) -> bytes:
    """The rows of a frame (text, whole numbers, floats) as COPY reads them.

    Raises
    ------
    StoreError
        Where a text holds the character NUL, which PostgreSQL cannot keep.
    """
    special = [column for column in frame.select(pl.col(pl.String)).get_columns() if column.str.contains(SPECIAL).any()]
    for column in special:
        if column.str.contains("\0", literal=True).any():
            raise StoreError(f"PostgreSQL cannot keep the character NUL, and {column.name} holds it; take it out")
    escaped = frame.with_columns(column.str.replace_many(PLAIN, ESCAPED) for column in special)
    text: str = escaped.write_csv(include_header=False, separator="\t", quote_style="never", null_value=NOTHING)
    return text.encode()


def from_copy(text: bytes, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame that COPY wrote; its columns have the names and types of `schema`, in their order."""
    if not text:
        return pl.DataFrame(schema=schema)
    figures = {name: NOTHING for name, dtype in schema.items() if dtype != pl.String()}
    frame = pl.read_csv(
        text, has_header=False, separator="\t", quote_char=None, null_values=figures or None, schema=schema
    )
    return frame.with_columns(_unescaped(frame.get_column(name)) for name in schema if name not in figures)


def _unescaped(texts: pl.Series) -> pl.Series:
    """What is empty is an empty text, and the sign for nothing is nothing."""
    filled = texts.fill_null("")
    if not filled.str.contains("\\", literal=True).any():
        return filled
    return filled.replace(NOTHING, None).str.replace_many(ESCAPED, PLAIN)

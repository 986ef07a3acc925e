"""Parquet in chunks; columns keep their types, and a row is counted from 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW, Chunk, tidy_text


def read_parquet(path: Path, skip: int, size: int) -> Iterator[Chunk]:
    """Read the rows from number `skip` on, `size` at a time."""
    try:
        scan = pl.scan_parquet(path)
        nested = [name for name, dtype in scan.collect_schema().items() if dtype.is_nested()]
        height = scan.select(pl.len()).collect().item()
        for start in range(skip, max(height, skip + 1), size):
            frame = scan.drop(nested).slice(start, size).collect()
            rows = pl.int_range(start + 1, start + 1 + frame.height, eager=True).alias(ROW)
            yield Chunk(tidy_text(_plain(frame)).with_columns(rows), (), min(start + size, max(height, skip)))
    except pl.exceptions.PolarsError as error:
        raise UnreadableInputError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}") from None


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Text for all but whole numbers, yes and no, and instants with their zone."""
    return frame.with_columns(
        pl.col(pl.Categorical, pl.Enum, pl.Binary).cast(pl.String),
        pl.col(pl.Float32, pl.Float64, pl.Decimal).cast(pl.String),
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"),
        pl.col(pl.Boolean).replace_strict({True: "yes", False: "no"}, return_dtype=pl.String),
    )

"""Parquet comes in with its own types."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW
from entrepost.operations.parquet_source import read_parquet
from tests.operations.shop import store_in, take, write


def test_a_file_that_is_no_parquet_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="as Parquet"):
        take(store_in(tmp_path), write(tmp_path / "o.parquet", b"PAR1 but not really"))


def test_rows_are_read_on_from_where_the_last_chunk_ended(tmp_path: Path) -> None:
    pl.DataFrame({"a": range(5), "b": [None] * 5}).write_parquet(tmp_path / "o.parquet")
    chunks = list(read_parquet(tmp_path / "o.parquet", 1, 3))
    assert [(chunk.frame["a"].to_list(), chunk.frame[ROW].to_list(), chunk.position) for chunk in chunks] == [
        ([1, 2, 3], [2, 3, 4], 4),
        ([4], [5], 5),
    ]

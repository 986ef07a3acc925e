"""A Parquet file that takes too much memory is found out by whoever tries it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.operations.parquet_trial import TOO_LARGE, UNREADABLE, try_file
from tests.operations.shop import write


def test_rows_that_take_too_much_memory_are_refused(tmp_path: Path) -> None:
    path, bounds = tmp_path / "orders.parquet", {"bytes_max": 1 << 20, "slice_bytes": 1 << 20}
    pl.DataFrame({"sku": ["x" * 1_000] * 5_000, "nested": [[1]] * 5_000}).write_parquet(path)
    assert path.stat().st_size < 100_000
    assert try_file(str(path), bounds)[0] == TOO_LARGE
    assert try_file(str(path), dict.fromkeys(bounds, 1 << 30)) == (0, "")
    assert try_file(str(write(tmp_path / "no.parquet", b"PAR1")), bounds)[0] == UNREADABLE

"""A file that becomes far larger than it is, or takes more memory than it may, is refused before a row is looked at."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.bounds import Bounds, check_bounds
from tests.operations.shop import csv_text, lamp, write

SMALL = Bounds(bytes_max=1 << 20, lenient_bytes=1 << 10)


def bomb(path: Path, size: int) -> Path:
    """Zeros, gzipped."""
    return write(path, gzip.compress(bytes(size), 9))


def test_a_gzipped_file_of_orders_is_sound(tmp_path: Path) -> None:
    text = csv_text(*(lamp(order_id=f"o{number}") for number in range(2_000)))
    check_bounds(write(tmp_path / "orders.csv.gz", gzip.compress(text.encode())), SMALL)
    check_bounds(write(tmp_path / "orders.csv", text.encode()), Bounds(bytes_max=1, lenient_bytes=1))


def test_a_bomb_is_refused_by_its_size_and_by_how_many_times_it_grows(tmp_path: Path) -> None:
    for size, bounds in ((2 << 20, SMALL), (800_000, SMALL), (65 << 20, Bounds())):
        with pytest.raises(UnreadableInputError, match="when it is unpacked"):
            check_bounds(bomb(tmp_path / "orders.csv", size), bounds)
    check_bounds(bomb(tmp_path / "orders.csv", 1_000), SMALL)


def test_many_small_bombs_in_one_file_are_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="when it is unpacked"):
        check_bounds(write(tmp_path / "orders.csv.gz", gzip.compress(bytes(600)) * 3_000), SMALL)


def test_what_is_damaged_is_said_to_be(tmp_path: Path) -> None:
    whole = gzip.compress(bytes(range(256)) * 100)
    for damaged in (whole[:-9], whole[:30] + zlib.compress(b"x") + whole[40:]):
        with pytest.raises(UnreadableInputError, match="cannot be unpacked"):
            check_bounds(write(tmp_path / "orders.csv.gz", damaged), SMALL)


def test_a_parquet_file_is_tried_by_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pl.DataFrame([lamp(order_id=f"o{number}") for number in range(500)]).write_parquet(path)
    check_bounds(path, Bounds())
    with pytest.raises(UnreadableInputError, match="more memory or time than it may"):
        check_bounds(path, Bounds(memory_bytes=64 << 20))
    with pytest.raises(UnreadableInputError, match="cannot be read as Parquet"):
        check_bounds(write(tmp_path / "no.parquet", b"PAR1nothingPAR1"), Bounds())


def test_bounds_are_above_nothing() -> None:
    with pytest.raises(MisuseError, match="above 0"):
        Bounds(ratio_max=0)

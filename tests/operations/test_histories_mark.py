"""A file that has grown is told from another one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.histories_mark import (
    PIECE_BYTES,
    mark_rows,
    mark_text,
    read_from,
    rows_have_grown,
    text_has_grown,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("item_id,code\n" + "LX1,EMA\n" * PIECE_BYTES)
    return path


def test_what_was_added_is_read_under_the_header(file: Path) -> None:
    mark = mark_text(file, ".csv")
    assert read_from(file, mark, header=True) == b"item_id,code\n"
    with file.open("a") as more:
        more.write("LX2,EMB\n")
    assert text_has_grown(file, mark)
    assert read_from(file, mark, header=True) == b"item_id,code\nLX2,EMB\n"
    assert read_from(file, mark, header=False) == b"LX2,EMB\n"


def test_a_line_that_was_not_whole_yet_is_read_again(file: Path) -> None:
    size = file.stat().st_size
    with file.open("a") as more:
        more.write("LX2,E")
    mark = mark_text(file, ".csv")
    assert mark.end == size
    with file.open("a") as more:
        more.write("MB\n")
    assert read_from(file, mark, header=False) == b"LX2,EMB\n"


@pytest.mark.parametrize("change", [lambda text: text[8:], lambda text: text.replace("EMA", "EMB"), lambda text: ""])
def test_a_file_that_begins_otherwise_has_not_grown(file: Path, change: object) -> None:
    mark = mark_text(file, ".csv")
    file.write_text(change(file.read_text()))  # type: ignore[operator]
    assert not text_has_grown(file, mark)


def test_a_file_of_one_unfinished_line_is_read_from_its_begin(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("{")
    assert mark_text(path, ".jsonl").end == 0
    assert text_has_grown(path, mark_text(path, ".jsonl"))


def test_of_a_parquet_file_the_last_rows_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    frame = pl.DataFrame({"item_id": [f"LX{number}" for number in range(1000)]})
    frame.write_parquet(path)
    mark = mark_rows(path, "parquet", 1000)
    pl.concat([frame, frame]).write_parquet(path)
    assert rows_have_grown(path, mark)
    frame.head(999).write_parquet(path)
    assert not rows_have_grown(path, mark)
    frame.reverse().write_parquet(path)
    assert not rows_have_grown(path, mark)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"nothing\.csv cannot be read"):
        mark_text(tmp_path / "nothing.csv", ".csv")

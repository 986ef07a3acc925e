"""Files of content lines: every form is read alike, and a broken row loses no other."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.content_lines import read_content_lines

HEADER = "item_id,destination,quantity,unit_value,currency"


@pytest.mark.parametrize("name", ["lines.csv", "lines.parquet", "lines.jsonl"])
def test_a_file_is_read_in_each_form(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({"item_id": ["a"], "destination": ["DE"], "quantity": [2], "unit_value": ["1.5"]})
    frame = frame.with_columns(currency=pl.lit("EUR"))
    path = tmp_path / name
    {"csv": frame.write_csv, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}[path.suffix[1:]](path)
    read = read_content_lines(path)
    assert read.findings == []
    assert read.frame["value_minor"].to_list() == [300]


def test_a_row_that_cannot_be_read_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(f"{HEADER}\na,DE,1,1.00,EUR\nb,DE,1\nc,DE,many,1.00,EUR\n")
    read = read_content_lines(path)
    assert [(each.code, each.row) for each in read.findings] == [("row_unreadable", 3), ("cell_malformed", 4)]
    assert read.frame.select("item_id", "row", "sound").rows() == [("a", 2, True), ("c", 4, False)]


def test_a_file_without_rows_has_no_lines_and_one_without_anything_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(f"{HEADER}\n")
    assert read_content_lines(path).frame.height == 0
    path.write_text("")
    with pytest.raises(UnreadableInputError):
        read_content_lines(path)

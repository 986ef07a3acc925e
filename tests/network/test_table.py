"""One table of a folder: sound rows become nouns, the others findings with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.findings import Finding
from entrepost.base.schema import get_schema
from entrepost.network import table
from entrepost.network.facility import Processing
from entrepost.network.table import format_cell, parse_value, read_table, write_table
from tests.worlds import two_offices


@pytest.fixture
def processing(tmp_path: Path) -> Path:
    path = tmp_path / "processing.csv"
    write_table(path, two_offices().processing)
    return path


def test_rows_read_back_with_the_lines_on_which_they_begin(processing: Path) -> None:
    findings: list[Finding] = []
    assert read_table(processing, Processing, findings) == (two_offices().processing, (2, 3, 4, 5))
    assert findings == []


def test_a_row_whose_hours_do_not_ascend_is_left_out_and_found(processing: Path) -> None:
    text = processing.read_text(encoding="utf-8")
    processing.write_text(text.replace("24/7,2,2,2", "24/7,2,1,2"), encoding="utf-8")
    findings: list[Finding] = []
    _, lines = read_table(processing, Processing, findings)
    assert lines == (2, 4, 5)
    assert [(each.code, each.row) for each in findings] == [(table.ROW_REFUSED, 3)]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("hours_min", "nan", table.CELL_MALFORMED),
        ("hours_min", "1_0", table.CELL_MALFORMED),
        ("hours_min", "-1", table.CELL_OUT_OF_RANGE),
        ("throughput_items_hour", "1.5", table.CELL_MALFORMED),
        ("throughput_items_hour", str(2**63), table.CELL_OUT_OF_RANGE),
        ("lost_per_million", "1000001", table.CELL_OUT_OF_RANGE),
        ("activity", "juggle", table.CELL_MALFORMED),
    ],
)
def test_a_cell_of_a_wrong_form_or_size_is_found(column: str, text: str, code: str) -> None:
    findings: list[Finding] = []
    parse_value(text, get_schema("processing").get_column(column), ("processing.csv", 3), findings)
    assert [(each.code, each.field, each.row) for each in findings] == [(code, column, 3)]


def test_cells_are_written_as_people_write_them() -> None:
    processing = get_schema("processing")
    assert format_cell(2.0, processing.get_column("hours_min")) == "2"
    assert format_cell(0.1, processing.get_column("hours_min")) == "0.1"
    assert format_cell(True, get_schema("warehouses").get_column("open")) == "yes"
    assert format_cell(None, get_schema("services").get_column("value_max_minor")) == ""

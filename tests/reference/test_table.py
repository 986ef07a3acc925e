"""Dated tables, and that every one of them has a source and a script."""

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.reference.table import FOLDER, Dated, Row

ROOT = Path(__file__).parents[2]
FILES = sorted(FOLDER.glob("*.csv"))


def row(first: str, last: str, value: str) -> Row:
    return Row(date.fromisoformat(first), date.fromisoformat(last), {"key": "k", "value": value})


def test_a_row_holds_on_its_first_and_its_last_day():
    table = Dated("t", "key", [row("2026-01-01", "2026-06-30", "a"), row("2026-07-01", "2026-12-31", "b")])
    assert [table.at("k", date(2026, *day))["value"] for day in ((1, 1), (6, 30), (7, 1), (12, 31))] == list("aabb")
    assert table.find("k", date(2027, 1, 1)) is None
    assert table.at("k")["value"] == "b"
    with pytest.raises(MissingRowError, match="no row for key 'k' on 2027-01-01"):
        table.at("k", date(2027, 1, 1))


def test_two_rows_cannot_hold_on_one_day():
    with pytest.raises(MisuseError, match="hold on 2026-06-30"):
        Dated("t", "key", [row("2026-01-01", "2026-06-30", "a"), row("2026-06-30", "2026-12-31", "b")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_data_file_has_an_origin_a_script_and_a_source_in_every_row(path):
    source = tomllib.loads((FOLDER / "SOURCES.toml").read_text(encoding="utf-8"))[path.stem]
    assert source["origin"]
    assert source["licence"]
    assert (ROOT / source["script"]).exists()
    with path.open(encoding="utf-8", newline="") as file:
        assert all(cells["source"] for cells in csv.DictReader(file))

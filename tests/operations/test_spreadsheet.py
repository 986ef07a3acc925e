"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from entrepost.operations.intake import intake_orders
from entrepost.operations.spreadsheet import write_rejected, write_sheet
from tests.operations.shop import lamp, store_in, write_csv


def test_formulas_become_text_and_numbers_stay() -> None:
    text = write_sheet(["a"], [["=1+1"], ["-5"], ["+1.5"], ["@x"], ["-x"], ["\tx"], ["x=1"], ["\uff1d1+1"], ["\n=1"]])
    cells = [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if row]
    assert cells == ["a", "'=1+1", "-5", "+1.5", "'@x", "'-x", "'\tx", "x=1", "'\uff1d1+1", "'\n=1"]


def test_rejected_rows_are_corrected_and_brought_in(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    path = write_csv(tmp_path, lamp(), lamp(order_id="o2", country="XX", weight_g="heavy"))
    intake_orders(store, path)
    name = store.list_intakes()[0].intake
    text = write_rejected(store, name)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 1
    assert rows[0]["order_id"] == "o2"
    assert "country" in rows[0]["#wrong"]
    assert "weight_g" in rows[0]["#wrong"]
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text.replace("XX", "FR").replace("heavy", "250"), encoding="utf-8")
    assert intake_orders(store, corrected).accepted == 1
    assert sorted(store.list_orders()["order_id"]) == ["o1", "o2"]

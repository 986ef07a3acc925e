"""Declarations of rows and of items: the form, what stands on it, and what is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.declaration_desk import declare_file, declare_item, missing_of
from tests.operations.shop import LAMP_NO, two_items, write
from tests.worlds import two_offices

DAY = date(2026, 7, 2)
HEAD = "item_id,destination,origin,hs_code,description,quantity,unit_value,currency,net_weight_g,weight_g,nature"
SHIRTS = "RB123456785CN,DE,CN,610910,Cotton T-shirts for men,5,5.00,EUR,400,560,sale"


def file_of(folder: Path, *rows: str) -> Path:
    return write(folder / "lines.csv", ("\n".join([HEAD, *rows]) + "\n").encode())


def test_rows_are_told_with_their_form_and_what_stands_on_it(tmp_path: Path) -> None:
    dear = SHIRTS.replace("RB123456785CN", "CP123456785CN").replace("5.00", "500.00")
    (cheap, parcel), found = declare_file(file_of(tmp_path, SHIRTS, dear), DAY)
    assert (cheap.form, cheap.value_minor, cheap.net_weight_g) == ("cn22", 2500, 400)
    assert (cheap.contents[0]["hs_code"], cheap.contents[0]["quantity"]) == ("610910", 5)
    assert parcel.form == "cp72"
    assert [each for each in found if each.level == "error"] == []


def test_what_is_wrong_rejects_its_item_alone(tmp_path: Path) -> None:
    wrong = SHIRTS.replace("RB123456785CN", "RB123456799CN").replace("5.00", "five")
    (sound, unsound), _ = declare_file(file_of(tmp_path, SHIRTS, wrong), DAY)
    assert sound.sound
    assert not unsound.sound
    assert "unit_value" in [each["field"] for each in unsound.findings]


def test_an_item_is_declared_by_what_its_order_says(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    declared = declare_item(store, two_offices(), "main", LAMP_NO.lower(), DAY)
    assert (declared.destination, declared.value_minor, declared.currency) == ("DE", 3000, "CNY")
    assert declared.contents[0]["origin"] == "CN"
    assert not declared.sound, "no description was brought in with the order"
    assert {"description", "hs_code"} <= {each["field"] for each in declared.findings}
    assert "description" in missing_of(declared.findings)
    for tenant, number in (("other", LAMP_NO), ("main", "LX999999999CN")):
        with pytest.raises(MissingRowError):
            declare_item(store, two_offices(), tenant, number, DAY)


def test_fields_that_are_wanted_and_empty_are_listed_once() -> None:
    found = pl.DataFrame({"code": ["declaration_data_missing"] * 2 + ["other"], "field": ["b", "b", "a"]}).to_dicts()
    assert missing_of(found) == ["b"]

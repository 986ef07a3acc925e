"""Any shop's files come in through a mapping: names, units, dates, words, and files that belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.mapping import Mapping, load_mapping
from tests.operations.shop import counts, lamp, store_in, take, take_in, write, write_csv

SHOP = """
[columns]
order_id = "Order No"
placed_at = "Date"
weight_g = "Weight (kg)"
length_mm = "Length (in)"
unit_value = "Price"
country = "Ship To"
wanted_by = "Deliver by"

[constants]
seller = "shop"
origin = "CNSHAA"
currency = "EUR"

[units]
weight_g = "kg"
length_mm = "in"

[file]
decimal = ","

[times]
zone = "Europe/Berlin"
shift_days = 28

[times.format]
placed_at = "%d.%m.%Y %H:%M"

[values.country]
"Deutschland" = "DE"
"*" = "FR"
"""
ROW = {
    "Order No": "7",
    "Date": "05.01.2026 10:00",
    "Weight (kg)": "0,4005",
    "Length (in)": "10",
    "Price": "12,5",
    "Ship To": "Deutschland",
    "Deliver by": "2026-01-20",
}


def test_a_shops_own_columns_units_dates_and_words_become_ours(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, ROW, ROW | {"Order No": "8", "Ship To": "Gallia"}, mapping=SHOP)
    assert counts(outcome) == (2, 2, 0, 0)
    assert outcome.shift_days == 28
    row = store.list_orders().row(0, named=True)
    assert row["placed_at"].isoformat() == "2026-02-02T09:00:00+00:00"
    assert row["wanted_by"].isoformat() == "2026-02-17T23:00:00+00:00"
    assert (row["weight_g"], row["length_mm"], row["unit_value"]) == (401, 254, "12.50")
    assert store.list_orders().get_column("country").to_list() == ["DE", "FR"]
    assert store.list_intakes()[0].shift_days == 28


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[colums]\n", "'colums' is no section"),
        ('[columns]\nweight = "w"\n', "'weight' is no column of orders"),
        ('[units]\nweight_g = "stone"\n', "'stone' is no unit of weight_g"),
        ('[units]\ncity = "kg"\n', "'kg' is no unit of city"),
        ('[times]\nzone = "Mars/Base"\n', "not an IANA time zone"),
        ('[times]\nshift_days = "a"\n', "whole number of days"),
        ('[file]\nseparator = ";;"\n', "must be one character"),
        ('[join.x]\nfile = "x.csv"\n', "needs file"),
        ('[columns]\ncity = "c"\n[constants]\ncity = "C"\n', "in \\[columns\\] and in \\[constants\\]"),
        ("[columns\n", "not TOML"),
        ('[columns]\ncity = "Town"\n', "the mapping names Town"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableInputError, match=message):
        take(store_in(tmp_path), write_csv(tmp_path, lamp()), text)


def test_a_mapping_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path, lamp())
    with pytest.raises(UnreadableInputError, match="no encoding"):
        take(store_in(tmp_path), path, '[file]\nencoding = "klingon"\n')


def test_without_a_mapping_nothing_is_shifted(tmp_path: Path) -> None:
    assert Mapping("orders").shift_days == 0
    assert write(tmp_path / "empty.toml", b"").exists()
    assert load_mapping(tmp_path / "empty.toml").columns == {}


@pytest.mark.parametrize("number", [0, 1])
def test_the_mappings_of_the_guide_are_mappings(tmp_path: Path, number: int) -> None:
    guide = Path(__file__).parent.parent.parent / "docs" / "guides" / "mapping.md"
    block = guide.read_text(encoding="utf-8").split("```toml\n")[number + 1].split("```")[0]
    mapping = load_mapping(write(tmp_path / "mapping.toml", block.encode()))
    assert set(mapping.columns) >= {"order_id", "placed_at", "weight_g"}
    assert mapping.joins

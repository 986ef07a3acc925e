"""Content lines: text becomes exact figures, and a bad cell loses nothing but itself."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import UnreadableInputError
from entrepost.mail.declaration import Content, Declaration
from entrepost.tables.content_lines import COLUMNS, from_declarations, read_lines, to_declarations

SHIRT = {
    "item_id": "i1",
    "origin": "CN",
    "destination": "DE",
    "hs_code": "6109.10",
    "description": "cotton T-shirt for men",
    "quantity": "5",
    "unit_value": "7.50",
    "currency": "EUR",
    "net_weight_g": "900",
    "carriage": "4.2",
    "insurance": "",
    "seller_scheme_number": "im 1234567890",
}


def lines(*changes: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame([SHIRT | change for change in changes])


def test_a_line_is_read_into_minor_units_and_bare_codes() -> None:
    read = read_lines(lines({}))
    row = read.frame.row(0, named=True)
    assert read.findings == []
    assert read.frame.schema == COLUMNS
    assert (row["unit_value_minor"], row["value_minor"], row["carriage_minor"], row["insurance_minor"]) == (
        750,
        3750,
        420,
        0,
    )
    assert (row["hs_code"], row["seller_scheme_number"], row["nature"]) == ("610910", "IM1234567890", "sale")


@pytest.mark.parametrize(
    ("currency", "amount", "minor"), [("JPY", "1200", 1200), ("KWD", "1.234", 1234), ("KWD", "1.2", 1200)]
)
def test_a_currency_has_its_own_number_of_decimals(currency: str, amount: str, minor: int) -> None:
    read = read_lines(lines({"currency": currency, "unit_value": amount, "carriage": "0"}))
    assert read.frame["unit_value_minor"].to_list() == [minor]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"unit_value": "12,50"}, "unit_value", "amount_malformed"),
        ({"unit_value": "-1"}, "unit_value", "amount_malformed"),
        ({"unit_value": "1e3"}, "unit_value", "amount_malformed"),
        ({"unit_value": "9" * 40}, "unit_value", "amount_malformed"),
        ({"unit_value": "99999999999.00"}, "unit_value", "cell_out_of_range"),
        ({"unit_value": "1.005"}, "unit_value", "amount_decimals"),
        ({"unit_value": ""}, "unit_value", "cell_missing"),
        ({"carriage": "free"}, "carriage", "amount_malformed"),
        ({"quantity": "0"}, "quantity", "cell_out_of_range"),
        ({"quantity": "1.5"}, "quantity", "cell_malformed"),
        ({"quantity": "9" * 30}, "quantity", "cell_malformed"),
        ({"quantity": "1000000", "unit_value": "9000000000"}, "quantity", "cell_out_of_range"),
        ({"net_weight_g": "heavy"}, "net_weight_g", "cell_malformed"),
        ({"currency": "EURO"}, "currency", "currency_unknown"),
        ({"destination": "XX"}, "destination", "country_unknown"),
        ({"origin": "Chine"}, "origin", "country_unknown"),
        ({"nature": "present"}, "nature", "cell_malformed"),
        ({"description": "a\0b"}, "description", "cell_malformed"),
    ],
)
def test_a_bad_cell_is_told_with_its_row_and_the_fix_and_the_next_item_goes_on(
    change: dict[str, str], field: str, code: str
) -> None:
    read = read_lines(lines({"item_id": "good"}, change), "shop.csv")
    assert [(each.code, each.field, each.row, each.subject) for each in read.findings] == [(code, field, 2, "shop.csv")]
    assert read.findings[0].fix
    assert read.frame.select("item_id", "sound").rows() == [("good", True), ("i1", False)]


def test_a_row_without_an_item_belongs_to_none_and_is_told() -> None:
    read = read_lines(lines({"item_id": ""}, {}))
    assert [(each.code, each.row) for each in read.findings] == [("cell_missing", 1)]
    assert read.frame["row"].to_list() == [2]


def test_a_malformed_code_is_left_out_with_a_warning() -> None:
    read = read_lines(lines({"hs_code": "6109"}))
    assert [(each.code, each.level) for each in read.findings] == [("hs_malformed", "warning")]
    assert read.frame.select("hs_code", "sound").row(0) == (None, True)


def test_the_state_of_a_destination_stands_behind_its_country() -> None:
    assert read_lines(lines({"destination": "br-sp"})).frame.select("destination", "region").row(0) == ("BR", "SP")


def test_lines_of_an_item_agree_on_what_is_of_the_item() -> None:
    read = read_lines(lines({}, {"description": "watch", "carriage": "9"}, {"item_id": "i2", "carriage": "9"}))
    assert [(each.code, each.field, each.row) for each in read.findings] == [("item_disagrees", "carriage", 2)]
    assert read.frame["sound"].to_list() == [False, False, True]


def test_equal_rows_are_two_lines_and_a_warning() -> None:
    read = read_lines(lines({}, {}))
    assert [(each.code, each.row, each.level) for each in read.findings] == [("row_repeated", 2, "warning")]
    assert read.frame.height == 2


def test_a_table_without_rows_has_no_lines_and_one_without_columns_is_refused() -> None:
    assert read_lines(lines({}).clear()).frame.height == 0
    with pytest.raises(UnreadableInputError, match="columns are missing: item_id"):
        read_lines(lines({}).drop("item_id"))


def test_declarations_read_back_from_lines_as_they_were() -> None:
    shirt = Content("cotton T-shirt for men", 1, 180, 1250, "610910", "CN")
    declared = {"a": Declaration("gift", "KWD", (shirt,)), "b": Declaration("sale", "JPY", (shirt, shirt))}
    assert to_declarations(read_lines(from_declarations(declared, "DE")).frame) == declared


@given(st.decimals(0, 10**9, places=2), st.integers(1, 1000))
def test_amounts_are_exact(amount: Decimal, quantity: int) -> None:
    read = read_lines(lines({"unit_value": str(amount), "quantity": str(quantity)}))
    assert read.frame["value_minor"].to_list() == [int(amount * 100) * quantity]


@given(st.dictionaries(st.sampled_from(list(SHIRT)), st.text(max_size=20)))
def test_no_text_in_a_cell_stops_the_reading(change: dict[str, str]) -> None:
    read = read_lines(lines({"item_id": "good"}, change))
    assert read.frame.filter(pl.col("item_id") == "good")["sound"][0] in (True, False)


def test_rows_that_name_no_item_disagree_with_none_and_every_finding_says_something() -> None:
    read = read_lines(lines({"item_id": ""}, {"item_id": "", "carriage": "9"}))
    assert {each.code for each in read.findings} == {"cell_missing"}
    assert all(each.message for each in read.findings)

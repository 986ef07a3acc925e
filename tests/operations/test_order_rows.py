"""Each kind of bad cell costs its own order and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.operations.shop import LAMP, counts, lamp, store_in, take, take_in, write_csv

GOOD = lamp(order_id="good")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"placed_at": "2026-01-05 10:00:00"}, "instant_without_zone", "placed_at"),
        ({"placed_at": "2026-02-30T10:00:00Z"}, "instant_impossible", "placed_at"),
        ({"placed_at": "yesterday"}, "instant_impossible", "placed_at"),
        ({"placed_at": ""}, "cell_missing", "placed_at"),
        ({"country": "Germany"}, "country_unknown", "country"),
        ({"country": "XX"}, "country_unknown", "country"),
        ({"weight_g": "-400"}, "cell_out_of_range", "weight_g"),
        ({"weight_g": "0"}, "cell_out_of_range", "weight_g"),
        ({"weight_g": "400.5"}, "cell_malformed", "weight_g"),
        ({"weight_g": "heavy"}, "cell_malformed", "weight_g"),
        ({"weight_g": "1,000"}, "cell_malformed", "weight_g"),
        ({"quantity": "99999999999999999999"}, "cell_malformed", "quantity"),
        ({"currency": "YUAN"}, "currency_unknown", "currency"),
        ({"currency": ""}, "currency_missing", "currency"),
        ({"unit_value": "30.005"}, "amount_decimals", "unit_value"),
        ({"unit_value": "-3"}, "amount_malformed", "unit_value"),
        ({"unit_value": "30,00"}, "amount_malformed", "unit_value"),
        ({"unit_value": "NaN"}, "amount_malformed", "unit_value"),
        ({"origin": "CNXXXX"}, "origin_unknown", "origin"),
        ({"seller": ""}, "cell_missing", "seller"),
        ({"order_id": " "}, "cell_missing", "order_id"),
    ],
)
def test_a_bad_cell_rejects_its_row_and_no_other(
    tmp_path: Path, changed: dict[str, str], code: str, field: str
) -> None:
    store = store_in(tmp_path)
    path = write_csv(tmp_path, lamp(**changed), GOOD)
    outcome = take(store, path, origins=("CNSHAA",))
    assert counts(outcome) == (2, 1, 0, 1)
    assert outcome.findings == {code: 1}
    finding = store.list_findings().row(0, named=True)
    assert (finding["field"], finding["row"], finding["subject"]) == (field, 2, "orders.csv")
    assert finding["fix"]
    assert json.loads(finding["raw"])["sku"] == "LAMP"
    assert store.list_orders().get_column("order_id").to_list() == ["good"]


@pytest.mark.parametrize(
    ("currency", "unit_value", "minor", "shown"),
    [
        ("JPY", "1500", 1500, "1500"),
        ("JPY", "1500.00", 1500, "1500"),
        ("KWD", "1.234", 1234, "1.234"),
        ("EUR", "12.5", 1250, "12.50"),
        ("USD", "0.07", 7, "0.07"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    tmp_path: Path, currency: str, unit_value: str, minor: int, shown: str
) -> None:
    store, _ = take_in(tmp_path, lamp(currency=currency, unit_value=unit_value))
    row = store.list_orders().row(0, named=True)
    assert (row["unit_value_minor"], row["unit_value"]) == (minor, shown)


@pytest.mark.parametrize(("currency", "unit_value"), [("JPY", "12.50"), ("KWD", "1.2345")])
def test_an_amount_finer_than_its_currency_is_not_rounded(tmp_path: Path, currency: str, unit_value: str) -> None:
    _, outcome = take_in(tmp_path, lamp(currency=currency, unit_value=unit_value))
    assert outcome.findings == {"amount_decimals": 1}


def test_rows_without_line_numbers_are_numbered_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [{name: cell for name, cell in row.items() if name != "line"} for row in (LAMP, lamp(sku="MUG"), GOOD)]
    store, _ = take_in(tmp_path, *rows)
    assert store.list_orders().select("order_id", "line", "sku").sort("order_id", "line").rows() == [
        ("good", 1, "LAMP"),
        ("o1", 1, "LAMP"),
        ("o1", 2, "MUG"),
    ]


def test_a_row_like_the_one_before_is_a_second_line_and_a_warning(tmp_path: Path) -> None:
    row = {name: cell for name, cell in LAMP.items() if name != "line"}
    store, outcome = take_in(tmp_path, row, row)
    assert counts(outcome) == (2, 2, 0, 0)
    assert outcome.findings == {"row_repeated": 1}
    assert store.list_findings().get_column("level").to_list() == ["warning"]


def test_an_order_comes_in_whole_or_not_at_all(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, LAMP, lamp(line="2", weight_g="-1"), GOOD)
    assert counts(outcome) == (3, 1, 0, 2)
    assert outcome.findings == {"cell_out_of_range": 1, "order_incomplete": 1}
    corrected = take(store, write_csv(tmp_path, LAMP, lamp(line="2", weight_g="1"), GOOD, name="corrected.csv"))
    assert counts(corrected) == (3, 2, 1, 0)


def test_a_malformed_hs_code_is_left_out_with_a_warning(tmp_path: Path) -> None:
    store, outcome = take_in(tmp_path, lamp(hs_code="lamp"), GOOD | {"hs_code": "9405.21"})
    assert outcome.findings == {"hs_malformed": 1}
    assert store.list_orders().sort("order_id").get_column("hs_code").to_list() == ["940521", None]

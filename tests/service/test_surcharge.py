"""What is added to a charge."""

from __future__ import annotations

from datetime import date

import polars as pl

import entrepost.tables  # noqa: F401
from entrepost.service.surcharge import (
    ITEM,
    KG,
    PERCENT,
    compile_surcharges,
    find_surcharge,
    list_surcharges,
    surcharge_minor,
)
from tests.service.cards import posted, posting, surcharge


def added(surcharges: list[dict[str, object]], **columns: list[object]) -> list[int]:
    count = len(next(iter(columns.values()))) if columns else 1
    usual = {
        "origin": "CNSHAA", "country": "DE", "area": "DE", "placed_day": 0,
        "billable_weight_g": 500, "base_charge_minor": 1000,
    }  # fmt: skip
    items = pl.DataFrame({name: columns.get(name, [value] * count) for name, value in usual.items()})
    figures = [items.get_column(name).to_numpy() for name in ("base_charge_minor", "billable_weight_g")]
    found = compile_surcharges(tuple(surcharge(**row) for row in surcharges)).add_up(posted(items), *figures)
    return [int(amount) for amount in found]


def test_each_kind_is_rounded_half_up_once() -> None:
    assert surcharge_minor(PERCENT, 12_500, 1002, 0) == 125
    assert surcharge_minor(PERCENT, 12_500, 1004, 0) == 126
    assert surcharge_minor(ITEM, 500, 0, 0) == 1
    assert surcharge_minor(ITEM, 499, 0, 0) == 0
    assert surcharge_minor(KG, 1000, 0, 500) == 1
    assert surcharge_minor(KG, 1000, 0, 499) == 0


def test_different_surcharges_add_up() -> None:
    assert added([{"surcharge": "fuel", "amount": 10}, {"surcharge": "peak", "amount": 5}]) == [15]


def test_one_name_is_charged_once_by_its_most_specific_row() -> None:
    rows = [
        {"service": "*", "amount": 1},
        {"amount": 2},
        {"country": "DE", "amount": 3},
        {"origin": "CNSHAA", "amount": 4},
    ]
    assert added(rows, country=["DE", "FR", "DE"], origin=["CNSZXA", "CNSZXA", "CNSHAA"]) == [3, 2, 4]


def test_only_rows_that_hold_that_day_are_charged() -> None:
    rows = [{"amount": 7, "valid_from": date(1970, 1, 2), "valid_to": date(1970, 1, 3)}]
    assert added(rows, placed_day=[0, 1, 2, 3]) == [0, 7, 7, 0]


def test_place_without_an_area_has_only_the_general_ones() -> None:
    rows = [{"area": "DE-1", "amount": 7}, {"surcharge": "peak", "amount": 1}]
    assert added(rows, area=["DE-1", "DE-2", None]) == [8, 1, 1]


def test_no_surcharges_add_nothing() -> None:
    assert added([], area=["a", "b"]) == [0, 0]


def test_single_item_lists_one_row_of_each_name() -> None:
    rows = [surcharge(amount=2.0), surcharge(country="DE", amount=3.0), surcharge(surcharge="peak", country="FR")]
    assert list_surcharges(rows, posting(weight_g=500)) == [rows[1]]
    assert find_surcharge(rows[1], 1000, 500) == 3

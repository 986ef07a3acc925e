"""Which row of a rate card holds."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import entrepost.tables  # noqa: F401
from entrepost.service.ratecard import compile_card, day_number, find_rate, rate_holds, to_thousandths
from tests.service.cards import posted, rate


def rows_found(rates: list[dict[str, object]], items: dict[str, list[object]]) -> list[float | None]:
    """The item charge of the row that holds for each item, in minor units."""
    compiled = compile_card(tuple(rate(**row) for row in rates))
    frame = pl.DataFrame(items)
    found = compiled.find_rows(posted(frame), frame.get_column("billable_weight_g").to_numpy())
    return [None if row < 0 else compiled.rows.item(row, "charge_item_thousandths") / 1000 for row in found.tolist()]


def items(**columns: list[object]) -> dict[str, list[object]]:
    count = len(next(iter(columns.values())))
    usual = {"origin": "CNSHAA", "country": "DE", "postcode": "60311", "billable_weight_g": 500, "placed_day": 0}
    return {name: columns.get(name, [value] * count) for name, value in usual.items()}


@pytest.mark.parametrize(("weight_g", "holds"), [(0, 0), (500, 0), (501, 1), (999, 1), (1000, 1), (1001, 0)])
def test_bracket_is_open_below_and_closed_at_the_top(weight_g: int, holds: int) -> None:
    assert rate_holds(weight_g, 0, 500, 1000, -9, 9) == holds


def test_lowest_bracket_holds_for_no_weight_at_all() -> None:
    assert rate_holds(0, 0, 0, 1000, -9, 9) == 1


@pytest.mark.parametrize(("day", "holds"), [(-10, 0), (-9, 1), (9, 1), (10, 0)])
def test_first_and_last_day_belong_to_the_row(day: int, holds: int) -> None:
    assert rate_holds(500, day, 0, 1000, -9, 9) == holds


def test_each_edge_of_a_card_finds_its_row() -> None:
    brackets = [
        {"weight_over_g": over, "weight_to_g": to, "charge_item_minor": charge}
        for over, to, charge in ((0, 100, 1), (100, 500, 2), (500, 2000, 3))
    ]
    weights = [0, 1, 100, 101, 500, 501, 2000, 2001]
    assert rows_found(brackets, items(billable_weight_g=[*weights])) == [1, 1, 1, 2, 2, 3, 3, None]


def test_postcode_shorter_than_a_prefix_does_not_match_it() -> None:
    zones = [{"postcode_prefix": "603*", "charge_item_minor": 1}, {"charge_item_minor": 2}]
    assert rows_found(zones, items(postcode=["60311", "60", "", None])) == [1, 2, 2, 2]


def test_prefix_is_compared_without_spaces_and_case() -> None:
    zones = [{"country": "GB", "postcode_prefix": "sw1-", "charge_item_minor": 1}]
    assert rows_found(zones, items(country=["GB", "GB"], postcode=["SW1A1AA", "SW2"])) == [1, None]


def test_wider_row_serves_where_the_narrower_one_ends() -> None:
    zones = [
        {"postcode_prefix": "60", "weight_to_g": 1000, "charge_item_minor": 1},
        {"weight_to_g": 2000, "charge_item_minor": 2},
    ]
    assert rows_found(zones, items(billable_weight_g=[1000, 1001])) == [1, 2]


def test_empty_card_holds_for_nothing() -> None:
    assert rows_found([], items(postcode=["1", "2"])) == [None, None]


def test_thousandths_are_what_the_decimal_says() -> None:
    assert [to_thousandths(amount) for amount in (0.1, 267.5, 1.005, 2.675, 300.1, 1e6)] == [
        100, 267_500, 1005, 2675, 300_100, 1_000_000_000,
    ]  # fmt: skip


def test_single_item_finds_the_same_row() -> None:
    class Item:
        origin, country, postcode, billable_weight_g, placed_day = "CNSHAA", "DE", "60-311", 500, 0

    zones = [rate(postcode_prefix="603*", charge_item_minor=1.0), rate(charge_item_minor=2.0)]
    assert find_rate(zones, Item()) == zones[0]
    assert find_rate(zones[:0], Item()) is None


def test_days_count_from_1970() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_number(date(1, 1, 1)) == -719_162

"""Orders packed into items: nothing gets lost, nothing is rounded twice."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.base.money import to_minor
from entrepost.tables.items import ITEM_MAX_G, contents_of, items_of, value_minor
from entrepost.tables.orders import from_orders, number_lines, to_orders

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def lines(*rows: dict[str, object]) -> pl.DataFrame:
    ordinary = {
        "seller": "s1",
        "order_id": "7",
        "placed_at": NOON,
        "weight_g": 250,
        "origin": "CNSZXA",
        "country": "US",
    }
    return pl.DataFrame([{**ordinary, "unit_value": "10.00", "currency": "USD", **row} for row in rows])


def one_item(*rows: dict[str, object]) -> dict[str, object]:
    items = items_of(lines(*rows))
    assert items.height == 1
    return items.row(0, named=True)


def test_an_order_of_two_lines_is_one_item():
    item = one_item({"quantity": 2}, {"weight_g": 100, "unit_value": "0.995", "battery": "contained"})
    assert (item["item"], item["weight_g"], item["pieces"], item["value_minor"]) == (1, 600, 3, 2100)
    assert (item["battery"], item["country"], item["placed_at"]) == ("contained", "US", NOON)


def test_pieces_lie_on_their_largest_side_one_upon_another():
    item = one_item(
        {"length_mm": 200, "width_mm": 300, "height_mm": 40, "quantity": 2},
        {"length_mm": 20, "width_mm": 100, "height_mm": 250},
    )
    assert (item["length_mm"], item["width_mm"], item["height_mm"]) == (300, 200, 100)


def test_a_tall_pile_is_turned_so_that_its_length_is_the_longest_side():
    item = one_item({"length_mm": 100, "width_mm": 80, "height_mm": 50, "quantity": 10})
    assert (item["length_mm"], item["width_mm"], item["height_mm"]) == (500, 100, 80)


def test_an_unknown_size_takes_no_room():
    item = one_item({"length_mm": 200, "width_mm": 0, "height_mm": 40})
    assert (item["length_mm"], item["width_mm"], item["height_mm"]) == (0, 0, 0)


def test_an_order_above_thirty_kilograms_is_split_between_pieces():
    items = items_of(lines({"weight_g": 8_000, "quantity": 4}, {"weight_g": 3_000, "quantity": 3}))
    assert items["weight_g"].to_list() == [24_000, 17_000]
    assert items["pieces"].to_list() == [3, 4]
    assert items["item"].to_list() == [1, 2]


def test_exactly_thirty_kilograms_is_one_item():
    assert one_item({"weight_g": 10_000, "quantity": 3})["weight_g"] == ITEM_MAX_G


def test_a_piece_that_is_too_heavy_travels_alone():
    items = items_of(lines({"weight_g": 1_000}, {"weight_g": 31_000}, {"weight_g": 1_000}))
    assert items["weight_g"].to_list() == [1_000, 31_000, 1_000]


def test_orders_of_two_sellers_with_one_reference_stay_apart():
    items = items_of(lines({"seller": "b"}, {"seller": "a"}, {"seller": "b", "tenant": "other"}))
    assert items.select("tenant", "seller").rows() == [("main", "b"), ("main", "a"), ("other", "b")]


@pytest.mark.parametrize(
    ("unit_value", "quantity", "currency", "minor"),
    [
        ("2.675", 1, "USD", 268),
        ("2.675", 2, "USD", 535),
        ("12.50", 3, "JPY", 38),
        ("1.0005", 1, "KWD", 1001),
        ("1234567890.125", 1, "USD", 123456789013),
        ("0.00499999999999", 1, "USD", 0),
        ("0.00500000000000", 1, "USD", 1),
        (" 3 ", 1, "CLF", 30_000),
        (".5", 1, "EUR", 50),
        ("0", 1, None, 0),
    ],
)
def test_a_line_is_rounded_once_by_its_currencys_digits(unit_value, quantity, currency, minor):
    line = pl.DataFrame({"unit_value": [unit_value], "quantity": [quantity], "currency": [currency]})
    assert value_minor(line.cast({"currency": pl.String})).to_list() == [minor]


@settings(max_examples=100, deadline=None)
@given(st.decimals(0, 10**9, places=7), st.integers(1, 100_000), st.sampled_from([("JPY", 0), ("EUR", 2), ("KWD", 3)]))
def test_columns_and_numbers_round_alike(unit_value, quantity, currency):
    line = pl.DataFrame({"unit_value": [f"{unit_value:f}"], "quantity": [quantity], "currency": [currency[0]]})
    assert value_minor(line).to_list() == [to_minor(unit_value * quantity, currency[1])]


@pytest.mark.parametrize("unit_value", ["abc", "1,5", "1e3", "1/3", "", "9" * 25])
def test_what_is_no_amount_is_refused(unit_value):
    with pytest.raises(MisuseError):
        items_of(lines({"unit_value": unit_value}))


def test_an_order_in_two_currencies_or_in_none_is_refused():
    with pytest.raises(MisuseError, match="several currencies"):
        items_of(lines({}, {"currency": "EUR"}))
    with pytest.raises(MisuseError, match="without a currency"):
        items_of(lines({"currency": None}).cast({"currency": pl.String}))


pieces = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["1", "2"]),
        "weight_g": st.integers(1, 40_000),
        "quantity": st.integers(1, 40),
        "unit_value": st.sampled_from(["0.333", "19.99", "7"]),
        "height_mm": st.integers(0, 50),
    }
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, min_size=1, max_size=8))
def test_splitting_loses_neither_weight_nor_pieces_nor_value(rows):
    frame = lines(*rows)
    items = items_of(frame)
    assert items["weight_g"].sum() == (frame["weight_g"] * frame["quantity"]).sum()
    assert items["pieces"].sum() == frame["quantity"].sum()
    assert items["value_minor"].sum() == value_minor(frame).sum()
    assert items.filter((pl.col("weight_g") > ITEM_MAX_G) & (pl.col("pieces") > 1)).height == 0


def test_no_orders_give_no_items():
    assert items_of(lines({}).clear()).height == 0


def test_orders_become_nouns_and_frames_again():
    frame = number_lines(from_orders(to_orders(lines({"sku": "A"}, {"sku": "B", "order_id": "8"}, {"sku": "C"}))))
    orders = to_orders(frame)
    assert [(order.order_id, [line.sku for line in order.lines]) for order in orders] == [
        ("7", ["A", "C"]),
        ("8", ["B"]),
    ]
    assert to_orders(from_orders(orders)) == orders
    assert items_of(from_orders(orders))["value_minor"].to_list() == [2000, 1000]


def test_pieces_lie_in_items_as_they_are_packed_and_their_shares_add_up() -> None:
    frame = lines(
        {
            "weight_g": 8_000,
            "quantity": 4,
            "unit_value": "0.333",
        },
        {"weight_g": 3_000},
    )
    held = contents_of(frame)
    assert held.select("item", "pieces", "value_minor").rows() == [(1, 3, 99), (2, 1, 34), (2, 1, 1000)]
    packed = held.group_by("item", maintain_order=True).agg(
        pl.col("pieces").sum(), weight=(pl.col("weight_g") * pl.col("pieces")).sum()
    )
    assert packed.rows() == items_of(frame).select("item", "pieces", "weight_g").rows()
    assert contents_of(frame.clear()).height == 0

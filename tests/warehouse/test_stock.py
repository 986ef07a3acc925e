"""Stock serves whole orders, the earliest first, and is never counted below nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.network.warehouse import Stock
from entrepost.tables.frames import conform
from entrepost.tables.text import fill
from entrepost.warehouse.stock import available, stock_of, take
from tests import worlds

KEY = ["tenant", "seller", "order_id"]


def stocked(*rows: Stock, second: bool = False) -> pl.DataFrame:
    base = worlds.one_warehouse()
    other = replace(base.warehouses[0], warehouse="DEHAMW", countries="DE+AT")
    warehouses = (*base.warehouses, other) if second else base.warehouses
    return stock_of(replace(base, warehouses=warehouses, stock=rows))


def order(order_id: str, lines: dict[str | None, int], hour: int = 0, **cells: object) -> list[dict[str, object]]:
    first = worlds.four_orders().row(0, named=True)
    placed_at = worlds.MONDAY + timedelta(hours=hour)
    named = {**first, "order_id": order_id, "placed_at": placed_at, **cells}
    return [
        {**named, "line": number, "sku": sku, "quantity": quantity}
        for number, (sku, quantity) in enumerate(lines.items(), 1)
    ]


def frame(*orders: list[dict[str, object]]) -> pl.DataFrame:
    return conform(pl.DataFrame([line for lines in orders for line in lines], infer_schema_length=None), "orders")


def warehouses(served: pl.DataFrame) -> dict[str, str | None]:
    return dict(served.select("order_id", "warehouse").iter_rows())


def test_the_two_earliest_orders_take_the_two_lamps() -> None:
    served, remaining = take(stock_of(worlds.one_warehouse()), worlds.four_orders())
    assert warehouses(served) == {"o1": "DEFRAW", "o2": "DEFRAW", "o3": None, "o4": None}
    assert served.columns == [*KEY, "warehouse"]
    assert remaining.get_column("quantity").to_list() == [0]


def test_alone_each_order_of_lamps_could_be_served() -> None:
    found = available(stock_of(worlds.one_warehouse()), worlds.four_orders())
    assert found.get_column("order_id").to_list() == ["o1", "o2", "o3"]
    assert found.columns == [*KEY, "warehouse"]


def test_earlier_orders_come_first_whatever_the_order_of_rows() -> None:
    orders = frame(order("late", {"LAMP": 1}, 5), order("early", {"LAMP": 1}, 1), order("mid", {"LAMP": 1}, 3))
    served, _ = take(stock_of(worlds.one_warehouse()), orders)
    assert list(warehouses(served).items()) == [("late", None), ("early", "DEFRAW"), ("mid", "DEFRAW")]


def test_orders_of_one_instant_are_taken_by_tenant_seller_and_reference() -> None:
    orders = frame(order("b", {"LAMP": 1}), order("a", {"LAMP": 1}), order("z", {"LAMP": 1}, tenant="a"))
    served, _ = take(stock_of(worlds.one_warehouse()), orders)
    assert warehouses(served) == {"b": None, "a": "DEFRAW", "z": "DEFRAW"}


def test_orders_of_two_tenants_with_one_reference_are_two_orders() -> None:
    orders = frame(order("o", {"LAMP": 1}, tenant="a"), order("o", {"LAMP": 2}, tenant="b"))
    served, _ = take(stock_of(worlds.one_warehouse()), orders)
    assert served.rows() == [("a", "shop", "o", "DEFRAW"), ("b", "shop", "o", None)]


def test_an_order_that_is_too_large_leaves_the_stock_to_the_next() -> None:
    orders = frame(order("large", {"LAMP": 3}, 0), order("small", {"LAMP": 2}, 1))
    served, remaining = take(stock_of(worlds.one_warehouse()), orders)
    assert warehouses(served) == {"large": None, "small": "DEFRAW"}
    assert remaining.get_column("quantity").to_list() == [0]


def test_lines_of_one_article_are_added_up() -> None:
    lines = [*order("o", {"LAMP": 1}), {**order("o", {"LAMP": 2})[0], "line": 2}]
    assert available(stock_of(worlds.one_warehouse()), frame(lines)).height == 0
    assert available(stocked(Stock("DEFRAW", "shop", "LAMP", 3)), frame(lines)).height == 1


def test_all_lines_must_lie_in_one_warehouse() -> None:
    rows = (Stock("DEFRAW", "shop", "LAMP", 1), Stock("DEHAMW", "shop", "MUG", 1))
    orders = frame(order("both", {"LAMP": 1, "MUG": 1}))
    assert available(stocked(*rows, second=True), orders).height == 0
    full = stocked(*rows, Stock("DEHAMW", "shop", "LAMP", 1), second=True)
    assert available(full, orders).get_column("warehouse").to_list() == ["DEHAMW"]


@pytest.mark.parametrize("sku", ["", None])
def test_an_order_with_a_line_without_article_number_is_not_served(sku: str | None) -> None:
    assert available(stocked(Stock("DEFRAW", "shop", "", 9)), frame(order("o", {"LAMP": 1, sku: 1}))).height == 0


def test_stock_of_another_seller_serves_nobody_else() -> None:
    assert available(stocked(Stock("DEFRAW", "rival", "LAMP", 9)), frame(order("o", {"LAMP": 1}))).height == 0


def test_a_warehouse_serves_its_own_countries_alone() -> None:
    rows = (Stock("DEFRAW", "shop", "LAMP", 9), Stock("DEHAMW", "shop", "LAMP", 9))
    orders = frame(order("austria", {"LAMP": 1}, country="AT"), order("france", {"LAMP": 1}, country="FR"))
    served, _ = take(stocked(*rows, second=True), orders)
    assert warehouses(served) == {"austria": "DEHAMW", "france": None}


def test_the_stock_of_a_closed_warehouse_is_out_of_reach() -> None:
    base = worlds.one_warehouse()
    closed = replace(base, warehouses=(replace(base.warehouses[0], open=False),))
    assert stock_of(closed).height == 0
    served, _ = take(stock_of(closed), worlds.four_orders())
    assert served.get_column("warehouse").to_list() == [None] * 4


def test_when_the_first_warehouse_is_out_the_next_serves() -> None:
    rows = (Stock("DEFRAW", "shop", "LAMP", 1), Stock("DEHAMW", "shop", "LAMP", 1))
    orders = frame(*(order(f"o{hour}", {"LAMP": 1}, hour) for hour in range(3)))
    served, _ = take(stocked(*rows, second=True), orders)
    assert warehouses(served) == {"o0": "DEFRAW", "o1": "DEHAMW", "o2": None}


def test_orders_are_served_only_from_where_they_may_be() -> None:
    rows = (Stock("DEFRAW", "shop", "LAMP", 1), Stock("DEHAMW", "shop", "LAMP", 1))
    orders = frame(*(order(f"o{hour}", {"LAMP": 1}, hour) for hour in range(3)))
    wishes = pl.DataFrame(
        [("main", "shop", "o0", "DEHAMW"), ("main", "shop", "o2", "DEHAMW"), ("main", "shop", "o2", "DEFRAW")],
        schema=[*KEY, "warehouse"],
        orient="row",
    )
    served, remaining = take(stocked(*rows, second=True), orders, wishes)
    assert warehouses(served) == {"o0": "DEHAMW", "o1": None, "o2": "DEFRAW"}
    assert remaining.get_column("quantity").to_list() == [0, 0]


def test_what_remains_can_be_taken_from_again() -> None:
    orders = worlds.four_orders()
    _, remaining = take(stock_of(worlds.one_warehouse()), orders.filter(pl.col("order_id") == "o1"))
    served, remaining = take(remaining, orders.filter(pl.col("order_id") != "o1"))
    assert warehouses(served) == {"o2": "DEFRAW", "o3": None, "o4": None}
    assert remaining.get_column("quantity").to_list() == [0]


def test_no_orders_take_nothing() -> None:
    served, remaining = take(stock_of(worlds.one_warehouse()), worlds.four_orders().clear())
    assert served.height == 0
    assert remaining.equals(stock_of(worlds.one_warehouse()))


def test_stock_that_names_an_article_twice_is_refused() -> None:
    twice = pl.concat([stock_of(worlds.one_warehouse())] * 2)
    with pytest.raises(MisuseError, match="twice"):
        take(twice, worlds.four_orders())


def test_stock_without_countries_is_refused() -> None:
    with pytest.raises(MisuseError, match="countries"):
        available(stock_of(worlds.one_warehouse()).drop("countries"), worlds.four_orders())


baskets = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.integers(1, 3), min_size=1)
moments = st.lists(st.tuples(st.integers(0, 4), baskets, st.sampled_from(["DE", "AT"])), min_size=1, max_size=12)
shelves = st.dictionaries(
    st.tuples(st.sampled_from(["DEFRAW", "DEHAMW"]), st.sampled_from(["A", "B", "C"])), st.integers(0, 6)
)


@given(moments=moments, shelves=shelves)
@settings(max_examples=60, deadline=None)
def test_stock_is_conserved_and_an_order_waits_for_no_later_one(
    moments: list[tuple[int, dict[str | None, int], str]], shelves: dict[tuple[str, str], int]
) -> None:
    stock = stocked(*(Stock(place, "shop", sku, count) for (place, sku), count in shelves.items()), second=True)
    orders = frame(
        *(order(f"o{each:02d}", lines, hour, country=country) for each, (hour, lines, country) in enumerate(moments))
    )
    served, remaining = take(stock, orders)
    taken = (
        orders.join(served.drop_nulls(), on=KEY).group_by("warehouse", "seller", "sku").agg(pl.col("quantity").sum())
    )
    balance = stock.join(taken, on=["warehouse", "seller", "sku"], how="left").with_columns(
        pl.col("quantity_right").fill_null(0), left=remaining.get_column("quantity")
    )
    assert (balance["left"] >= 0).all()
    assert (balance["quantity"] == balance["quantity_right"] + balance["left"]).all()
    assert balance["quantity_right"].sum() == taken["quantity"].sum()
    _check_by_hand(stock, orders, warehouses(served))


def _check_by_hand(stock: pl.DataFrame, orders: pl.DataFrame, served: dict[str, str | None]) -> None:
    """Walk through the orders in time with a plain dictionary; an order is refused only if nothing holds it."""
    held = {(row["warehouse"], row["sku"]): row["quantity"] for row in stock.iter_rows(named=True)}
    countries = dict(stock.select("warehouse", "countries").iter_rows())
    in_time = orders.select("placed_at", "order_id", "country").unique().sort("placed_at", "order_id")
    for _, order_id, country in in_time.iter_rows():
        lines = orders.filter(pl.col("order_id") == order_id).select("sku", "quantity").rows()
        holding = [
            place
            for place in countries
            if country in countries[place] and all(held.get((place, sku), 0) >= count for sku, count in lines)
        ]
        assert served[order_id] == (holding[0] if holding else None)
        for sku, count in lines if holding else []:
            held[holding[0], sku] -= count


def test_100_000_orders_are_served_within_a_second_of_the_processor() -> None:
    count = 100_000
    orders = conform(
        pl.DataFrame({"row": range(count)}).select(
            seller=fill("shop{}", pl.col("row") % 20),
            order_id=fill("o{}", "row"),
            line=pl.lit(1),
            placed_at=pl.lit(worlds.MONDAY).dt.offset_by(fill("{}m", pl.col("row") * 7919 % 80_000)),
            sku=fill("sku{}", pl.col("row") % 300),
            weight_g=pl.lit(100),
            origin=pl.lit("CNSHAA"),
            country=pl.lit("DE"),
        ),
        "orders",
    )
    rows = [Stock("DEFRAW", f"shop{row % 20}", f"sku{row}", 150) for row in range(300)]
    begun = time.process_time()
    served, remaining = take(stocked(*rows), orders)
    assert time.process_time() - begun < 1.0 * _slowness()
    assert served.get_column("warehouse").count() == 300 * 150
    assert remaining.get_column("quantity").sum() == 0


def _slowness() -> float:
    """How much slower this machine is now than an idle one, by a loop that takes 0.05 s there; at least 1."""
    begun = time.process_time()
    sum(number * number for number in range(1_000_000))
    return max(1.0, (time.process_time() - begun) / 0.05)


def test_a_network_without_warehouses_has_no_stock() -> None:
    assert stock_of(worlds.two_offices()).height == 0

"""Delivery from overseas stock."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from entrepost.service.case import Case, read_case
from entrepost.service.exchange import Exchange
from entrepost.service.stocked import from_stock, list_granted, storage_cost
from tests.worlds import four_orders, one_warehouse


def case_of(orders: pl.DataFrame) -> Case:
    return read_case(one_warehouse(), orders, Exchange("CNY"))


def test_items_are_asked_of_every_open_warehouse_of_their_country() -> None:
    network = one_warehouse()
    second = replace(network.warehouses[0], warehouse="DEHAMW", countries="FR + DE")
    third = replace(network.warehouses[0], warehouse="FRPARW", countries="FR")
    items = from_stock(replace(network, warehouses=(*network.warehouses, second, third)), case_of(four_orders()))
    assert items.get_column("origin").unique().sort().to_list() == ["DEFRAW", "DEHAMW"]
    assert items.filter(pl.col("in_stock")).select("order", "origin").rows() == [(n, "DEFRAW") for n in range(3)]


def test_order_without_a_warehouse_keeps_its_origin() -> None:
    items = from_stock(one_warehouse(), case_of(four_orders().with_columns(country=pl.lit("JP"))))
    assert items.get_column("origin").unique().to_list() == ["CNSHAA"]
    assert not items.get_column("warehouse_found").any()


def test_first_come_first_served() -> None:
    case = case_of(four_orders().reverse())
    wished = pl.DataFrame({"order": [1, 2, 3], "warehouse": ["DEFRAW"] * 3})
    assert sorted(list_granted(one_warehouse(), case, wished)) == [2, 3]


def test_who_wishes_nothing_takes_nothing() -> None:
    case = case_of(four_orders())
    assert list_granted(one_warehouse(), case, pl.DataFrame({"order": [2], "warehouse": ["DEFRAW"]})).to_list() == [2]
    nobody = pl.DataFrame(schema={"order": pl.Int64, "warehouse": pl.String})
    assert list_granted(one_warehouse(), case, nobody).to_list() == []


def test_only_stock_services_pay_for_lying_there() -> None:
    offers = pl.DataFrame(
        {"service": ["LOCAL", "PACKET"], "origin": ["DEFRAW", "DEFRAW"], "cost_kg_minor": [200.0] * 2}
    )
    assert storage_cost(one_warehouse(), offers).select("cost_kg_minor", "cost_piece_minor").rows() == [
        (1700.0, 80.0),
        (200.0, 0.0),
    ]

"""Offers before they are promised."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from entrepost.network.network import Network
from entrepost.service import eligibility
from entrepost.service.case import read_case
from entrepost.service.exchange import Exchange
from entrepost.service.offer import list_offers
from tests.service.cards import card
from tests.worlds import four_orders, one_warehouse, two_services


def offers_of(network: Network, orders: pl.DataFrame) -> pl.DataFrame:
    return list_offers(network, read_case(network, orders, Exchange(network.currency)))


def test_orders_stand_as_in_the_case_and_services_as_in_the_network() -> None:
    places = offers_of(two_services(), four_orders()).select("order", "service_number").rows()
    assert places == [(order, service) for order in range(4) for service in range(2)]


def test_every_warehouse_that_serves_the_country_offers() -> None:
    network = one_warehouse()
    second = replace(network.warehouses[0], warehouse="DEHAMW")
    offers = offers_of(replace(network, warehouses=(*network.warehouses, second)), four_orders().head(1))
    assert offers.get_column("origin").to_list() == ["CNSHAA", "DEFRAW", "DEHAMW"]
    assert offers.get_column("reason_code").to_list() == [0, 0, eligibility.STOCK_MISSING]


def test_refused_offers_have_a_reason_and_neither_charge_nor_route() -> None:
    orders = four_orders().head(4).with_columns(weight_g=pl.Series([400, 9_000, 400, 9_000]))
    offers = offers_of(card([{}], currency="CNY"), orders)
    assert offers.get_column("reason_code").to_list() == [0, eligibility.WEIGHT_ABOVE] * 2
    assert (
        offers.select(pl.col("reason", "charge_minor", "number").is_null()).rows()
        == [
            (True, False, False),
            (False, True, True),
        ]
        * 2
    )


def test_the_first_item_that_is_refused_gives_the_reason_of_its_order() -> None:
    network = card([{"weight_to_g": 30_000}], currency="CNY", weight_max_g=25_000)
    heavy = four_orders().head(1).with_columns(weight_g=pl.lit(13_000), quantity=pl.lit(5), length_mm=pl.lit(0))
    assert offers_of(network, heavy).get_column("reason").to_list() == [
        "The item weighs 26,000 g, the limit is 25,000 g."
    ]

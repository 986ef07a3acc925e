"""Every service for every order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from entrepost.base.schema import get_schema
from entrepost.network.calendar import Exceptional
from entrepost.network.region import Region
from entrepost.service import eligibility
from entrepost.service.quote import COLUMNS, quote
from tests.service.cards import card
from tests.worlds import MONDAY, four_orders, hub, one_warehouse, two_offices, two_services


def one_order(**given: object) -> pl.DataFrame:
    first = four_orders().head(1)
    return first.with_columns(pl.lit(value).cast(first.schema[name]).alias(name) for name, value in given.items())


def test_columns_are_those_of_the_table_and_then_where_it_goes() -> None:
    quotes = quote(two_offices(), four_orders())
    assert quotes.columns == list(COLUMNS)
    assert quotes.columns[: len(get_schema("quotes").names)] == list(get_schema("quotes").names)


def test_two_offices_quote_what_can_be_worked_out_by_hand() -> None:
    quotes = quote(two_offices(), four_orders())
    assert quotes.select("order_id", "charge_minor", "cost_minor", "wait_hours_p90").rows() == [
        ("o1", 6100, 2000, 82),
        ("o2", 6100, 2000, 79),
        ("o3", 6100, 2000, 174),
        ("o4", 11_500, 3500, 106),
    ]
    assert quotes.get_column("route").unique().to_list() == ["CNSHAA>DEFRAA"]
    assert quotes.row(0, named=True)["arrive_by_p90"] == MONDAY.replace(day=8, hour=10)
    assert quotes.get_column("arrive_by_p90_probability").to_list() == [1.0] * 4


def test_arrival_counts_from_the_hour_in_which_the_order_starts() -> None:
    third = quote(two_offices(), four_orders()).row(2, named=True)
    assert third["wait_hours_p90"] == 174
    assert third["arrive_by_p90"] == datetime(2026, 1, 12, 10, tzinfo=UTC)


def test_every_service_has_a_row_for_every_order_in_the_order_of_the_network() -> None:
    quotes = quote(two_services(), four_orders().reverse())
    assert quotes.select("order_id", "service").rows() == [
        (order, service) for order in ("o4", "o3", "o2", "o1") for service in ("FAST", "SLOW")
    ]


def test_wanted_date_has_its_probability() -> None:
    quotes = quote(two_services(), four_orders())
    assert quotes.filter(pl.col("order_id") == "o2").get_column("wanted_probability").to_list() == [1.0, 0.0]
    assert quotes.filter(pl.col("order_id") != "o2").get_column("wanted_probability").null_count() == 6


def test_heavy_order_is_charged_and_costs_the_sum_of_its_items() -> None:
    network = card(
        [{"weight_to_g": 30_000, "charge_item_minor": 0.5, "charge_kg_minor": 100}], currency="CNY", weight_max_g=30_000
    )
    quotes = quote(network, one_order(weight_g=20_000, quantity=3, length_mm=0))
    row = quotes.row(0, named=True)
    assert row["items"] == 3
    assert row["charge_minor"] == 3 * 2001
    assert row["cost_minor"] == 3 * 51_000


def test_order_is_refused_where_any_of_its_items_is() -> None:
    network = card([{"weight_to_g": 30_000}], currency="CNY", weight_max_g=15_000)
    row = quote(network, one_order(weight_g=14_000, quantity=5, length_mm=0)).row(0, named=True)
    assert row["items"] == 3
    assert row["reason"] == "The item weighs 28,000 g, the limit is 15,000 g."


def test_service_from_stock_is_quoted_where_all_lines_lie() -> None:
    quotes = quote(one_warehouse(), four_orders()).filter(pl.col("service") == "LOCAL")
    assert quotes.get_column("eligible").to_list() == [True, True, True, False]
    assert quotes.get_column("wait_hours_p50").to_list() == [10, 31, 30, None]
    assert quotes.get_column("route").to_list() == ["DEFRAW"] * 3 + [None]
    assert quotes.item(3, "reason_code") == eligibility.STOCK_MISSING


def test_stock_costs_bringing_in_receiving_and_storing_besides_picking_and_delivery() -> None:
    local = quote(one_warehouse(), four_orders()).filter(pl.col("service") == "LOCAL")
    carried, brought, received, stored = 300 + 500 + 80, 600, 50, 30
    assert local.item(0, "cost_minor") == carried + brought + received + stored


def test_closed_warehouse_serves_nobody() -> None:
    network = one_warehouse()
    network = replace(network, warehouses=tuple(replace(row, open=False) for row in network.warehouses))
    local = quote(network, four_orders()).filter(pl.col("service") == "LOCAL")
    assert local.get_column("reason").to_list() == ["No open warehouse serves DE."] * 4


def test_of_two_warehouses_the_quicker_one_is_quoted() -> None:
    network = one_warehouse()
    slow = "DEHAMW"
    facility = replace(network.get_facility("DEFRAW"), facility=slow)
    delivery = replace(network.delivery_by_key["DEFRAW", "DE", "home"], from_facility=slow)
    later = replace(delivery, hours_min=50.0, hours_p50=50.0, hours_p90=50.0)
    network = replace(
        network,
        facilities=(*network.facilities, facility),
        delivery=(*network.delivery, later),
        warehouses=(replace(network.warehouses[0], warehouse=slow), *network.warehouses),
        stock=(*network.stock, *(replace(row, warehouse=slow, sku="MUG") for row in network.stock)),
    )
    both = replace(network, stock=(*network.stock, *(replace(row, warehouse=slow) for row in network.stock[:1])))
    assert quote(both, four_orders()).filter(pl.col("service") == "LOCAL").item(0, "route") == "DEFRAW"


def test_area_behind_no_last_mile_has_no_route() -> None:
    network = two_offices()
    remote = Region("DE-9", "DE", "9", "Nuremberg", 49.4, 11.1, "UTC", "DE-9", 1, 0.1, "assumed")
    network = replace(network, regions=(*network.regions, remote))
    row = quote(network, one_order(postcode="90402")).row(0, named=True)
    assert row["reason"] == "No route of the service leads from CNSHAA to the delivery area DE-9."
    assert row["charge_minor"] is None


def test_country_outside_the_network_is_refused_not_lost() -> None:
    row = quote(two_offices(), one_order(country="JP")).row(0, named=True)
    assert row["reason"] == "The service does not go to JP."
    assert row["region"] is None


def test_same_reference_of_two_sellers_is_quoted_twice() -> None:
    two = pl.concat([one_order(), one_order(seller="other", weight_g=900)])
    assert quote(two_offices(), two).select("seller", "charge_minor").rows() == [("shop", 6100), ("other", 10_600)]


def test_hub_route_costs_its_legs_and_transit() -> None:
    assert quote(hub(), one_order()).item(0, "cost_minor") == 1940


def test_no_orders_give_no_quotes() -> None:
    assert quote(two_services(), four_orders().head(0)).height == 0


@pytest.mark.parametrize(("charge", "expected"), [(267.5, 268), (267.499, 267), (0.0, 0)])
def test_probe_five_rounds_half_up(charge: float, expected: int) -> None:
    network = card([{"charge_item_minor": charge}], currency="CNY")
    assert quote(network, one_order()).item(0, "charge_minor") == expected


def test_probe_one_charges_by_volume() -> None:
    rates = [
        {"weight_to_g": 1000, "charge_item_minor": 500},
        {"weight_over_g": 1000, "weight_to_g": 20_000, "charge_item_minor": 5000},
    ]
    network = card(rates, currency="CNY", volumetric_divisor=5000, sum_max_mm=2000)
    bulky = one_order(weight_g=500, length_mm=600, width_mm=400, height_mm=300)
    assert quote(network, bulky).item(0, "charge_minor") == 5000


def test_probe_two_refuses_another_origin() -> None:
    network = card([{"charge_item_minor": 500}], currency="CNY", origins="DEFRAA")
    assert quote(network, one_order()).item(0, "reason") == "The service is not offered from CNSHAA."


def test_probe_three_finds_a_starred_postcode() -> None:
    network = card([{"postcode_prefix": "603*", "charge_item_minor": 500}], currency="CNY")
    assert quote(network, one_order(postcode="60311")).item(0, "charge_minor") == 500
    assert quote(network, one_order(postcode="60411")).item(0, "reason_code") == eligibility.RATE_MISSING


def test_probe_four_quotes_the_limit_itself() -> None:
    rates = [
        {"weight_to_g": 1000, "charge_item_minor": 500},
        {"weight_over_g": 1000, "weight_to_g": 10_000, "charge_item_minor": 5000},
    ]
    network = card(rates, currency="CNY", weight_max_g=10_000)
    assert quote(network, one_order(weight_g=10_000)).item(0, "charge_minor") == 5000
    refused = quote(network, one_order(weight_g=10_001)).row(0, named=True)
    assert refused["reason"] == "The item weighs 10,001 g, the limit is 10,000 g."


def test_promises_by_the_ordinary_week_know_no_holiday() -> None:
    day = date(2026, 1, 6)
    holiday = Exceptional("closed", "DE", "", "", "*", day, day + timedelta(days=3), 1.0, "holiday", "assumed")
    plain, closed = two_offices(), replace(two_offices(), calendar=(holiday,))
    waits = "wait_hours_mean"
    assert quote(closed, four_orders())[waits].sum() > quote(plain, four_orders())[waits].sum()
    assert quote(closed, four_orders(), dated=False).equals(quote(plain, four_orders()))

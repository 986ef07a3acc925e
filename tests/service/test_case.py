"""Orders made ready for quoting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from entrepost.base.clock import to_hour
from entrepost.service.case import read_case
from entrepost.service.exchange import Exchange
from tests.worlds import MONDAY, four_orders, two_offices


def test_orders_are_numbered_in_the_order_of_their_first_line() -> None:
    case = read_case(two_offices(), four_orders().reverse(), Exchange("CNY"))
    assert case.orders.get_column("order_id").to_list() == ["o4", "o3", "o2", "o1"]
    assert case.orders.get_column("order").to_list() == [0, 1, 2, 3]
    assert case.items.get_column("order").to_list() == [0, 1, 2, 3]


def test_start_is_the_next_whole_hour_and_a_wanted_hour_the_last_whole_one() -> None:
    orders = four_orders().with_columns(wanted_by=datetime(2026, 1, 8, 12, 59, tzinfo=UTC))
    case = read_case(two_offices(), orders, Exchange("CNY"))
    monday = to_hour(MONDAY)
    assert case.orders.get_column("start_hour").to_list() == [monday, monday + 3, monday + 4, monday + 72]
    assert case.orders.get_column("wanted_hour").to_list() == [monday + 84] * 4


def test_day_is_the_local_one_of_the_network() -> None:
    late = four_orders().with_columns(pl.col("placed_at") + pl.duration(hours=17))
    in_utc = read_case(two_offices(), late, Exchange("CNY"))
    in_shanghai = read_case(replace(two_offices(), time_zone="Asia/Shanghai"), late, Exchange("CNY"))
    days = [case.orders.get_column("placed_day").to_list()[0] for case in (in_utc, in_shanghai)]
    assert days[1] == days[0] + 1


def test_same_reference_of_two_sellers_is_two_orders() -> None:
    two = pl.concat([four_orders().head(1), four_orders().head(1).with_columns(seller=pl.lit("other"))])
    case = read_case(two_offices(), two, Exchange("CNY"))
    assert case.orders.select("seller", "order_id", "items").rows() == [("shop", "o1", 1), ("other", "o1", 1)]


def test_value_without_a_rate_of_exchange_is_null() -> None:
    orders = four_orders().with_columns(currency=pl.lit("KWD"))
    case = read_case(two_offices(), orders, Exchange("CNY"))
    assert case.items.get_column("converted_value_minor").null_count() == 4

"""Orders are the same as nouns and as frames."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.order import Line, Order
from entrepost.tables.orders import from_orders, number_lines, to_orders
from tests.worlds import four_orders

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_orders_read_back_as_they_were_written() -> None:
    lines = (Line(1, 2, "10.00", 250, "LAMP", 200, 100, 50, "contained"), Line(2, 1, "0.995", 100))
    whole = Order("main", "s", "7", NOON, "CNSZXA", "US", lines, "USD", "10001", "New York", NOON.replace(day=9))
    bare = Order("main", "s", "8", NOON, "CNSZXA", "US", (Line(1, 1, "1", 1),))
    assert to_orders(from_orders([whole, bare])) == [whole, bare]


def test_four_orders_have_five_lines_between_them() -> None:
    orders = to_orders(four_orders())
    assert [(order.order_id, len(order.lines)) for order in orders] == [("o1", 1), ("o2", 1), ("o3", 1), ("o4", 2)]
    assert [line.sku for line in orders[3].lines] == ["LAMP", "MUG"]


def test_lines_without_a_number_are_counted_within_their_order() -> None:
    rows = four_orders().with_columns(line=pl.lit(None, pl.Int64))[[3, 0, 4, 1]]
    assert number_lines(rows)["line"].to_list() == [1, 1, 2, 1]


def test_text_that_is_not_there_is_null_in_a_frame_and_empty_in_a_noun() -> None:
    bare = Order("main", "s", "8", NOON, "CNSZXA", "US", (Line(1, 1, "1", 1),))
    assert from_orders([bare]).select("sku", "currency", "city").row(0) == (None, None, None)


def test_a_row_that_cannot_be_an_order_is_refused() -> None:
    with pytest.raises(MisuseError, match="'UK' is not a country"):
        to_orders(four_orders().with_columns(country=pl.lit("UK")))

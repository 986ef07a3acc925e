"""Orders as nouns and as frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from entrepost.mail.order import Line, Order
from entrepost.tables.frames import conform, dtypes
from entrepost.tables.items import ORDER

LINE_TEXTS = ("sku", "hs_code", "description")
ORDER_TEXTS = ("currency", "postcode", "city")


def from_orders(orders: Iterable[Order]) -> pl.DataFrame:
    """A frame of the table `orders` with a row for each line of each order."""
    rows = [_row(order, line) for order in orders for line in order.lines]
    return conform(pl.DataFrame(rows, schema=dtypes("orders")), "orders")


def to_orders(frame: pl.DataFrame) -> list[Order]:
    """The orders of a frame, in the order of their first line; raises where a row cannot be an order."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in number_lines(conform(frame, "orders")).iter_rows(named=True):
        groups.setdefault((row["tenant"], row["seller"], row["order_id"]), []).append(row)
    return [_order(rows) for rows in groups.values()]


def number_lines(orders: pl.DataFrame) -> pl.DataFrame:
    """The same frame with `line` filled where it is missing: the place of the row among its order's rows."""
    place = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(ORDER)
    return orders.with_columns(pl.col("line").fill_null(place))


def _row(order: Order, line: Line) -> dict[str, Any]:
    nouns = (line, order)
    cells = {
        name: next((getattr(noun, name) for noun in nouns if hasattr(noun, name)), None) for name in dtypes("orders")
    }
    return {name: None if value == "" else value for name, value in cells.items()}


def _order(rows: list[dict[str, Any]]) -> Order:
    texts: dict[str, Any] = {name: next((row[name] for row in rows if row[name]), "") for name in ORDER_TEXTS}
    given = {name: rows[0][name] for name in ("tenant", "seller", "order_id", "placed_at", "origin", "country")}
    return Order(lines=tuple(_line(row) for row in rows), wanted_by=rows[0]["wanted_by"], **given, **texts)


def _line(row: dict[str, Any]) -> Line:
    texts: dict[str, Any] = {name: row[name] or "" for name in LINE_TEXTS}
    names = ("line", "quantity", "unit_value", "weight_g", "length_mm", "width_mm", "height_mm", "battery")
    return Line(**{name: row[name] for name in names}, **texts)

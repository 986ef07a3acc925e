"""Orders, their lines and the promises given for them, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from entrepost.operations.inbound_store import INBOUND
from entrepost.operations.store import PROMISE, OrderPlace
from entrepost.reference.currency import get_exponent, list_currencies
from entrepost.store.rows import Rows, frame_schema, to_stored
from entrepost.store.schema import ORDER, ORDER_LINES, ORDERS, PROMISES, SELLERS, TENANTS
from entrepost.tables.frames import dtypes

HEADER = ("placed_at", "origin", "country", "postcode", "city", "wanted_by", "intake")
LINE = tuple(column.name for column in ORDER_LINES.columns if column.name not in ORDER)


def add_lines(rows: Rows, lines: pl.DataFrame, now: pl.Expr) -> None:
    """Insert lines; orders, sellers and tenants where they are new."""
    made = lines.with_columns(now.alias("created_at"))
    rows.insert_new(TENANTS, made.select("tenant", "created_at").unique("tenant"))
    rows.insert_new(SELLERS, made.select("tenant", "seller", "created_at").unique(["tenant", "seller"]))
    headers = lines.select(*ORDER, *HEADER).unique(ORDER, keep="first", maintain_order=True)
    rows.insert_new(ORDERS, headers)
    rows.insert(ORDER_LINES, lines)


def find_lines(rows: Rows, orders: pl.DataFrame) -> pl.DataFrame:
    """The lines of some orders, in the order of the keys."""
    order = "ORDER BY wanted.key, l.line"
    return _select_lines(rows, rows.wanted(ORDERS, *ORDER), order, [rows.keys(orders.select(ORDER))])


def list_orders(rows: Rows, tenant: str, unpromised: bool, after: OrderPlace | None, limit: int) -> pl.DataFrame:
    """The lines of orders by time."""
    where: list[str] = ["t.seller <> ?"]
    values: list[Any] = [INBOUND]
    if tenant:
        where.append("t.tenant = ?")
        values.append(tenant)
    if unpromised:
        where.append(
            """NOT EXISTS (SELECT 1 FROM promises p
            WHERE p.tenant = t.tenant AND p.seller = t.seller AND p.order_id = t.order_id)"""
        )
    if after is not None:
        where.append("(t.placed_at, t.tenant, t.seller, t.order_id) > (?, ?, ?, ?)")
        values += to_stored(pl.DataFrame([after], schema=_place_schema(), orient="row")).row(0)
    order = "ORDER BY t.placed_at, t.tenant, t.seller, t.order_id"
    most = f"LIMIT {limit:d}" if limit else ""
    chosen = f"(SELECT * FROM orders t WHERE {' AND '.join(where)} {order} {most}) AS t"
    return _select_lines(rows, chosen, f"{order}, l.line", values)


def add_promises(rows: Rows, promises: pl.DataFrame) -> None:
    """Insert promises that are not there yet."""
    rows.insert_new(PROMISES, promises)


def list_promises(rows: Rows, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Promises of a tenant, of some orders, or all."""
    names = ", ".join(f"t.{name}" for name in PROMISE)
    schema = frame_schema(PROMISES, PROMISE)
    if orders is not None:
        source = f"{rows.wanted(PROMISES, *ORDER)} ORDER BY wanted.key, t.service"
        return rows.select(f"SELECT {names} FROM {source}", [rows.keys(orders.select(ORDER))], schema)
    where = "WHERE t.tenant = ?" if tenant else ""
    order = "ORDER BY t.tenant, t.seller, t.order_id, t.service"
    return rows.select(f"SELECT {names} FROM promises t {where} {order}", [tenant] if tenant else [], schema)


def list_sellers(rows: Rows) -> pl.DataFrame:
    """Every seller."""
    names = ("tenant", "seller")
    return rows.select("SELECT tenant, seller FROM sellers ORDER BY 1, 2", [], frame_schema(SELLERS, names))


def _select_lines(rows: Rows, source: str, order: str, values: Sequence[object]) -> pl.DataFrame:
    columns = [f"t.{name}" for name in (*ORDER, *HEADER)] + [f'l."{name}"' for name in LINE]
    own = " AND ".join(f"l.{name} = t.{name}" for name in ORDER)
    sql = f"SELECT {', '.join(columns)} FROM {source} {rows.lookup(ORDER_LINES, 'l', own)} {order}"
    schema = frame_schema(ORDERS, (*ORDER, *HEADER)) | frame_schema(ORDER_LINES, LINE)
    lines = rows.select(sql, values, schema).with_columns(_unit_value().alias("unit_value"))
    return lines.select(*dtypes("orders"), "unit_value_minor", "intake")


def _unit_value() -> pl.Expr:
    """Major units as text with the currency's digits; without currency the amount is 0.

    No function of ours runs inside the expression: a thread of the engine that waits for Python, while Python waits for
    the engine, is a server that hangs.
    """
    digits = {code: get_exponent(code) for code in list_currencies()}
    exponent = pl.col("currency").replace_strict(digits, default=2, return_dtype=pl.Int64)
    scale = pl.lit(10, pl.Int64).pow(exponent)
    minor = pl.col("unit_value_minor")
    rest = (minor % scale).cast(pl.String).str.zfill(exponent)
    whole = (minor // scale).cast(pl.String)
    return pl.when(exponent == 0).then(whole).otherwise(whole + "." + rest)


def _place_schema() -> dict[str, pl.DataType]:
    return frame_schema(ORDERS, ("placed_at", *ORDER))

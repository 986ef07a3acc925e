"""Orders, their lines and the promises given for them, in the database."""

from __future__ import annotations

import json

import polars as pl
from sqlalchemy import Connection

from entrepost.operations.store import PROMISE, OrderPlace
from entrepost.reference.currency import get_exponent
from entrepost.store.rows import frame_schema, insert, select, to_rows
from entrepost.store.schema import ORDER, ORDER_LINES, ORDERS, PROMISES, SELLERS, TENANTS
from entrepost.tables.frames import dtypes

HEADER = ("placed_at", "origin", "country", "postcode", "city", "wanted_by", "intake")
LINE = tuple(column.name for column in ORDER_LINES.columns if column.name not in ORDER)
WANTED = """json_each(?) AS wanted CROSS JOIN {table} AS t ON t.tenant = json_extract(wanted.value, '$[0]')
    AND t.seller = json_extract(wanted.value, '$[1]') AND t.order_id = json_extract(wanted.value, '$[2]')"""
"""Joins the keys of orders, given as JSON, to a table; the keys lead, so that the table's index is used."""


def add_lines(connection: Connection, lines: pl.DataFrame, now: pl.Expr) -> None:
    """Insert lines; orders, sellers and tenants where they are new."""
    made = lines.with_columns(now.alias("created_at"))
    insert(connection, TENANTS, made.select("tenant", "created_at").unique("tenant"), "INSERT OR IGNORE")
    insert(
        connection,
        SELLERS,
        made.select("tenant", "seller", "created_at").unique(["tenant", "seller"]),
        "INSERT OR IGNORE",
    )
    headers = lines.select(*ORDER, *HEADER).unique(ORDER, keep="first", maintain_order=True)
    insert(connection, ORDERS, headers, "INSERT OR IGNORE")
    insert(connection, ORDER_LINES, lines)


def find_lines(connection: Connection, orders: pl.DataFrame) -> pl.DataFrame:
    """The lines of some orders, in the order of the keys."""
    return _select_lines(connection, WANTED.format(table="orders"), "", [keys_of(orders)])


def list_orders(
    connection: Connection, tenant: str, unpromised: bool, after: OrderPlace | None, limit: int
) -> pl.DataFrame:
    """The lines of orders by time."""
    where, values = ["1"], []
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
        values += next(to_rows(pl.DataFrame([after], schema=_place_schema(), orient="row")))
    order = "ORDER BY t.placed_at, t.tenant, t.seller, t.order_id"
    chosen = f"(SELECT * FROM orders t WHERE {' AND '.join(where)} {order} LIMIT ?) AS t"
    return _select_lines(connection, chosen, f"{order}, l.line", [*values, limit or -1])


def add_promises(connection: Connection, promises: pl.DataFrame) -> None:
    """Insert promises that are not there yet."""
    insert(connection, PROMISES, promises, "INSERT OR IGNORE")


def list_promises(connection: Connection, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Promises of a tenant, of some orders, or all."""
    names = ", ".join(f"t.{name}" for name in PROMISE)
    schema = frame_schema(PROMISES, PROMISE)
    if orders is not None:
        return select(connection, f"SELECT {names} FROM {WANTED.format(table='promises')}", [keys_of(orders)], schema)
    where = "WHERE t.tenant = ?" if tenant else ""
    return select(connection, f"SELECT {names} FROM promises t {where}", [tenant] if tenant else [], schema)


def list_sellers(connection: Connection) -> pl.DataFrame:
    """Every seller."""
    names = ("tenant", "seller")
    return select(connection, "SELECT tenant, seller FROM sellers ORDER BY 1, 2", [], frame_schema(SELLERS, names))


def keys_of(orders: pl.DataFrame) -> str:
    """The distinct keys of orders as JSON."""
    return json.dumps(orders.select(ORDER).unique(maintain_order=True).rows())


def _select_lines(connection: Connection, source: str, order: str, values: list[object]) -> pl.DataFrame:
    columns = [f"t.{name}" for name in (*ORDER, *HEADER)] + [f'l."{name}"' for name in LINE]
    sql = f"""SELECT {", ".join(columns)} FROM {source}
        CROSS JOIN order_lines l ON l.tenant = t.tenant AND l.seller = t.seller AND l.order_id = t.order_id {order}"""
    schema = frame_schema(ORDERS, (*ORDER, *HEADER)) | frame_schema(ORDER_LINES, LINE)
    lines = select(connection, sql, values, schema).with_columns(_unit_value().alias("unit_value"))
    return lines.select(*dtypes("orders"), "unit_value_minor", "intake")


def _unit_value() -> pl.Expr:
    """Major units as text with the currency's digits; without currency the amount is 0."""

    def format_series(code: pl.Series) -> pl.Series:
        codes = {each: get_exponent(each) for each in code.drop_nulls().unique()}
        return code.replace_strict(codes, default=2, return_dtype=pl.Int64)

    exponent = pl.col("currency").map_batches(format_series, return_dtype=pl.Int64)
    scale = pl.lit(10, pl.Int64).pow(exponent)
    minor = pl.col("unit_value_minor")
    rest = (minor % scale).cast(pl.String).str.zfill(exponent)
    whole = (minor // scale).cast(pl.String)
    return pl.when(exponent == 0).then(whole).otherwise(whole + "." + rest)


def _place_schema() -> dict[str, pl.DataType]:
    return frame_schema(ORDERS, ("placed_at", *ORDER))

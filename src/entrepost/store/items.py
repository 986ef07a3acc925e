"""Items with their status, and the events about them, in the database."""

from __future__ import annotations

import json

import polars as pl
from sqlalchemy import Connection

from entrepost.operations.store import EVENT, ITEM, STATUS
from entrepost.store.orders import WANTED, keys_of
from entrepost.store.rows import execute_many, frame_schema, insert, select
from entrepost.store.schema import EVENTS, ITEMS, ORDER

STORED = ("item_no", *ITEM, *STATUS)
FOUND = ("tenant", "item_id", "item_no", "issued_at", "seller", "order_id")
KNOWN = ("item_no", "code", "time", "facility", "reason")
MICROSECONDS_A_MINUTE = 60_000_000


def add_items(connection: Connection, items: pl.DataFrame) -> None:
    """Insert new items, which are pending."""
    empty, none = pl.lit(""), pl.lit(0, pl.Int64)
    fresh = items.with_columns(
        status=pl.lit("pending"), kind=empty, reason=empty, action_required=empty, events=none, anomalies=none
    )
    insert(connection, ITEMS, fresh)


def find_items(connection: Connection, names: pl.DataFrame) -> pl.DataFrame:
    """All items that have or had one of these identifiers; an identifier comes again after years."""
    parts = [pl.DataFrame(schema=frame_schema(ITEMS, FOUND))]
    sql = f"""SELECT {", ".join(f"t.{name}" for name in FOUND)} FROM json_each(?) AS wanted
        CROSS JOIN items AS t ON t.tenant = ? AND t.item_id = wanted.value"""
    for (tenant,), part in names.select("tenant", "item_id").unique().group_by("tenant"):
        keys = json.dumps(part.get_column("item_id").to_list())
        parts.append(select(connection, sql, [keys, tenant], frame_schema(ITEMS, FOUND)))
    return pl.concat(parts)


def list_items(connection: Connection, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Items of a tenant, of some orders, or all."""
    if orders is not None:
        return _select_items(connection, WANTED.format(table="items"), [keys_of(orders)])
    return _select_items(connection, f"items t {'WHERE t.tenant = ?' if tenant else ''}", [tenant] if tenant else [])


def set_status(connection: Connection, statuses: pl.DataFrame) -> None:
    """Write the status of items."""
    changes = ", ".join(f"{name} = ?" for name in STATUS)
    rows = statuses.select(*STATUS, "item_no")
    execute_many(connection, f"UPDATE items SET {changes} WHERE item_no = ?", rows)


def add_events(connection: Connection, events: pl.DataFrame) -> None:
    """Insert events that are not there yet, in the order of the table's key."""
    keyed = events.with_columns(minute=pl.col("time").dt.epoch("us") // MICROSECONDS_A_MINUTE)
    insert(connection, EVENTS, keyed.sort("item_no", "minute"), "INSERT OR IGNORE")


def find_events(connection: Connection, item_nos: pl.Series) -> pl.DataFrame:
    """What is known about some items, each one's events in the order of the minute."""
    keys = json.dumps(item_nos.unique().sort().to_list())
    names = ", ".join(f"t.{name}" for name in KNOWN)
    sql = f"""SELECT {names} FROM json_each(?) AS wanted CROSS JOIN events AS t ON t.item_no = wanted.value"""
    return select(connection, sql, [keys], frame_schema(EVENTS, KNOWN))


def list_events(connection: Connection, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Events of a tenant, of some orders, or all, with their items' names, by time."""
    names = ("item_no", *ORDER, "item_id")
    items = list_items(connection, tenant, orders).select(names)
    sql = f"SELECT item_no, {', '.join(EVENT)} FROM events"
    values = []
    if orders is not None:
        sql += " WHERE item_no IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(items.get_column("item_no").to_list()))
    events = select(connection, sql, values, frame_schema(EVENTS, ("item_no", *EVENT)))
    return events.join(items, on="item_no").sort("time", "item_no").select(*ORDER, "item_id", *EVENT)


def _select_items(connection: Connection, source: str, values: list[object]) -> pl.DataFrame:
    names = ", ".join(f"t.{name}" for name in STORED)
    return select(connection, f"SELECT {names} FROM {source}", values, frame_schema(ITEMS, STORED))

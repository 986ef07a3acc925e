"""Items with their status, and the events about them, in the database."""

from __future__ import annotations

import polars as pl

from entrepost.operations.store import EVENT, ITEM, STATUS
from entrepost.store.rows import Rows, frame_schema, to_stored
from entrepost.store.schema import EVENTS, ITEMS, ORDER
from entrepost.tables.frames import INSTANT

STORED = ("item_no", *ITEM, *STATUS)
FOUND = ("tenant", "item_id", "item_no", "issued_at", "seller", "order_id", "archived_at")
QUIET = ("tenant", "seller", "order_id", "item_id", "item_no", "events")
KNOWN = ("item_no", "code", "time", "facility", "reason")
MICROSECONDS_A_MINUTE = 60_000_000


def add_items(rows: Rows, items: pl.DataFrame) -> None:
    """Insert new items, which are pending."""
    empty, none = pl.lit(""), pl.lit(0, pl.Int64)
    fresh = items.with_columns(
        status=pl.lit("pending"), kind=empty, reason=empty, action_required=empty, events=none, anomalies=none
    )
    rows.insert(ITEMS, fresh)


def find_items(rows: Rows, names: pl.DataFrame) -> pl.DataFrame:
    """All items that have or had one of these identifiers; an identifier comes again after years."""
    parts = [pl.DataFrame(schema=frame_schema(ITEMS, FOUND))]
    sql = f"""SELECT {", ".join(f"t.{name}" for name in FOUND)}
        FROM {rows.wanted(ITEMS, "item_id", where="t.tenant = ?")}"""
    for (tenant,), part in names.select("tenant", "item_id").group_by("tenant"):
        keys = rows.keys(part.select("item_id"))
        parts.append(rows.select(sql, [keys, tenant], frame_schema(ITEMS, FOUND)))
    return pl.concat(parts)


def list_items(rows: Rows, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Items of a tenant, of some orders, or all."""
    if orders is not None:
        return _select_items(rows, rows.wanted(ITEMS, *ORDER), [rows.keys(orders.select(ORDER))])
    return _select_items(rows, f"items t {'WHERE t.tenant = ?' if tenant else ''}", [tenant] if tenant else [])


def set_status(rows: Rows, statuses: pl.DataFrame) -> None:
    """Write the status of items."""
    rows.update(ITEMS, statuses.select("item_no", *STATUS))


def add_events(rows: Rows, events: pl.DataFrame) -> None:
    """Insert events that are not there yet, in the order of the table's key."""
    keyed = events.with_columns(minute=pl.col("time").dt.epoch("us") // MICROSECONDS_A_MINUTE)
    rows.insert_new(EVENTS, keyed.sort("item_no", "minute"))


def find_events(rows: Rows, item_nos: pl.Series) -> pl.DataFrame:
    """What is known about some items, each one's events in the order of the minute."""
    names = ", ".join(f"t.{name}" for name in KNOWN)
    sql = f"SELECT {names} FROM {rows.wanted(EVENTS, 'item_no')}"
    events = rows.select(sql, [rows.keys(item_nos.to_frame())], frame_schema(EVENTS, KNOWN))
    return events if rows.clustered else events.sort("item_no", "time", "code", "facility")


def list_events(rows: Rows, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Events of a tenant, of some orders, or all, with their items' names, by time."""
    names = ("item_no", *ORDER, "item_id")
    items = list_items(rows, tenant, orders).select(names)
    columns = ", ".join(f"t.{name}" for name in ("item_no", *EVENT))
    source, values = "events t", []
    if orders is not None:
        source, values = rows.wanted(EVENTS, "item_no"), [rows.keys(items.select("item_no"))]
    events = rows.select(f"SELECT {columns} FROM {source}", values, frame_schema(EVENTS, ("item_no", *EVENT)))
    return events.join(items, on="item_no").sort("time", "item_no").select(*ORDER, "item_id", *EVENT)


def list_quiet(rows: Rows, before: pl.DataFrame) -> pl.DataFrame:
    """Items whose last event lies before an instant, and whose events are here."""
    sql = f"SELECT {', '.join(QUIET)} FROM items WHERE archived_at IS NULL AND last_event_at < ? ORDER BY item_no"
    return rows.select(sql, to_stored(before).row(0), frame_schema(ITEMS, QUIET))


def archive_events(rows: Rows, items: pl.DataFrame, now: pl.Expr) -> pl.DataFrame:
    """Delete the events of items that have as many as was seen, and are still here; these items."""
    sql = f"""SELECT t.item_no, t.events FROM {rows.wanted(ITEMS, "item_no", where="t.archived_at IS NULL")}"""
    keys = [rows.keys(items.select("item_no"))]
    same = rows.select(sql, keys, frame_schema(ITEMS, ("item_no", "events"))).join(items, on=["item_no", "events"])
    rows.delete(EVENTS, same.select("item_no"))
    rows.update(ITEMS, same.select("item_no", archived_at=now))
    return same


def restore_events(rows: Rows, events: pl.DataFrame) -> None:
    """Insert events that were archived; their items have them again."""
    add_events(rows, events)
    rows.update(ITEMS, events.select("item_no", archived_at=pl.lit(None, INSTANT)).unique())


def _select_items(rows: Rows, source: str, values: list[str]) -> pl.DataFrame:
    names = ", ".join(f"t.{name}" for name in STORED)
    items = rows.select(f"SELECT {names} FROM {source}", values, frame_schema(ITEMS, STORED))
    return items.sort("item_no")

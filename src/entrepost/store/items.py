"""Items with their status, and the events about them, in the database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from entrepost.base.clock import MINUTE_US, to_micros
from entrepost.mail.status import Status
from entrepost.operations.store import EVENT, FROM, ITEM, STANDING, STATUS
from entrepost.store.rows import Packed, Rows, frame_schema, to_stored
from entrepost.store.schema import EVENTS, ITEMS, ORDER, STATUSES
from entrepost.tables.frames import INSTANT
from entrepost.tables.status_numbers import word_states

STORED = ("item_no", *ITEM, *FROM)
FOUND = ("item_id", "item_no", "issued_at")
QUIET = ("tenant", "seller", "order_id", "item_id", "item_no")
FACT = ("item_no", "code", "time", "facility", "reason")
PENDING = {"state": int(Status.PENDING), "reason": "", "events": 0, "anomalies": 0}
"""The status of items without any."""


@dataclass(frozen=True, slots=True)
class News:
    """Events and the statuses to which they lead, ready for the database.

    `begun` are the statuses of items that had no event before, `moved` those of all others.
    """

    events: Packed
    begun: Packed
    moved: Packed


def take_turn(rows: Rows, tenant: str) -> tuple[int, int]:
    """Give a tenant's items a new turn: the number of the last one, 0 for none, and of the new one."""
    turn = secrets.randbits(62)
    found = rows.find_row("SELECT turn FROM tenants WHERE tenant = ?", [tenant])
    rows.change("UPDATE tenants SET turn = ? WHERE tenant = ?", [turn, tenant])
    return (found[0] if found else 0), turn


def add_items(rows: Rows, items: pl.DataFrame) -> None:
    """Insert new items; they are pending until a status is written."""
    rows.insert(ITEMS, items)


def find_items(rows: Rows, names: pl.DataFrame) -> pl.DataFrame:
    """All items that have or had one of these identifiers; an identifier comes again after years."""
    parts = [
        ask_items(rows, tenant, names.filter(pl.col("tenant") == tenant).get_column("item_id"))()
        for tenant in names.get_column("tenant").unique()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_schema(FOUND, STANDING) | {"tenant": pl.String()})


def ask_items(rows: Rows, tenant: str, names: pl.Series) -> Callable[[], pl.DataFrame]:
    """Look for what `find_items` gives; the frame is made by whoever calls what comes back, in any thread."""
    sql = _items_sql(FOUND, STANDING, rows.wanted(ITEMS, "item_id", where="t.tenant = ?"))
    return partial(_read_found, rows, tenant, rows.ask(sql, [rows.keys(names.to_frame()), tenant]))


def list_items(
    rows: Rows, tenant: str, orders: pl.DataFrame | None, numbers: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Items of a tenant, of some orders, by their numbers, or all."""
    if numbers is not None:
        found = rows.wanted(ITEMS, "item_no"), [rows.keys(numbers.select("item_no"))]
    elif orders is not None:
        found = rows.wanted(ITEMS, *ORDER), [rows.keys(orders.select(ORDER))]
    elif tenant:
        found = "(SELECT * FROM items WHERE tenant = ?) t", [tenant]
    else:
        found = "items t", []
    source, values = found
    items = rows.select(_items_sql(STORED, STANDING, source), values, _schema(STORED, STANDING))
    return _worded(items.sort("item_no"))


def page_items(rows: Rows, tenant: str, after: tuple[str, datetime] | None, limit: int) -> pl.DataFrame:
    """Items of a tenant by identifier and issue, those after a place; found by the index on both."""
    beyond = "AND (t.item_id, t.issued_at) > (?, ?)" if after else ""
    source, ends = "items t", f"WHERE t.tenant = ? {beyond} ORDER BY t.item_id, t.issued_at LIMIT {limit:d}"
    values = [tenant, *((after[0], to_micros(after[1])) if after else ())]
    found = rows.select(f"{_items_sql(STORED, STANDING, source)} {ends}", values, _schema(STORED, STANDING))
    return _worded(found)


def set_status(rows: Rows, statuses: pl.DataFrame) -> None:
    """Write the status of items."""
    rows.put(STATUSES, statuses.with_columns(archived_at=pl.lit(None, INSTANT)).sort("item_no"))


def add_events(rows: Rows, events: pl.DataFrame) -> None:
    """Insert events that are not there yet, in the order of the table's key."""
    rows.insert_new(EVENTS, _keyed(events).sort("minute", "item_no"))


def pack_news(rows: Rows, events: pl.DataFrame, statuses: pl.DataFrame) -> News:
    """Make ready what `add_news` keeps; the database is not asked."""
    standing = statuses.with_columns(archived_at=pl.lit(None, INSTANT)).sort("item_no")
    is_begun = standing.get_column("is_begun")
    parts = [rows.pack(STATUSES, standing.filter(part)) for part in (is_begun, ~is_begun)]
    return News(rows.pack(EVENTS, _keyed(events).sort("minute", "item_no")), *parts)


def add_news(rows: Rows, news: News) -> None:
    """Insert events that are not there yet, and write the status of their items."""
    rows.insert_packed(news.events)
    rows.put_packed(news.begun, there=False)
    rows.put_packed(news.moved, there=True)


def link_events(rows: Rows, events: pl.DataFrame) -> None:
    """Write anew which event came before each of these."""
    rows.update(EVENTS, _keyed(events).select("minute", "item_no", "code", "facility", "previous_minute"))


def find_events(rows: Rows, items: pl.DataFrame) -> pl.DataFrame:
    """The events of items, from the last one back to the first; each one's in the order of the minute."""
    events = _walk(rows, items, (*FACT, "previous_minute"))
    previous = (pl.col("previous_minute") * MINUTE_US).cast(INSTANT).alias("previous")
    return events.select(*FACT, previous).sort("item_no", "time", "code", "facility")


def list_events(rows: Rows, tenant: str, orders: pl.DataFrame | None) -> pl.DataFrame:
    """Events of a tenant, of some orders, or all, with their items' names, by time."""
    items = list_items(rows, tenant, orders)
    wanted = ("item_no", *EVENT)
    if orders is not None:
        events = _walk(rows, items, wanted)
    else:
        names = ", ".join(f"t.{name}" for name in wanted)
        events = rows.select(f"SELECT {names} FROM events t", [], frame_schema(EVENTS, wanted))
    named = events.join(items.select("item_no", *ORDER, "item_id"), on="item_no")
    return named.sort("time", "item_no").select(*ORDER, "item_id", *EVENT)


def list_quiet(rows: Rows, before: pl.DataFrame) -> pl.DataFrame:
    """Items whose last event lies before an instant, and whose events are here."""
    sql = f"""SELECT {", ".join(f"t.{name}" for name in QUIET)}, s.events
        FROM statuses s JOIN items t ON t.item_no = s.item_no
        WHERE s.archived_at IS NULL AND s.last_event_at < ? ORDER BY s.item_no"""
    schema = frame_schema(ITEMS, QUIET) | frame_schema(STATUSES, ["events"])
    return rows.select(sql, to_stored(before).row(0), schema)


def archive_events(rows: Rows, items: pl.DataFrame, now: pl.Expr) -> pl.DataFrame:
    """Delete the events of items that have as many as was seen, and are still here; these items."""
    names = ("item_no", "events", "last_event_at")
    sql = f"""SELECT {", ".join(f"t.{name}" for name in names)}
        FROM {rows.wanted(STATUSES, "item_no", where="t.archived_at IS NULL")}"""
    found = rows.select(sql, [rows.keys(items.select("item_no"))], frame_schema(STATUSES, names))
    same = found.join(items, on=["item_no", "events"])
    rows.delete(EVENTS, _walk(rows, same, ("minute", "item_no")).unique())
    rows.update(STATUSES, same.select("item_no", archived_at=now))
    return same


def restore_events(rows: Rows, events: pl.DataFrame) -> None:
    """Insert events that were archived; their items have them again."""
    add_events(rows, events)
    rows.update(STATUSES, events.select("item_no", archived_at=pl.lit(None, INSTANT)).unique())


def _read_found(rows: Rows, tenant: str, answer: Any) -> pl.DataFrame:
    return _pending(rows.read(answer, _schema(FOUND, STANDING))).with_columns(tenant=pl.lit(tenant))


def _worded(items: pl.DataFrame) -> pl.DataFrame:
    """Items with the words of their status."""
    items = _pending(items)
    return items.with_columns(word_states(items)).select(*STORED, *STATUS)


def _items_sql(names: tuple[str, ...], standing: tuple[str, ...], source: str) -> str:
    columns = ", ".join((*(f"t.{name}" for name in names), *(f"s.{name}" for name in standing)))
    return f"SELECT {columns} FROM {source} LEFT JOIN statuses s ON s.item_no = t.item_no"


def _pending(items: pl.DataFrame) -> pl.DataFrame:
    """Items with their status; those without any event are pending."""
    return items.with_columns(pl.col(name).fill_null(state) for name, state in PENDING.items())


def _schema(names: tuple[str, ...], standing: tuple[str, ...]) -> dict[str, pl.DataType]:
    return frame_schema(ITEMS, names) | frame_schema(STATUSES, standing)


def _keyed(events: pl.DataFrame) -> pl.DataFrame:
    minutes = {"minute": "time", "previous_minute": "previous"}
    return events.with_columns(
        (pl.col(instant).dt.epoch("us") // MINUTE_US).alias(name) for name, instant in minutes.items()
    )


def _walk(rows: Rows, items: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The events of items (item_no, last_event_at), from the last one back."""
    here = "t.minute = walk.minute AND t.item_no = walk.item_no"
    sql = f"""WITH RECURSIVE walk(item_no, minute) AS (
            SELECT one, other FROM {rows.pairs()}
            UNION
            SELECT t.item_no, t.previous_minute FROM walk {rows.lookup(EVENTS, "t", here)}
            WHERE t.previous_minute IS NOT NULL
        )
        SELECT {", ".join(f"t.{name}" for name in names)} FROM walk {rows.lookup(EVENTS, "t", here)}"""
    last = items.filter(pl.col("last_event_at").is_not_null()).select(
        "item_no", pl.col("last_event_at").dt.epoch("us") // MINUTE_US
    )
    return rows.select(sql, [rows.keys(last)], frame_schema(EVENTS, names))

"""Where is my parcel, and when does it come: one item's status, its events by local time, and its promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import polars as pl

from entrepost.base.clock import zone
from entrepost.base.errors import MissingRowError
from entrepost.mail.event import Event
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER


@dataclass(frozen=True, slots=True)
class PromisedRange:
    """When the order is to arrive: one in ten is there by `from_`, and with `probability` it is there by `to`.

    Both are told in the recipient's zone; `from_` is missing where a promise was given without it.
    """

    service: str
    route: str
    from_: datetime | None
    to: datetime | None
    time_zone: str
    probability: float | None
    kept: bool | None
    """Whether the item was there by `to`; None while nobody can know."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """An item as its people want to see it; events newest first, each with the offset of its place."""

    item_id: str
    tenant: str
    seller: str
    order_id: str
    origin: str
    country: str
    status: str
    kind: str
    reason: str
    action_required: str
    since: datetime | None
    wait_ended_at: datetime | None
    promise: PromisedRange | None
    events: tuple[Event, ...]


def track(store: Store, item_id: str, tenant: str = "main") -> Tracked:
    """The item of that identifier, the one issued last where the number was given before.

    Raises
    ------
    MissingRowError
        When the account has no such item.
    """
    number = "".join(item_id.split()).upper()
    found = store.find_items(pl.DataFrame({"tenant": [tenant], "item_id": [number]})).sort("issued_at")
    if not found.height:
        raise MissingRowError(f"no item {number} is there; check the number, or bring its order in and promise it")
    items = store.list_items(numbers=found.tail(1))
    item, order = items.row(0, named=True), items.select(ORDER)
    events = store.list_events(orders=order).filter(pl.col("item_id") == number)
    newest_first = events.sort("time", "recorded_at", descending=True).iter_rows(named=True)
    shown = (
        "item_id",
        *ORDER,
        "origin",
        "country",
        "status",
        "kind",
        "reason",
        "action_required",
        "since",
        "wait_ended_at",
    )
    return Tracked(
        **{name: item[name] for name in shown},
        promise=_promise(store, order, item),
        events=tuple(_event(row) for row in newest_first),
    )


def _promise(store: Store, order: pl.DataFrame, item: dict[str, Any]) -> PromisedRange | None:
    given = store.list_promises(orders=order).filter(pl.col("service") == item["service"])
    if not given.height:
        return None
    row = given.row(0, named=True)
    least, most, to = row["wait_hours_p10"], row["wait_hours_p90"], row["arrive_by_p90"]
    from_ = None if least is None or to is None else to - timedelta(hours=most - least)
    there = row["time_zone"] or "UTC"
    return PromisedRange(
        service=row["service"],
        route=row["route"],
        from_=from_ and from_.astimezone(zone(there)),
        to=to and to.astimezone(zone(there)),
        time_zone=there,
        probability=row["arrive_by_p90_probability"],
        kept=_kept(store, item, to),
    )


def _kept(store: Store, item: dict[str, Any], to: datetime | None) -> bool | None:
    ended = item["wait_ended_at"]
    if to is None or (ended is None and store.clock.now() <= to):
        return None
    return bool(ended is not None and ended <= to)


def _event(row: dict[str, Any]) -> Event:
    place = timezone(timedelta(minutes=row["offset_minutes"]))
    return Event(
        item_id=row["item_id"],
        code=row["code"],
        time=row["time"].astimezone(place),
        recorded_at=row["recorded_at"],
        facility=row["facility"],
        reason=row["reason"] or "",
        tenant=row["tenant"],
    )

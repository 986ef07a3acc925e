"""`/v1/items`: the items of an account, and `/v1/tracking`: where one is, and when it comes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, read_cursor, write_cursor
from entrepost.operations.access import Caller
from entrepost.operations.track import Tracked, track
from entrepost.operations.track_eta import Expected, is_awaited

router = APIRouter()


class ItemShown(BaseModel):
    """An item with its status.

    `operator` announced it, by its advance data (ITMATT), its dispatch alone (PREDES), or took it back (withdrawn):
    `announced`. Both are empty for an item of our own. Of an announced item `seller`, `order_id` and `service` are
    empty, because nobody told them, and a weight or number of pieces of 0 is not known.
    """

    item_id: str
    seller: str
    order_id: str
    item: int
    service: str
    origin: str
    country: str
    operator: str
    announced: str
    weight_g: int
    pieces: int
    value_minor: int
    currency: str | None
    issued_at: datetime
    status: str
    kind: str
    reason: str
    action_required: str
    since: datetime | None
    last_event_at: datetime | None
    wait_ended_at: datetime | None
    events: int


class PromiseShown(BaseModel):
    """When the order is to arrive: there by `to` with `probability`."""

    service: str
    from_: datetime | None
    to: datetime | None
    time_zone: str
    probability: float | None
    kept: bool | None


class ExpectedShown(BaseModel):
    """When the item comes, as of now: one in ten is there by `from_`, half by `likely`, by `to` with `probability`.

    Null where nothing is to come any more, or a server that was just started cannot tell yet. `basis` says whose
    distribution it is, and `words` the same to people; empty: the item's own.
    """

    from_: datetime
    likely: datetime
    to: datetime
    time_zone: str
    probability: float
    loss_probability: float
    promise_probability: float | None
    basis: str
    words: str


class EventShown(BaseModel):
    """A fact about an item, at the local time of its place."""

    code: str
    time: datetime
    facility: str
    reason: str
    recorded_at: datetime


class TrackingShown(BaseModel):
    """Where an item is; events newest first. `operator` and `announced` as items have them."""

    item_id: str
    seller: str
    order_id: str
    origin: str
    country: str
    operator: str
    announced: str
    status: str
    kind: str
    reason: str
    action_required: str
    since: datetime | None
    wait_ended_at: datetime | None
    expected: ExpectedShown | None
    promise: PromiseShown | None
    events: list[EventShown]


OWN = [name for name in TrackingShown.model_fields if name not in ("expected", "promise", "events")]
EXPECTED, PROMISE, EVENT = (tuple(each.model_fields) for each in (ExpectedShown, PromiseShown, EventShown))


@router.get("/v1/items", summary="Items", **guarded("items:read"))
def list_items(
    caller: Annotated[Caller, Depends(caller_with("items:read"))],
    house: HouseOf,
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> Page[ItemShown]:
    """Items with their status, by identifier."""
    place = read_cursor(cursor, str, datetime)
    after = None if place is None else (place[0], place[1])
    found = house.store.page_items(caller.tenant, after, limit + 1)
    last = found.row(limit - 1, named=True) if found.height > limit else None
    following = write_cursor(last["item_id"], last["issued_at"].isoformat()) if last else ""
    names = list(ItemShown.model_fields)
    # The name of a posting is ours alone.
    told = pl.when(pl.col("operator") == "").then(pl.col("order_id")).otherwise(pl.lit("")).alias("order_id")
    rows = found.head(limit).with_columns(told).select(names).iter_rows(named=True)
    return Page(data=[ItemShown(**row) for row in rows], next_cursor=following)


@router.get("/v1/items/{item_id}", summary="An item", **guarded("items:read", 404))
async def get_item(
    caller: Annotated[Caller, Depends(caller_with("items:read"))], house: HouseOf, item_id: str
) -> TrackingShown:
    """An item with its status, when it comes, its promise and events."""
    return await look_up(house, item_id, caller.tenant)


@router.get("/v1/tracking/{item_id}", summary="Where an item is", **guarded("tracking:read", 404))
async def get_tracking(
    caller: Annotated[Caller, Depends(caller_with("tracking:read"))], house: HouseOf, item_id: str
) -> TrackingShown:
    """The same for those who may only track."""
    return await look_up(house, item_id, caller.tenant)


async def look_up(house: House, item_id: str, tenant: str) -> TrackingShown:
    """An item of an account, with the forecast of its arrival once the server is warm.

    Most forecasts take a millisecond, some fifty and more: threads make them that let everybody else go first.
    """
    found, now = await house.at_once(track, house.store, item_id, tenant), house.store.clock.now()
    if not house.warm.is_set() or not is_awaited(found, now):
        return shown(found)
    return shown(found, await house.behind.do(house.forecasts.find, found, now))


def shown(found: Tracked, expected: Expected | None = None) -> TrackingShown:
    """A tracked item as it is shown."""
    promise = found.promise
    told = {name: getattr(found, name) for name in OWN} | ({"order_id": ""} if found.operator else {})
    return TrackingShown(
        **told,
        expected=ExpectedShown(**{name: getattr(expected, name) for name in EXPECTED}) if expected else None,
        promise=PromiseShown(**{name: getattr(promise, name) for name in PROMISE}) if promise else None,
        events=[EventShown(**{name: getattr(each, name) for name in EVENT}) for each in found.events],
    )

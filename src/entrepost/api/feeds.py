"""`/v1/feeds`: how carriers' tracking in JSON is read, kept by name; and what they send."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.given import AT_ONCE, Given, rejected_of, suffix_of
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.api.rows import Taken
from entrepost.operations.access import Caller
from entrepost.operations.feeds import MAPPING_MAX, get_feed, list_feeds, record_feed, remove_feed, set_feed
from entrepost.operations.house_records import CarrierFeed

router = APIRouter(prefix="/v1/feeds")
READ, WRITE = "events:read", "events:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=50, examples=["carrier"])]
MAPPING = """[feed]
each = "shipments[].events[]"

[columns]
item_id = "shipments[].id"
code = "shipments[].events[].statusCode"
time = "shipments[].events[].timestamp"

[codes]
DLV = "EMI"
"""
SENT = {
    "shipments": [
        {"id": "LX000000005CN", "events": [{"statusCode": "DLV", "timestamp": "2026-01-08T07:53:47+09:00"}]},
    ]
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {}, "example": SENT},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


class FeedGiven(BaseModel):
    """The name of a feed, and its mapping as the text of a mapping file in TOML."""

    feed: str = Field(max_length=50, examples=["carrier"])
    mapping: str = Field(max_length=MAPPING_MAX, examples=[MAPPING])


class FeedShown(FeedGiven):
    """A feed, and who kept it."""

    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What a carrier sent, in its own words."""

    given: Given


async def sent_by_carrier(request: Request) -> Sent:
    """One JSON document, or one in each line."""
    suffix = suffix_of(request)
    if suffix not in (".json", ".jsonl"):
        raise HTTPException(415, "a feed is sent as application/json, or as application/x-ndjson")
    return Sent(Given("feed", suffix, await request.body()))


@router.get("", summary="Feeds", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[FeedShown]:
    """The feeds of the account by name."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_feeds(house.store, caller.tenant, after, limit + 1)
    kept, following = cut(found, limit, lambda each: [each.feed])
    return Page(data=[_shown(each) for each in kept], next_cursor=following)


@router.get("/{feed}", summary="A feed", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, feed: Name) -> FeedShown:
    """How a carrier's tracking is read."""
    return _shown(get_feed(house.store, caller.tenant, feed))


@router.post("", summary="Keep a feed", status_code=201, **guarded(WRITE, 400))
def keep(caller: Writer, house: HouseOf, given: FeedGiven) -> FeedShown:
    """In place of what was kept before; a mapping that makes no sense is refused with the reason."""
    return _shown(set_feed(house.store, caller, given.feed, given.mapping))


@router.delete("/{feed}", summary="Forget a feed", **guarded(WRITE, 404))
def remove(caller: Writer, house: HouseOf, feed: Name) -> FeedShown:
    """The events that came by it stay."""
    return _shown(remove_feed(house.store, caller, feed))


@router.post(
    "/{feed}/events",
    summary="Record what a carrier sent",
    response_model=Taken,
    **guarded(WRITE, 400, 404, 413, extra=BODY),
)
def record(
    caller: Writer,
    house: HouseOf,
    feed: Name,
    repeats: RepeatsOf,
    sent: Annotated[Sent, Depends(sent_by_carrier)],
) -> Response:
    """Record the events of a document, or of one in each line, as the feed's mapping reads them."""
    get_feed(house.store, caller.tenant, feed)
    return repeats.answer(caller, lambda: _take(house, caller, feed, sent.given))


def _take(house: House, caller: Caller, feed: str, given: Given) -> Taken:
    around = replace(house.surroundings_of(caller.tenant), bounds=AT_ONCE)
    with given.file(house.uploads) as path:
        done = record_feed(house.store, caller.tenant, feed, path, around)
    rows = rejected_of(house.store.list_findings(done.intake), given)
    counted = {name: getattr(done, name) for name in Taken.model_fields if name != "rows"}
    return Taken(**counted, rows=rows)


def _shown(feed: CarrierFeed) -> FeedShown:
    cells = asdict(feed)
    return FeedShown(**{name: cells[name] for name in FeedShown.model_fields})

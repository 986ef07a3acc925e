"""`/v1/receptacles`: opened, filled scan by scan or in bulk, and closed; advance data before, and what arrived."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.mail_shown import (
    FillingShown,
    FoundShown,
    MessageShown,
    ReceptacleShown,
    show_filling,
    show_findings,
    show_messages,
    show_receptacles,
)
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.posted import do_and_tell
from entrepost.api.repeats import RepeatsOf
from entrepost.operations.access import Caller
from entrepost.operations.dispatching.closing import Closing, ClosingParams, close_receptacles
from entrepost.operations.dispatching.filling import (
    Opening,
    drop_receptacle,
    get_filling,
    open_receptacle,
    put_items,
    take_out,
)
from entrepost.operations.dispatching.listing import list_contents, list_fillings
from entrepost.operations.dispatching.lodging import lodge_items
from entrepost.operations.dispatching.receiving import Seen, receive_receptacles

router = APIRouter(prefix="/v1/receptacles")
READ, WRITE = "dispatches:read", "dispatches:write"
AT_ONCE = 10_000
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Tag = Annotated[str, Path(max_length=40, examples=["bag 7"])]
ItemId = Annotated[str, Field(max_length=40, examples=["LX000000005CN"])]


class OpeningGiven(BaseModel):
    """A receptacle to be filled. Without a tag one is made up; without a mode the category's own holds."""

    origin: str = Field(max_length=6, examples=["CNSHAA"])
    destination: str = Field(max_length=6, examples=["DEFRAA"])
    mail_category: str = Field(max_length=1, examples=["A"])
    mail_subclass: str = Field(max_length=2, examples=["UN"])
    tag: str = Field("", max_length=40, examples=["bag 7"])
    kind: str = Field("BG", max_length=2)
    handling_class: str = Field("", max_length=1)
    holds: str = Field("any", max_length=10)
    mode: str = Field("", max_length=4)


class ItemsGiven(BaseModel):
    """Items that were scanned; `timeout_minutes`: after so long without an answer one may be loaded."""

    item_ids: list[ItemId] = Field(min_length=1, max_length=AT_ONCE)
    timeout_minutes: int | None = Field(None, ge=0, le=10_000_000)


class ItemsPut(BaseModel):
    """How many are in it now that were not, how many were already, and what stays out, and why."""

    added: int
    again: int
    findings: list[FoundShown]


class ClosingGiven(BaseModel):
    """A receptacle to be closed, with its gross weight."""

    tag: str = Field(max_length=40, examples=["bag 7"])
    weight_g: int = Field(ge=0, le=10_000_000, examples=[12_480])


class ClosingsGiven(BaseModel):
    """Receptacles to be closed, and what is held back where items may not be loaded: these, or their receptacle."""

    receptacles: list[ClosingGiven] = Field(min_length=1, max_length=1_000)
    hold: str = Field("item", examples=["item", "receptacle"])
    timeout_minutes: int | None = Field(None, ge=0, le=10_000_000)


class ReceptaclesClosed(BaseModel):
    """Receptacles with their numbers, items that must come out again, and what is wrong."""

    data: list[ReceptacleShown]
    held: list[str]
    findings: list[FoundShown]


class LodgingGiven(BaseModel):
    """Items whose advance data are to be lodged, and by which mode they go."""

    item_ids: list[ItemId] = Field(min_length=1, max_length=AT_ONCE)
    mode: str = Field("air", max_length=4)


class Lodged(BaseModel):
    """Items whose data were lodged, the messages for their destinations, and what is wrong with the others."""

    item_ids: list[str]
    messages: list[MessageShown]
    findings: list[FoundShown]


class SeenGiven(BaseModel):
    """A receptacle that came, or was looked for: received, damaged or not_found."""

    receptacle_id: str = Field(max_length=40, examples=["CNSHAADEFRAAAUN60001001100125"])
    status: str = Field("received", max_length=10)


class ArrivalsGiven(BaseModel):
    """Receptacles that were scanned where they were announced to."""

    receptacles: list[SeenGiven] = Field(min_length=1, max_length=1_000)


class Arrived(BaseModel):
    """The receptacles as they stand, the answers for their origins, and what nobody announced."""

    data: list[ReceptacleShown]
    messages: list[MessageShown]
    findings: list[FoundShown]


@router.get("", summary="Receptacles being filled", **guarded(READ))
def list_all(caller: Reader, house: HouseOf, limit: Limit = PAGE, cursor: Cursor = "") -> Page[FillingShown]:
    """The receptacles of the account's stations by tag, those that were closed with what they became."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_fillings(house.store, caller.tenant, after, limit + 1)
    kept, following = cut(found, limit, lambda each: [each[0].tag])
    return Page(data=[show_filling(*each) for each in kept], next_cursor=following)


@router.post("", summary="Open a receptacle", response_model=FillingShown, status_code=201, **guarded(WRITE, 400))
def open_one(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: OpeningGiven) -> Response:
    """Begin to fill a receptacle; the same again is answered alike."""
    opening = Opening(**given.model_dump())

    def effect() -> FillingShown:
        return show_filling(open_receptacle(house.store, house.places_of(caller.tenant), caller, opening), 0)

    return repeats.answer(caller, effect, 201)


@router.get("/{tag}", summary="A receptacle being filled", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, tag: Tag) -> list[str]:
    """The items in it."""
    get_filling(house.store, caller.tenant, tag)
    return list_contents(house.store, caller.tenant, tag)


@router.delete("/{tag}", summary="Give up a receptacle", **guarded(WRITE, 404))
def drop(caller: Writer, house: HouseOf, tag: Tag) -> ItemsPut:
    """A receptacle that is not closed is given up; its items are free again (`again` says how many)."""
    return ItemsPut(added=0, again=drop_receptacle(house.store, caller, tag), findings=[])


@router.post("/{tag}/items", summary="Put items in", response_model=ItemsPut, **guarded(WRITE, 400, 404))
def put(caller: Writer, house: HouseOf, tag: Tag, repeats: RepeatsOf, given: ItemsGiven) -> Response:
    """Put items in; what does not belong there, or may not be loaded, stays out with a finding."""

    def effect() -> ItemsPut:
        done = put_items(house.store, caller, tag, given.item_ids, given.timeout_minutes)
        return ItemsPut(added=done.added, again=done.again, findings=show_findings(done.findings))

    return repeats.answer(caller, effect)


@router.delete("/{tag}/items/{item_id}", summary="Take an item out", **guarded(WRITE, 404))
def remove(
    caller: Writer, house: HouseOf, tag: Tag, item_id: Annotated[str, Path(max_length=40, examples=["LX000000005CN"])]
) -> ItemsPut:
    """Take an item out of a receptacle that is not closed; `again` is 1 where it was in it."""
    done = take_out(house.store, caller, tag, [item_id])
    return ItemsPut(added=0, again=done.again, findings=show_findings(done.findings))


@router.post("/closings", summary="Close receptacles", response_model=ReceptaclesClosed, **guarded(WRITE, 400))
def close(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: ClosingsGiven) -> Response:
    """Weighed and judged by the gate, each gets its number; what cannot be closed stays open, with a finding."""
    params = ClosingParams(given.hold, given.timeout_minutes)
    closings = [Closing(each.tag, each.weight_g) for each in given.receptacles]

    def effect() -> ReceptaclesClosed:
        done = close_receptacles(house.store, house.places_of(caller.tenant), caller, closings, params)
        return ReceptaclesClosed(
            data=show_receptacles(done.receptacles), held=list(done.held), findings=show_findings(done.findings)
        )

    return repeats.answer(caller, effect)


@router.post("/lodgings", summary="Lodge advance data", response_model=Lodged, **guarded(WRITE, 400))
def lodge(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: LodgingGiven) -> Response:
    """Make the advance data of items from their orders, and keep that they were lodged."""

    def effect() -> Lodged:
        act = partial(lodge_items, house.store, house.places_of(caller.tenant), caller, given.item_ids, given.mode)
        done, unsent = do_and_tell(house, caller, act, lambda made: made.messages)
        found = show_findings((*done.findings, *unsent))
        return Lodged(item_ids=list(done.item_ids), messages=show_messages(done.messages), findings=found)

    return repeats.answer(caller, effect)


@router.post("/arrivals", summary="Receive receptacles", response_model=Arrived, **guarded(WRITE, 400))
def receive(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: ArrivalsGiven) -> Response:
    """What was announced has come, or has not; its items have arrived, and the origin is answered."""
    seen = [Seen(each.receptacle_id, each.status) for each in given.receptacles]

    def effect() -> Arrived:
        act = partial(receive_receptacles, house.store, house.places_of(caller.tenant), caller, seen)
        done, unsent = do_and_tell(house, caller, act, lambda made: made.messages)
        return Arrived(
            data=show_receptacles(done.receptacles),
            messages=show_messages(done.messages),
            findings=show_findings((*done.findings, *unsent)),
        )

    return repeats.answer(caller, effect)

"""`/v1/consignments`: closed receptacles given to departures, listed, cancelled, and their delivery bill as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.mail_shown import (
    ConsignmentShown,
    ConsignmentWhole,
    FoundShown,
    MessageShown,
    show_consignment,
    show_findings,
    show_messages,
    show_whole_consignment,
)
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.posted import do_and_tell
from entrepost.api.repeats import RepeatsOf
from entrepost.base.findings import Finding
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import OUT
from entrepost.operations.dispatching.consigning import (
    ClosedConsignment,
    Consigning,
    add_waybills,
    cancel_consignment,
    consign,
    list_consigned,
)
from entrepost.operations.dispatching.listing import get_consignment, list_consignments
from entrepost.operations.dispatching.papers import draw_consignment_paper

router = APIRouter(prefix="/v1/consignments")
READ, WRITE = "dispatches:read", "dispatches:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=40, examples=["CNA000000001"])]
Direction = Annotated[str, Query(max_length=3, description="What we sent (out), or what was announced to us (in).")]


class RideGiven(BaseModel):
    """A departure of the network, and the local day on which it leaves."""

    departure: str = Field(max_length=100, examples=["MU219-2"])
    day: date = Field(examples=["2026-01-13"])


class ConsigningGiven(BaseModel):
    """What is given to a carrier: a dispatch, or receptacles; without rides the way that arrives first is taken."""

    dispatch: str = Field("", max_length=40, examples=["CNSHAADEFRAAAUN60001"])
    receptacle_ids: list[str] = Field([], max_length=1_000)
    rides: list[RideGiven] = Field([], max_length=10, examples=[[]])
    consignment_id: str = Field("", max_length=35, examples=[""])
    waybill: str = Field("", max_length=20, examples=[""])
    security_status: str = Field("", max_length=10, examples=["SPX"])


class ConsignmentClosed(BaseModel):
    """A consignment that was closed or cancelled, and what is to be sent."""

    consignment: ConsignmentWhole
    messages: list[MessageShown]
    findings: list[FoundShown]


class Consigned(BaseModel):
    """As many consignments as departures were needed, and what stayed behind, and why."""

    data: list[ConsignmentClosed]
    findings: list[FoundShown]


class WaybillsGiven(BaseModel):
    """Numbers of air waybills that a carrier gave: its three digits and code, the first and the last serial."""

    airline: str = Field(max_length=3, examples=["781"])
    carrier: str = Field(max_length=10, examples=["MU"])
    first: int = Field(ge=0, le=9_999_999, examples=[1_000_000])
    last: int = Field(ge=0, le=9_999_999, examples=[1_000_099])


class WaybillsKept(BaseModel):
    """What is left of an airline's numbers."""

    airline: str
    carrier: str
    next: int
    last: int


@router.get("", summary="Consignments", **guarded(READ))
def list_all(
    caller: Reader, house: HouseOf, direction: Direction = OUT, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[ConsignmentShown]:
    """Consignments by number."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_consignments(house.store, caller.tenant, direction, after, limit + 1)
    kept, following = cut(found, limit, lambda each: [each.consignment])
    return Page(data=[show_consignment(each) for each in kept], next_cursor=following)


@router.post("", summary="Give receptacles to a carrier", response_model=Consigned, **guarded(WRITE, 400, 404))
def close(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: ConsigningGiven) -> Response:
    """Closed receptacles go on departures that have room, and carrier and destination are told."""
    rides = tuple((each.departure, each.day) for each in given.rides)
    cells = given.model_dump() | {"rides": rides, "receptacle_ids": tuple(given.receptacle_ids)}
    wanted = Consigning(**cells)

    def effect() -> Consigned:
        act = partial(consign, house.store, house.places_of(caller.tenant), caller, wanted)
        done, unsent = do_and_tell(house, caller, act, lambda made: [m for c in made.consignments for m in c.messages])
        found = show_findings((*done.findings, *unsent))
        return Consigned(data=[_closed(each) for each in done.consignments], findings=found)

    return repeats.answer(caller, effect)


@router.post("/waybills", summary="Keep numbers of air waybills", response_model=WaybillsKept, **guarded(WRITE, 400))
def keep_waybills(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: WaybillsGiven) -> Response:
    """From now on consignments of the carrier get the next of these numbers."""

    def effect() -> WaybillsKept:
        kept = add_waybills(house.store, caller, given.airline, given.carrier, given.first, given.last)
        return WaybillsKept(airline=kept.airline, carrier=kept.carrier, next=kept.next, last=kept.last)

    return repeats.answer(caller, effect)


@router.get("/{consignment}", summary="A consignment", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, consignment: Name, direction: Direction = OUT) -> ConsignmentWhole:
    """A consignment with its rides and receptacles."""
    found = get_consignment(house.store, caller.tenant, consignment, direction)
    return show_whole_consignment(found, *list_consigned(house.store, found))


@router.post(
    "/{consignment}/cancellation",
    summary="Cancel a consignment",
    response_model=ConsignmentClosed,
    **guarded(WRITE, 404),
)
def cancel(caller: Writer, house: HouseOf, consignment: Name, repeats: RepeatsOf) -> Response:
    """Cancel what the carrier has not scanned; its receptacles may be given to another."""

    def effect() -> ConsignmentClosed:
        act = partial(cancel_consignment, house.store, caller, consignment)
        return _closed(*do_and_tell(house, caller, act, lambda done: () if done.again else done.messages))

    return repeats.answer(caller, effect)


@router.get("/{consignment}/papers/delivery", summary="A delivery bill", response_class=Response, **guarded(READ, 404))
def get_paper(caller: Reader, house: HouseOf, consignment: Name) -> Response:
    """The bill with which its receptacles are given to the carrier, as PDF."""
    made = draw_consignment_paper(house.store, house.places_of(caller.tenant), caller.tenant, consignment)
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": "inline"})


def _closed(done: ClosedConsignment, unsent: Sequence[Finding] = ()) -> ConsignmentClosed:
    return ConsignmentClosed(
        consignment=show_whole_consignment(done.consignment, done.receptacles, done.legs),
        messages=show_messages(done.messages),
        findings=show_findings((*done.findings, *unsent)),
    )

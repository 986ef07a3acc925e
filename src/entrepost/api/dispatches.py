"""`/v1/dispatches`: closed with what they tell, listed, corrected, cancelled, and their papers as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import HouseOf
from entrepost.api.mail_shown import (
    DispatchShown,
    DispatchWhole,
    FoundShown,
    MessageShown,
    show_dispatch,
    show_findings,
    show_messages,
    show_whole_dispatch,
)
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.posted import do_and_tell
from entrepost.api.repeats import RepeatsOf
from entrepost.base.findings import Finding
from entrepost.codes.receptacle import WEIGHT_MOST_G
from entrepost.operations.access import Caller
from entrepost.operations.dispatch_records import OUT
from entrepost.operations.dispatching.correcting import Correcting, correct_dispatch
from entrepost.operations.dispatching.dispatches import ClosedDispatch, cancel_dispatch, close_dispatch
from entrepost.operations.dispatching.listing import get_dispatch, list_dispatches
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.dispatching.papers import draw_dispatch_paper, list_papers
from entrepost.operations.store import Store

router = APIRouter(prefix="/v1/dispatches")
READ, WRITE = "dispatches:read", "dispatches:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=40, examples=["CNSHAADEFRAAAUN60001"])]
Direction = Annotated[str, Query(max_length=3, description="What we sent (out), or what was announced to us (in).")]


class DispatchGiven(BaseModel):
    """The open dispatch of a series (15 characters) or of a number (20)."""

    dispatch: str = Field(max_length=40, examples=["CNSHAADEFRAAAUN"])


class DispatchClosed(BaseModel):
    """A dispatch that was closed or cancelled, and what is to be sent.

    `relabelled` is the number that its last receptacle had before: print that label anew.
    """

    dispatch: DispatchWhole
    messages: list[MessageShown]
    findings: list[FoundShown]
    relabelled: str


class WeightGiven(BaseModel):
    """A receptacle by its number, or the first 23 signs of it, and its gross weight."""

    receptacle_id: str = Field(max_length=40, examples=["CNSHAADEFRAAAUN60001001000125"])
    weight_g: int = Field(ge=1, le=WEIGHT_MOST_G, examples=[12480])


class CorrectionGiven(BaseModel):
    """What is other than it was told: weights, and items that were taken out of receptacles that are weighed again."""

    receptacles: list[WeightGiven] = Field(min_length=1, max_length=999)
    take_out: list[str] = Field([], max_length=10_000, examples=[["LX000000005CN"]])

    def wanted(self) -> Correcting:
        """The same, as it is done."""
        return Correcting(tuple((each.receptacle_id, each.weight_g) for each in self.receptacles), tuple(self.take_out))


class Relabelled(BaseModel):
    """A receptacle whose label is printed anew: the number that it had, and the one that it has."""

    before: str
    receptacle_id: str


class DispatchCorrected(BaseModel):
    """A dispatch as it is now, and what is to be sent; nothing where nothing of it was other than it is told."""

    dispatch: DispatchWhole
    messages: list[MessageShown]
    findings: list[FoundShown]
    relabelled: list[Relabelled]


@router.get("", summary="Dispatches", **guarded(READ))
def list_all(
    caller: Reader, house: HouseOf, direction: Direction = OUT, limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[DispatchShown]:
    """Dispatches by series, year and serial."""
    (after,) = read_cursor(cursor, str) or ("",)
    found = list_dispatches(house.store, caller.tenant, direction, after, limit + 1)
    kept, following = cut(found, limit, lambda each: [each.dispatch])
    return Page(data=[show_dispatch(each) for each in kept], next_cursor=following)


@router.post("", summary="Close a dispatch", response_model=DispatchClosed, **guarded(WRITE, 400, 404))
def close(caller: Writer, house: HouseOf, repeats: RepeatsOf, given: DispatchGiven) -> Response:
    """Close what is open of a series, for ever; a closed one is answered as it is, with its messages."""

    def effect() -> DispatchClosed:
        places = house.places_of(caller.tenant)
        act = partial(close_dispatch, house.store, places, caller, given.dispatch)
        return _closed(house.store, *do_and_tell(house, caller, act, _told))

    return repeats.answer(caller, effect)


@router.get("/{dispatch}", summary="A dispatch", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, dispatch: Name, direction: Direction = OUT) -> DispatchWhole:
    """A dispatch with its receptacles, and the papers that can be printed of it."""
    found = get_dispatch(house.store, caller.tenant, dispatch, direction)
    bags = list_receptacles(house.store, caller.tenant, found.dispatch)
    papers = list_papers(house.store, found) if direction == OUT else {}
    return show_whole_dispatch(found, bags, papers)


@router.post(
    "/{dispatch}/cancellation", summary="Cancel a dispatch", response_model=DispatchClosed, **guarded(WRITE, 404)
)
def cancel(caller: Writer, house: HouseOf, dispatch: Name, repeats: RepeatsOf) -> Response:
    """Cancel what was given to no carrier; its number stays in the books, and its items are free again."""

    def effect() -> DispatchClosed:
        places = house.places_of(caller.tenant)
        act = partial(cancel_dispatch, house.store, places, caller, dispatch)
        return _closed(house.store, *do_and_tell(house, caller, act, _told))

    return repeats.answer(caller, effect)


@router.post(
    "/{dispatch}/correction",
    summary="Correct a closed dispatch",
    response_model=DispatchCorrected,
    **guarded(WRITE, 400, 404),
)
def correct(caller: Writer, house: HouseOf, dispatch: Name, repeats: RepeatsOf, given: CorrectionGiven) -> Response:
    """Other weights, and items taken out, before any carrier has it; its destination is told by *replace*."""

    def effect() -> DispatchCorrected:
        act = partial(correct_dispatch, house.store, caller, dispatch, given.wanted())
        done, unsent = do_and_tell(house, caller, act, lambda done: done.messages)
        return DispatchCorrected(
            dispatch=show_whole_dispatch(done.dispatch, done.receptacles, list_papers(house.store, done.dispatch)),
            messages=show_messages(done.messages),
            findings=show_findings((*done.findings, *unsent)),
            relabelled=[Relabelled(before=old, receptacle_id=new) for old, new in done.relabelled],
        )

    return repeats.answer(caller, effect)


@router.get(
    "/{dispatch}/papers/{paper}", summary="A paper of a dispatch", response_class=Response, **guarded(READ, 404)
)
def get_paper(
    caller: Reader,
    house: HouseOf,
    dispatch: Name,
    paper: Annotated[str, Path(max_length=20, examples=["label"], description="label, bill, registered or insured")],
    receptacle: Annotated[list[str], Query(max_length=100, description="Only the labels of these.")] = [],  # noqa: B006
) -> Response:
    """Labels of its receptacles, its bill, or a list of its items of value, as PDF."""
    places = house.places_of(caller.tenant)
    made = draw_dispatch_paper(house.store, places, caller.tenant, dispatch, paper, receptacle)
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": "inline"})


def _told(done: ClosedDispatch) -> Sequence[Telling]:
    """What was told before is not told again."""
    return () if done.again else done.messages


def _closed(store: Store, done: ClosedDispatch, unsent: Sequence[Finding]) -> DispatchClosed:
    return DispatchClosed(
        dispatch=show_whole_dispatch(done.dispatch, done.receptacles, list_papers(store, done.dispatch)),
        messages=show_messages(done.messages),
        findings=show_findings((*done.findings, *unsent)),
        relabelled=done.relabelled,
    )

"""Dispatches: what left and what was announced, one with its receptacles and papers, and what is being filled."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from starlette.responses import Response

from entrepost.documents.labels.figures import format_kg
from entrepost.operations.dispatch_records import CANCELLED, CLOSED, IN, OPEN, OUT, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.listing import DIRECTIONS, get_dispatch, list_dispatches, list_fillings
from entrepost.operations.dispatching.nouns import list_receptacles
from entrepost.operations.dispatching.papers import PAPERS, draw_dispatch_paper, list_papers
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads, with_query
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, visit_with

ROOM = Room("dispatches", "Dispatches", "/dispatches", "dispatches:read")
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Looking = Annotated[Visit, Depends(visit_with(ROOM.scope))]
Direction = Annotated[str, Query(max_length=3)]

SHOWN = 50
TONES = {OPEN: "going", CLOSED: "good", CANCELLED: "wrong"}
NAMES = {"label": "Labels", "bill": "Bill", "registered": "Registered items", "insured": "Insured items"}


@router.get(ROOM.path)
def show(visit: Looking, way: Direction = OUT, after: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The dispatches of one direction, and the receptacles that wait at stations."""
    if way not in DIRECTIONS:
        raise HTTPException(404)
    found = list_dispatches(visit.store, visit.tenant, way, after, SHOWN + 1)
    following = with_query(visit.request, after=found[SHOWN - 1].dispatch) if len(found) > SHOWN else ""
    columns = heads("Dispatch", "Status", "Receptacles", "Items", "Weight", "Closed", "Answered", numbers="..nnn..")
    rows = tuple(_row(each, way) for each in found[:SHOWN])
    first = with_query(visit.request, after="") if after else ""
    told: dict[str, Any] = {
        "way": way,
        "listing": Listing("dispatches", _caption(way), columns, rows, "There is no dispatch yet.", following, first),
        "filling": _filling(visit) if way == OUT else None,
    }
    return visit.page("dispatches.html.j2", ROOM.title, ROOM.name, **told)


@router.get("/dispatches/{dispatch}")
def show_one(visit: Looking, dispatch: str, way: Direction = OUT) -> Response:
    """One dispatch with its receptacles, and its papers where we made it."""
    if way not in DIRECTIONS:
        raise HTTPException(404)
    found = get_dispatch(visit.store, visit.tenant, dispatch, way)
    bags = list_receptacles(visit.store, visit.tenant, found.dispatch)
    columns = heads("Receptacle", "Items", "Weight", "Consignment", "Carrier", "Outcome", numbers=".nn...")
    told: dict[str, Any] = {
        "found": found,
        "cities": _cities(visit, found.dispatch_id),
        "way": way,
        "tone": TONES.get(found.state, "open"),
        "weight": _kg(found.weight_g),
        "bags": Listing("bags", "Receptacles", columns, tuple(map(_bag, bags)), "It has no receptacles."),
        "papers": [(NAMES[name], form, name) for name, form in list_papers(visit.store, found).items()]
        if way == OUT
        else [],
    }
    return visit.page("dispatch.html.j2", found.dispatch_id, ROOM.name, **told)


@router.get("/dispatches/{dispatch}/{paper}.pdf")
def print_one(visit: Looking, dispatch: str, paper: str) -> Response:
    """A paper of a dispatch that we made."""
    if paper not in PAPERS:
        raise HTTPException(404)
    made = draw_dispatch_paper(visit.store, visit.network, visit.tenant, dispatch, paper)
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": "inline"})


def _cities(visit: Visit, number: str) -> str:
    """The cities between which a dispatch goes, as far as the network knows them."""
    places = [visit.network.facility_by_code.get(number[at : at + 6]) for at in (0, 6)]
    return " to ".join(each.city for each in places if each) if all(places) else ""


def _caption(way: str) -> str:
    return "Sent, by series and serial" if way == OUT else "Announced to us, by series and serial"


def _row(each: KeptDispatch, way: str) -> tuple[Any, ...]:
    link = f"/dispatches/{each.dispatch_id}" + (f"?way={IN}" if way == IN else "")
    return (
        Cell(each.dispatch_id, link, code=True),
        Cell(each.state, tone=TONES.get(each.state, "open")),
        f"{each.receptacles:,}",
        f"{each.items:,}",
        _kg(each.weight_g),
        f"{each.closed_at:%Y-%m-%d %H:%M}" if each.closed_at else "–",
        f"{each.answered_at:%Y-%m-%d %H:%M}" if each.answered_at else "–",
    )


def _bag(each: KeptReceptacle) -> tuple[Any, ...]:
    scans = ((each.delivered_at, "delivered"), (each.handed_over_at, "taken over"))
    carrier = next((f"{what} {when:%Y-%m-%d %H:%M}" for when, what in scans if when), "–")
    number = each.consignment.split(" ")[1] if each.consignment else "–"
    return (
        Cell(each.receptacle_id, code=True),
        f"{each.items:,}",
        _kg(each.weight_g),
        number,
        carrier,
        each.outcome.replace("_", " ") or "–",
    )


def _filling(visit: Visit) -> Listing:
    """The receptacles that are not closed, at most `SHOWN` of them."""
    open_ones = [(each, items) for each, items in list_fillings(visit.store, visit.tenant) if not each.receptacle]
    rows = tuple(
        (Cell(each.tag, code=True), each.origin, each.destination, each.mail_category, each.mail_subclass, f"{items:,}")
        for each, items in open_ones[:SHOWN]
    )
    columns = heads("Tag", "From", "To", "Category", "Subclass", "Items", numbers=".....n")
    return Listing("filling", "Being filled", columns, rows, "No receptacle is being filled.")


def _kg(weight_g: int) -> str:
    return f"{format_kg(weight_g)} kg"

"""What needs somebody now: ranked by what acting saves, taken by somebody, noted, closed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from entrepost.base.errors import MisuseError
from entrepost.operations import exceptions_desk
from entrepost.operations.exceptions_desk import REASONS, Watched
from entrepost.operations.people import list_people
from entrepost.web.figures import write_decimal, write_instant
from entrepost.web.form import FormOf
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

ROOM = Room("exceptions", "Exceptions", "/exceptions", "exceptions:read")
WRITE = "exceptions:write"
SHOWN, ITEMS_SHOWN = 100, 200
KINDS = {
    "partner_quiet": "Partner quiet",
    "dispatch_missing": "Dispatch missing",
    "departure_missing": "Departure not there",
    "departure_missed": "Departure missed",
    "step_slow": "Step slow",
    "item_silent": "Item silent",
}
"""The kinds of exceptions as people call them."""

VIEWS = {"open": "Open", "mine": "Mine", "closed": "Closed"}
router = APIRouter(include_in_schema=False, route_class=PageRoute)
Reader = Annotated[Visit, Depends(visit_with(ROOM.scope))]
Writer = Annotated[Visit, Depends(change_with(WRITE))]


@router.get(ROOM.path)
def show(visit: Reader, view: str = "open") -> HTMLResponse:
    """All of them, what saves most first."""
    view = view if view in VIEWS else "open"
    found = visit.desk.exceptions(visit.tenant)
    watched = exceptions_desk.watch(visit.store, visit.tenant, found)
    counts = {name: [each for each in watched if _is_in(each, name, visit.caller.who)] for name in VIEWS}
    told = counts[view]
    opened = counts["open"]
    glance = {
        "open": len(opened),
        "items": sum(each.row["items"] for each in opened),
        "saved": sum(each.row["item_days_saved"] for each in opened),
        "rescued": sum(each.row["promises_rescued"] for each in opened),
        "unassigned": sum(not each.assigned_to for each in opened),
        "expected_false": found.expected_false,
        "under_way": found.under_way,
    }
    views = [(name, title, len(counts[name])) for name, title in VIEWS.items()]
    return visit.page(
        "exceptions.html.j2",
        ROOM.title,
        ROOM.name,
        list=_listing(told[:SHOWN], view),
        view=view,
        views=views,
        glance=glance,
        rest=max(0, len(told) - SHOWN),
    )


@router.get("/exceptions/{name}")
def show_one(visit: Reader, name: str) -> HTMLResponse:
    """One of them with its items and notes, and what can be done."""
    found = visit.desk.exceptions(visit.tenant)
    watched = exceptions_desk.get_watched(visit.store, visit.tenant, found, name)
    people = [person for person in list_people(visit.store, visit.tenant) if person.ended_at is None]
    return visit.page(
        "exception.html.j2",
        KINDS.get(watched.row["kind"], watched.row["kind"]),
        ROOM.name,
        watched=watched,
        row=watched.row,
        items=_items(exceptions_desk.items_behind(found, watched).head(ITEMS_SHOWN).rows(named=True)),
        notes=exceptions_desk.list_notes(visit.store, visit.tenant, name),
        people=[("", "Nobody"), *((person.email, person.name or person.email) for person in people)],
        reasons=[(reason, reason.capitalize()) for reason in REASONS],
        may_change=visit.caller.may(WRITE),
        rest=max(0, watched.row["items"] - ITEMS_SHOWN),
    )


@router.post("/exceptions/{name}")
def change(visit: Writer, name: str, form: FormOf) -> RedirectResponse:
    """Assign, note, close or open one."""
    found = visit.desk.exceptions(visit.tenant)
    watched = exceptions_desk.get_watched(visit.store, visit.tenant, found, name)
    asked, (store, by) = form.get("do"), (visit.store, visit.caller)
    if asked == "assign":
        exceptions_desk.assign(store, by, watched, form.get("person"))
        return visit.go(f"/exceptions/{name}", "Assigned.")
    if asked == "note":
        exceptions_desk.note(store, by, watched, form.get("text"))
        return visit.go(f"/exceptions/{name}", "Noted.")
    if asked == "close":
        exceptions_desk.close(store, by, watched, form.get("reason"), form.get("text"))
        return visit.go("/exceptions", f"Closed: {form.get('reason')}. It comes back when it grows or begins anew.")
    if asked == "open":
        exceptions_desk.reopen(store, by, watched)
        return visit.go(f"/exceptions/{name}", "Opened again.")
    raise MisuseError(f"{asked!r} is nothing that can be done to an exception")


def _is_in(watched: Watched, view: str, who: str) -> bool:
    if view == "closed":
        return not watched.is_open
    return watched.is_open and (view == "open" or watched.assigned_to == who)


def _listing(watched: list[Watched], view: str) -> Listing:
    empty = {
        "open": "Nothing needs anybody now: all items are where they should be by this hour.",
        "mine": "Nothing is assigned to you.",
        "closed": "Nothing that is still found was closed.",
    }
    return Listing(
        "exceptions",
        "Exceptions, what acting now saves most first",
        heads("What to do", "Saves, item-days", "Promises", "Items", "Since", "Who", numbers=".nnn"),
        tuple(_row(each) for each in watched),
        empty[view],
    )


def _row(watched: Watched) -> tuple[Any, ...]:
    row, care = watched.row, watched.care
    closed = f" · closed: {care.reason}" if care and not watched.is_open else ""
    kind = f"{KINDS.get(row['kind'], row['kind'])} · {row['subject']}{closed}"
    return (
        Cell(row["action"], f"/exceptions/{watched.exception}", note=kind),
        write_decimal(row["item_days_saved"]),
        write_decimal(row["promises_rescued"]),
        f"{row['items']:,}",
        write_instant(row["since"]),
        watched.assigned_to or Cell("nobody yet", tone="open" if watched.is_open else ""),
    )


def _items(rows: list[dict[str, Any]]) -> Listing:
    return Listing(
        "behind",
        "Its items, the least probable first",
        heads("Item", "Seller", "Last heard of", "So silent by chance", numbers="...n"),
        tuple(
            (
                Cell(row["item_id"], f"/items/{row['item_id']}", code=True),
                row["seller"],
                write_instant(row["since"]),
                write_chance(row["chance"]),
            )
            for row in rows
        ),
    )


def write_chance(chance: float) -> str:
    """How probable it is that so little was heard if all goes as usual, as one in so many."""
    return f"1 in {1 / chance:,.0f}" if chance < 0.1 else f"{100 * chance:.0f} %"

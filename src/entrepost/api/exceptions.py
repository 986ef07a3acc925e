"""`/v1/exceptions`: what needs somebody now, ranked; who has it, what was noted, and why it was closed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from entrepost.api.boards import PATIENCE_SECONDS
from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.base.errors import MisuseError
from entrepost.operations.access import Caller
from entrepost.operations.desk_records import Note
from entrepost.operations.exceptions_desk import (
    CLOSED,
    OPEN,
    REASONS,
    TEXT_MAX,
    Watched,
    assign,
    close,
    get_watched,
    items_behind,
    list_notes,
    note,
    reopen,
    watch,
)

router = APIRouter(prefix="/v1/exceptions")
READ, WRITE = "exceptions:read", "exceptions:write"
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=64, examples=["6f0d2b8e1c4a5937d0e2f148"])]
ITEMS_MAX = 1_000


class State(StrEnum):
    """Which exceptions are listed."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class ExceptionShown(BaseModel):
    """An exception: what it is about, what to do, what acting now saves, and who takes care of it."""

    exception: str
    number: int
    kind: str
    subject: str
    place: str
    service: str | None
    since: datetime
    chance: float
    items: int
    item_days_saved: float
    promises_rescued: float
    action: str
    state: str
    assigned_to: str
    reason: str
    changed_by: str
    changed_at: datetime | None


class ExceptionsPage(Page[ExceptionShown]):
    """A page of exceptions; about `expected_false` of them are chance, and `under_way` items were looked at."""

    under_way: int = 0
    expected_false: float = 0.0


class ItemBehind(BaseModel):
    """An item of an exception: silent since, and how probable that is if all goes as usual."""

    seller: str | None
    item_id: str
    since: datetime
    chance: float


class NoteShown(BaseModel):
    """What somebody noted."""

    note: str
    text: str
    written_by: str
    written_at: datetime


class ExceptionTold(ExceptionShown):
    """An exception with up to 1,000 of its items, the least probable first, and all notes."""

    behind: list[ItemBehind]
    notes: list[NoteShown]


class CareWanted(BaseModel):
    """What is to become of an exception; what is left out stays as it is."""

    assigned_to: str | None = Field(None, max_length=255, examples=["anna@example.org"])
    state: str | None = Field(None, max_length=20, description=f"{OPEN} or {CLOSED}", examples=[CLOSED])
    reason: str = Field("", max_length=40, description=f"Where it is closed: {', '.join(REASONS)}", examples=["solved"])
    note: str = Field("", max_length=TEXT_MAX, examples=["Frankfurt had scanned nothing; scans are on their way."])


class NoteWanted(BaseModel):
    """What is to be noted."""

    text: str = Field(min_length=1, max_length=TEXT_MAX, examples=["Called Frankfurt."])


def shown(watched: Watched) -> ExceptionShown:
    """An exception as it is shown."""
    return ExceptionShown(**_cells(watched))


@router.get("", summary="What needs somebody now", **guarded(READ))
def list_all(
    caller: Reader,
    house: HouseOf,
    state: Annotated[State, Query(description="Open, closed, or all.")] = State.OPEN,
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> ExceptionsPage:
    """Exceptions, what saves most first."""
    (after,) = read_cursor(cursor, int) or (0,)
    found = house.exceptions.get(caller.tenant, PATIENCE_SECONDS)
    watched = [each for each in watch(house.store, caller.tenant, found) if _is_in(each, state)]
    rest = [each for each in watched if each.row["number"] > after]
    kept, following = cut(rest[: limit + 1], limit, lambda each: [each.row["number"]])
    return ExceptionsPage(
        data=[shown(each) for each in kept],
        next_cursor=following,
        under_way=found.under_way,
        expected_false=found.expected_false,
    )


@router.get("/{exception}", summary="An exception", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, exception: Name) -> ExceptionTold:
    """An exception with the items behind it and what was noted."""
    return _told(house, caller, exception)


@router.patch("/{exception}", summary="Assign, close or open an exception", **guarded(WRITE, 404))
def change(caller: Writer, house: HouseOf, exception: Name, wanted: CareWanted) -> ExceptionTold:
    """Give it to somebody, close it with a reason, or open it again; a note goes with it."""
    watched = _watched(house, caller, exception)
    with house.store.transaction():
        apply(house, caller, watched, wanted)
    return _told(house, caller, exception)


@router.post(
    "/{exception}/notes", summary="Note something", status_code=201, response_model=NoteShown, **guarded(WRITE, 404)
)
def write_note(caller: Writer, house: HouseOf, repeats: RepeatsOf, exception: Name, wanted: NoteWanted) -> Response:
    """Write a note at an exception."""
    watched = _watched(house, caller, exception)
    return repeats.answer(caller, lambda: _note(note(house.store, caller, watched, wanted.text)), 201)


def apply(house: House, caller: Caller, watched: Watched, wanted: CareWanted) -> None:
    """Do what is wanted of an exception."""
    if wanted.state not in (None, OPEN, CLOSED):
        raise MisuseError(f"{wanted.state!r} is no state; give {OPEN} or {CLOSED}")
    if wanted.note and wanted.state != CLOSED:
        note(house.store, caller, watched, wanted.note)
    if wanted.assigned_to is not None:
        assign(house.store, caller, watched, wanted.assigned_to)
        watched = _watched(house, caller, watched.exception)
    if wanted.state == CLOSED:
        close(house.store, caller, watched, wanted.reason, wanted.note)
    elif wanted.state == OPEN:
        reopen(house.store, caller, watched)


def _told(house: House, caller: Caller, name: str) -> ExceptionTold:
    found = house.exceptions.get(caller.tenant, PATIENCE_SECONDS)
    watched = get_watched(house.store, caller.tenant, found, name)
    behind = items_behind(found, watched).head(ITEMS_MAX)
    return ExceptionTold(
        **_cells(watched),
        behind=[ItemBehind(**row) for row in behind.iter_rows(named=True)],
        notes=[_note(each) for each in list_notes(house.store, caller.tenant, name)],
    )


def _watched(house: House, caller: Caller, name: str) -> Watched:
    return get_watched(house.store, caller.tenant, house.exceptions.get(caller.tenant, PATIENCE_SECONDS), name)


def _is_in(watched: Watched, state: State) -> bool:
    return state is State.ALL or watched.is_open == (state is State.OPEN)


def _cells(watched: Watched) -> dict[str, Any]:
    care = watched.care
    return {
        **watched.row,
        "exception": watched.exception,
        "state": OPEN if watched.is_open else CLOSED,
        "assigned_to": watched.assigned_to,
        "reason": "" if care is None or watched.is_open else care.reason,
        "changed_by": care.changed_by if care else "",
        "changed_at": care.changed_at if care else None,
    }


def _note(written: Note) -> NoteShown:
    return NoteShown(**{name: getattr(written, name) for name in NoteShown.model_fields})

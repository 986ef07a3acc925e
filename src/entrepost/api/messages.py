"""`/v1/messages`: what was exchanged with other operators, one message with its faults, and its replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from entrepost.api.callers import caller_with, guarded
from entrepost.api.house import House, HouseOf
from entrepost.api.paging import PAGE, Cursor, Limit, Page, cut, read_cursor
from entrepost.api.repeats import RepeatsOf
from entrepost.base.findings import Finding
from entrepost.operations.access import Caller
from entrepost.operations.exchange_records import CameMessage, SentMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.looking import Asked, list_messages
from entrepost.operations.message_desk import (
    MENDED_MOST,
    READ,
    WRITE,
    Opened,
    name_message,
    open_message,
    replay_message,
)

router = APIRouter(prefix="/v1/messages")
Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
Name = Annotated[str, Path(max_length=1_000, description="Its id, as the list has it.")]
Way = Literal["in", "out"]


class MessageShown(BaseModel):
    """A message that came or was sent; `partner` is the operator, `state` how it stands."""

    id: str
    direction: Way
    partner: str
    message: str
    document: str
    function: str
    reference: str
    state: str
    created_at: datetime


class FaultShown(BaseModel):
    """One thing that is wrong, at a line of the message where it has one."""

    code: str
    level: str
    field: str
    message: str
    suggestion: str
    line: int | None


class LineShown(BaseModel):
    """A segment, or a line of a document."""

    line: int
    text: str


class MessageOpened(MessageShown):
    """A message in full: what it says as plain JSON, its lines, and what is wrong.

    `is_hidden`: names, addresses and free words are left out, because the key may not write messages.
    """

    why: list[str]
    says: dict[str, Any] | None
    lines: list[LineShown]
    faults: list[FaultShown]
    is_hidden: bool
    may_replay: bool


class Mended(BaseModel):
    """A message that is applied once more; `mended` is the whole message where it was corrected."""

    mended: str = Field("", max_length=MENDED_MOST, description="Empty: as it came.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are listed."""

    direction: Annotated[Way, Query(description="in: what came; out: what was sent.")] = "in"
    state: Annotated[str, Query(max_length=20, description="Only those that stand so, such as refused.")] = ""
    partner: Annotated[str, Query(max_length=50, description="Only with this operator.")] = ""
    message: Annotated[str, Query(max_length=20, description="Only of this type, such as PREDES.")] = ""
    document: Annotated[str, Query(max_length=100, description="Only of this document number.")] = ""

    @property
    def asked(self) -> Asked:
        """The same as the use case takes it."""
        states = (self.state,) if self.state else ()
        return Asked(self.direction, states, self.partner, self.message.upper(), self.document)


@router.get("", summary="Messages", **guarded(READ))
def list_all(
    caller: Reader, house: HouseOf, wanted: Annotated[Wanted, Depends()], limit: Limit = PAGE, cursor: Cursor = ""
) -> Page[MessageShown]:
    """What came or was sent, the latest first."""
    place = read_cursor(cursor, datetime, str)
    before = (place[0], place[1]) if place else None
    found = list_messages(house.store, caller.tenant, wanted.asked, before, limit + 1)
    kept, following = cut(found, limit, lambda row: [row.created_at.isoformat(), row.entry])
    return Page(data=[_shown(wanted.direction, row) for row in kept], next_cursor=following)


@router.get("/{message}", summary="A message", **guarded(READ, 404))
def get(caller: Reader, house: HouseOf, message: Name) -> MessageOpened:
    """What it says, segment by segment, and what is wrong at each; without people's data for who may only read."""
    return _opened(open_message(house.store, caller, message, house.surroundings_of(caller.tenant).zones))


@router.post(
    "/{message}/replay", summary="Replay a message", response_model=MessageShown, **guarded(WRITE, 400, 404, 409)
)
def replay(caller: Writer, house: HouseOf, message: Name, repeats: RepeatsOf, given: Mended) -> Response:
    """Apply a message that was refused or is kept once more, as it came or corrected; its sender is told."""
    return repeats.answer(caller, lambda: _replayed(house, caller, message, given))


def _replayed(house: House, caller: Caller, message: str, given: Mended) -> MessageShown:
    return _shown("in", replay_message(house.store, caller, APPLIERS, message, given.mended))


def _shown(direction: Way, row: CameMessage | SentMessage) -> MessageShown:
    same = ("message", "document", "function", "reference", "state", "created_at")
    told = {name: getattr(row, name) for name in same}
    return MessageShown(id=name_message(direction, row.entry), direction=direction, partner=row.operator, **told)


def _opened(opened: Opened) -> MessageOpened:
    seen = opened.seen
    return MessageOpened(
        **_shown(opened.direction, opened.row).model_dump(),
        why=list(opened.why),
        says=seen.says,
        lines=[LineShown(line=line.number, text=line.text) for line in seen.lines],
        faults=[_fault(each) for each in seen.found],
        is_hidden=seen.is_hidden,
        may_replay=opened.may_replay,
    )


def _fault(found: Finding) -> FaultShown:
    return FaultShown(
        code=found.code,
        level=found.level,
        field=found.field,
        message=found.message,
        suggestion=found.fix,
        line=found.row or None,
    )

"""Messages: how the exchange with each partner stands, what is stuck or refused, one message, what is open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from entrepost.base.findings import CODES
from entrepost.operations.exchange_records import Came, CameMessage, ExchangeAlarm, Sent, SentMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.looking import Asked, Direction, list_interchanges, list_messages
from entrepost.operations.exchanging.receipts import LINES, REFUSED
from entrepost.operations.message_desk import (
    READ,
    WRITE,
    Standing,
    Watched,
    name_message,
    open_message,
    replay_message,
    watch_messages,
)
from entrepost.operations.reconciling import reconcile_store
from entrepost.web.exchange_shown import KINDS
from entrepost.web.figures import write_instant, write_sentence
from entrepost.web.form import FormOf
from entrepost.web.frame import Room
from entrepost.web.listing import Cell, Listing, heads, with_query
from entrepost.web.reply import PageRoute
from entrepost.web.visit import Visit, change_with, visit_with

ROOM = Room("messages", "Messages", "/messages", READ)
SHOWN, OPEN_SHOWN = 50, 100
VIEWS = {"stuck": "Stuck", "refused": "Refused", "refused-there": "Refused there", "in": "In", "out": "Out"}
STATES = {
    "applied": ("applied", "good"),
    "accepted": ("accepted", "good"),
    "open": ("awaits a receipt", "going"),
    "kept": ("waits", "going"),
    "tested": ("tested", ""),
    "duplicate": ("came before", ""),
    "superseded": ("told anew since", ""),
    "refused": ("refused", "wrong"),
    "dead": ("cannot be sent", "wrong"),
}
"""How messages stand, as people call it, and the tone in which it is said."""

router = APIRouter(include_in_schema=False, route_class=PageRoute)
Reader = Annotated[Visit, Depends(visit_with(READ))]
Writer = Annotated[Visit, Depends(change_with(WRITE))]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which messages are listed, and where the list goes on."""

    view: Annotated[str, Query(max_length=20)] = "stuck"
    partner: Annotated[str, Query(max_length=50)] = ""
    before: Annotated[str, Query(max_length=1_000)] = ""


@router.get(ROOM.path)
def show(visit: Reader, chosen: Annotated[Chosen, Depends()]) -> HTMLResponse:
    """Alarms, partners, and the messages that were asked for; what is stuck unless it is said."""
    view = chosen.view if chosen.view in VIEWS else "stuck"
    watched = watch_messages(visit.store, visit.tenant)
    now = visit.store.clock.now()
    listed = _stuck(watched) if view == "stuck" else _listed(visit, view, chosen)
    oldest = [each.oldest_unanswered_at for each in watched.partners if each.oldest_unanswered_at]
    return visit.page(
        "messages.html.j2",
        ROOM.title,
        ROOM.name,
        watched=watched,
        alarms=[(each, now - each.found_at) for each in watched.alarms],
        glance={name: watched.total(name) for name in ("came", "kept", "refused", "sent", "unanswered")},
        oldest=now - min(oldest) if oldest else None,
        partners=_partners(watched.partners, watched.alarms, now),
        list=listed,
        views=[(name, title, _count(watched, name)) for name, title in VIEWS.items()],
        view=view,
        partner=chosen.partner,
    )


@router.get("/messages/open")
def show_open(visit: Reader) -> HTMLResponse:
    """What is open between operators, by what everybody told: a list of each kind."""
    found = reconcile_store(visit.store, visit.tenant)
    known = _known_items(visit, found)
    parts = [
        (
            code,
            KINDS.get(code, code),
            CODES[code],
            _same_fix(part),
            part.height,
            _open(code, part.head(OPEN_SHOWN).rows(named=True), (known, _same_fix(part))),
        )
        for (code,), part in found.group_by(["code"], maintain_order=True)
    ]
    return visit.page("messages_open.html.j2", "Open between operators", ROOM.name, parts=parts, shown=OPEN_SHOWN)


@router.get("/messages/{name}")
def show_one(visit: Reader, name: str) -> HTMLResponse:
    """One message: what it says, segment by segment with its faults, and as plain JSON."""
    zones = {each.facility: each.time_zone for each in visit.network.facilities}
    opened = open_message(visit.store, visit.caller, name, zones)
    title = f"{opened.row.message or 'Message'} {opened.row.document}".strip()
    return visit.page(
        "message.html.j2",
        title,
        ROOM.name,
        opened=opened,
        state=_state(opened.row.state),
        seen=opened.seen,
        found=opened.seen.found,
        plain=json.dumps(opened.seen.says, ensure_ascii=False, indent=2),
        may_change=visit.caller.may(WRITE),
    )


@router.post("/messages/{name}")
def change(visit: Writer, name: str, form: FormOf) -> RedirectResponse:
    """Apply a message once more, as it came or as it was corrected."""
    mended = form.get("mended") if form.get("do") == "mend" else ""
    row = replay_message(visit.store, visit.caller, APPLIERS, name, mended)
    tone = "wrong" if row.state == REFUSED else "good"
    why = f": {row.why.split(LINES)[0]}" if row.why else ""
    return visit.go(f"/messages/{name}", f"Replayed: {STATES.get(row.state, (row.state, ''))[0]}{why}", tone)


def _count(watched: Watched, view: str) -> int:
    if view == "stuck":
        return len(watched.stuck) + len(watched.waiting)
    return watched.total({"refused": "refused", "refused-there": "refused_by_them", "in": "came", "out": "sent"}[view])


def _partners(standings: Sequence[Standing], alarms: Sequence[ExchangeAlarm], now: datetime) -> Listing:
    odd = {each.operator for each in alarms}
    columns = heads(
        "Partner", "In", "Last heard", "Waiting", "Refused", "Out", "Unanswered", "Refused there", numbers=".n.nnnnn"
    )
    return Listing(
        "partners",
        "Partners, and how the exchange with each stands",
        columns,
        tuple(_partner(each, each.operator in odd, now) for each in standings),
        "No partner yet: load a table of partners with entrepost exchange.",
    )


def _partner(each: Standing, is_odd: bool, now: datetime) -> tuple[Any, ...]:
    def count(number: int, view: str, oldest: datetime | None = None) -> Any:
        note = f"oldest {_ago(now, oldest)}" if number and oldest else ""
        return Cell(f"{number:,}", f"/messages?view={view}&partner={each.operator}", note=note) if number else "0"

    tone = "wrong" if is_odd or each.refused else "going" if each.unanswered or each.kept else "good"
    return (
        Cell(each.operator, note=each.name, tone=tone),
        count(each.came, "in"),
        write_instant(each.last_came_at),
        count(each.kept, "in", each.oldest_kept_at),
        count(each.refused, "refused"),
        count(each.sent, "out"),
        count(each.unanswered, "out", each.oldest_unanswered_at),
        count(each.refused_by_them, "out"),
    )


def _ago(now: datetime, then: datetime) -> str:
    hours = (now - then).total_seconds() / 3600
    return "under 1 h" if hours < 1 else f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} d"


def _stuck(watched: Watched) -> Listing:
    rows = [_interchange(each) for each in watched.stuck] + [_message("in", each) for each in watched.waiting[:SHOWN]]
    empty = "Nothing is stuck: everything that was sent was answered, and everything that came was applied."
    return Listing("messages", "What is stuck", _heads(), tuple(rows), empty)


def _interchange(row: Sent) -> tuple[Any, ...]:
    note = f"{row.messages:,} message{'' if row.messages == 1 else 's'}, tried {row.attempts:,} times"
    text, tone = STATES[row.state]
    return (
        Cell(f"Interchange {row.reference}", note=note),
        row.operator,
        Cell(text, tone=tone),
        write_instant(row.created_at),
        row.answer,
    )


def _strange(visit: Visit, partner: str) -> list[tuple[Any, ...]]:
    """Interchanges that were refused as a whole: not one message of them was taken."""
    found = list_interchanges(visit.store, visit.tenant, "in", [REFUSED])
    rows = [row for row in found[:SHOWN] if isinstance(row, Came) and partner in ("", row.operator)]
    return [
        (
            Cell(f"Interchange {row.reference}".strip(), note="refused as a whole"),
            row.operator or row.sender or "unknown",
            Cell(_state(row.state)[0], tone=_state(row.state)[1]),
            write_instant(row.created_at),
            _why(row.why),
        )
        for row in rows
    ]


def _listed(visit: Visit, view: str, chosen: Chosen) -> Listing:
    direction: Direction = "out" if view in ("out", "refused-there") else "in"
    asked = Asked(direction, (REFUSED,) if view.startswith("refused") else (), chosen.partner)
    place = chosen.before.partition(" ")
    before = (datetime.fromisoformat(place[0]), place[2]) if _is_place(chosen.before) else None
    found = list_messages(visit.store, visit.tenant, asked, before, SHOWN + 1)
    rows = tuple(_message(direction, each) for each in found[:SHOWN])
    if view == "refused" and not chosen.before:
        rows = (*_strange(visit, chosen.partner), *rows)
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    following = with_query(visit.request, before=f"{last.created_at.isoformat()} {last.entry}") if last else ""
    first = with_query(visit.request, before="") if chosen.before else ""
    empty = {
        "refused": "No message was refused.",
        "refused-there": "No partner refused anything.",
        "in": "No message came.",
        "out": "No message was sent.",
    }[view]
    return Listing("messages", f"Messages: {VIEWS[view].lower()}", _heads(), rows, empty, following, first)


def _is_place(before: str) -> bool:
    instant, _, entry = before.partition(" ")
    try:
        return bool(entry) and datetime.fromisoformat(instant).tzinfo is not None
    except ValueError:
        return False


def _heads() -> tuple[Any, ...]:
    return heads("Message", "Partner", "State", "When", "Why")


def _message(direction: Direction, row: CameMessage | SentMessage) -> tuple[Any, ...]:
    title = f"{row.message or 'message'} {row.document}".strip()
    note = "" if row.function == "original" else row.function
    text, tone = _state(row.state)
    return (
        Cell(title, f"/messages/{name_message(direction, row.entry)}", note=note),
        row.operator,
        Cell(text, tone=tone),
        write_instant(row.created_at),
        _why(row.why),
    )


def _why(why: str) -> str:
    """What the first of some reasons means, by its code."""
    first = why.split(LINES, maxsplit=1)[0].split(": ", maxsplit=1)[0]
    return CODES.get(first.rpartition(" ")[2], first)


def _state(state: str) -> tuple[str, str]:
    return STATES.get(state, (state, ""))


def _known_items(visit: Visit, found: pl.DataFrame) -> frozenset[str]:
    """Those of the open items that the account has, so that they have a page."""
    first = found.filter(pl.col("code").str.starts_with("item_")).group_by("code").head(OPEN_SHOWN)
    asked = first.select(tenant=pl.lit(visit.tenant), item_id="subject").unique()
    return frozenset(visit.store.find_items(asked).get_column("item_id").to_list())


def _same_fix(part: pl.DataFrame) -> str:
    """What is to be done, where it is the same for all of them: it is said once."""
    fixes = part.get_column("fix").unique()
    return write_sentence(fixes[0]) if fixes.len() == 1 else ""


def _open(code: str, rows: Sequence[dict[str, Any]], told: tuple[frozenset[str], str]) -> Listing:
    known, said = told
    return Listing(
        code,
        KINDS.get(code, code),
        heads("What", "Since", "Whom to ask", "What is known"),
        tuple(
            (
                Cell(row["subject"], f"/items/{row['subject']}" if row["subject"] in known else "", code=True),
                write_instant(row["since"]),
                Cell(row["ask"], code=True),
                Cell(row["message"], note="" if said else write_sentence(row["fix"])),
            )
            for row in rows
        ),
    )

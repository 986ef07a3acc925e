"""Who takes care of an exception: assigned, noted, closed with a reason, and back when it is not over.

An exception is found anew whenever somebody looks; it is known again by what it is about. What people did about it is
kept by that name, and who did it and when stands in the audit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.desk_records import Care, Note
from entrepost.operations.exceptions import Exceptions
from entrepost.operations.exceptions_found import ITEM_SILENT, STEP_SLOW
from entrepost.operations.people import get_person
from entrepost.operations.records import name_by_time
from entrepost.operations.store import Store

OPEN, CLOSED = "open", "closed"
REASONS = ("answered", "solved", "known", "not an exception", "other")
"""Why an exception is closed."""

LASTING = (ITEM_SILENT, STEP_SLOW)
"""Kinds that are one exception however long they last; of the others each instant of beginning is one of its own."""

TEXT_MAX, NOTES_MAX = 2_000, 200


@dataclass(frozen=True, slots=True)
class Watched:
    """An exception as it is found now (`row`), by its name, with who takes care of it, if anybody does."""

    exception: str
    row: dict[str, Any]
    care: Care | None = None

    @property
    def is_open(self) -> bool:
        """Whether it needs somebody: nobody closed it, or it is more by now than what was closed."""
        care = self.care
        if care is None or care.state == OPEN:
            return True
        grown = self.row["kind"] != STEP_SLOW and self.row["items"] > care.items
        return bool(self.row["since"] > care.changed_at or grown)

    @property
    def assigned_to(self) -> str:
        """Who has it; nobody where it came back."""
        return self.care.assigned_to if self.care else ""


def name_exception(row: dict[str, Any]) -> str:
    """The name by which an exception is known again."""
    about = [row["kind"], row["subject"], row["place"], row["service"] or ""]
    if row["kind"] not in LASTING:
        about.append(row["since"].isoformat())
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:24]


def watch(store: Store, tenant: str, found: Exceptions) -> list[Watched]:
    """The exceptions of an account, what saves most first, each with who takes care of it."""
    cares = {care.exception: care for care in store.records.list_of(Care, tenant)}
    rows = [(name_exception(row), row) for row in found.frame.iter_rows(named=True)]
    return [Watched(name, row, cares.get(name)) for name, row in rows]


def get_watched(store: Store, tenant: str, found: Exceptions, name: str) -> Watched:
    """One of them; raises `MissingRowError` where it is not, or no more."""
    for row in found.frame.iter_rows(named=True):
        if name_exception(row) == name:
            return Watched(name, row, store.records.find(Care, tenant, name))
    raise MissingRowError(f"there is no exception {name} now; it may be over: list them anew")


def items_behind(found: Exceptions, watched: Watched) -> pl.DataFrame:
    """The items of an exception, the least probable first: seller, item_id, since, chance."""
    return found.items.filter(pl.col("number") == watched.row["number"]).select("seller", "item_id", "since", "chance")


def assign(store: Store, by: Caller, watched: Watched, person: str) -> Care:
    """Give an exception to somebody of the account, or to nobody (empty)."""
    email = _find_colleague(store, by.tenant, person) if person else ""
    return _change(store, by, watched, _Changed(OPEN, email, ""), f"assigned to {email or 'nobody'}")


def close(store: Store, by: Caller, watched: Watched, reason: str, text: str = "") -> Care:
    """Close an exception; it comes back when more items are in it, or when it begins anew."""
    if reason not in REASONS:
        raise MisuseError(f"{reason!r} is no reason; give one of {', '.join(REASONS)}")
    if text:
        note(store, by, watched, text)
    return _change(store, by, watched, _Changed(CLOSED, watched.assigned_to, reason), f"closed: {reason}")


def reopen(store: Store, by: Caller, watched: Watched) -> Care:
    """Open an exception again."""
    return _change(store, by, watched, _Changed(OPEN, watched.assigned_to, ""), "opened again")


def note(store: Store, by: Caller, watched: Watched, text: str) -> Note:
    """Note something at an exception."""
    if not text.strip() or len(text) > TEXT_MAX:
        raise MisuseError(f"a note has 1 to {TEXT_MAX:,} characters")
    now = store.clock.now()
    name = f"{watched.exception}-{name_by_time(now)}"
    written = Note(by.tenant, name, watched.exception, text.strip(), by.who, now)
    with store.transaction():
        store.records.put(written)
        write_down(store, by.tenant, by.who, "exception noted", watched.exception, _about(watched))
    return written


def list_notes(store: Store, tenant: str, exception: str) -> list[Note]:
    """What was noted at an exception, in the order of time."""
    found = store.records.list_of(Note, tenant, f"{exception}-", NOTES_MAX)
    return [each for each in found if each.exception == exception]


def _find_colleague(store: Store, tenant: str, person: str) -> str:
    try:
        found = get_person(store, tenant, person)
    except MissingRowError as error:
        raise MisuseError(str(error)) from None
    if found.ended_at is not None:
        raise MisuseError(f"{found.email} does not work in the account any more")
    return found.email


@dataclass(frozen=True, slots=True)
class _Changed:
    state: str
    assigned_to: str
    reason: str


def _change(store: Store, by: Caller, watched: Watched, to: _Changed, said: str) -> Care:
    now: datetime = store.clock.now()
    row = watched.row
    care = Care(
        tenant=by.tenant,
        exception=watched.exception,
        kind=row["kind"],
        subject=row["subject"],
        state=to.state,
        assigned_to=to.assigned_to,
        reason=to.reason,
        changed_by=by.who,
        changed_at=now,
        items=row["items"],
    )
    with store.transaction():
        store.records.put(care)
        write_down(store, by.tenant, by.who, f"exception {said}", watched.exception, _about(watched))
    return care


def _about(watched: Watched) -> str:
    return f"{watched.row['kind']} {watched.row['subject']}"

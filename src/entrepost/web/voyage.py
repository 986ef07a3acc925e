"""The journey of an item as people of the trade see it: a line of stops with times, and its scans as they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepost.mail.event import Event
from entrepost.network.facility import Facility
from entrepost.operations.track import Tracked
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import find_reason

ORDERED, POSTED = "Ordered", "Posted"
"""Where the line of an item begins: at its order, or at its posting where another operator announced it."""

STOPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ORDERED, ()),
    ("Accepted", ("EMA", "EMB", "EXA", "EXB", "EXC", "EXD")),
    ("Left origin", ("EMC", "EMJ", "EMK")),
    ("Arrived", ("EMD", "EDA", "EDB", "EME")),
    ("Cleared", ("EDC", "EMF")),
    ("Near recipient", ("EDD", "EDE", "EMX", "EMG", "EDF", "EDG")),
    ("Delivery tried", ("EMH", "EDH", "EMI")),
)
"""The stops of the line, and the codes of events by which an item comes there."""

AT_HOME = (ORDERED, "Accepted", "Near recipient", "Delivery tried")
"""The stops of an item that crosses no border."""

TONES = {
    **dict.fromkeys(("delivered", "ready_for_pickup"), "good"),
    **dict.fromkeys(("on_hold", "delivery_failed", "returning", "returned", "ended"), "wrong"),
    "pending": "open",
}
"""How a status looks; all others are under way."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop: done, now or open; when it was reached, and how long it took from the one before."""

    name: str
    state: str
    at: datetime | None
    took: timedelta | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One event: when, in the time of the place, what, where, and how long it took to be recorded."""

    time: datetime
    code: str
    what: str
    place: str
    reason: str
    recorded_after: timedelta


def tone_of(status: str) -> str:
    """How a status looks: good, wrong, open or going."""
    return TONES.get(status, "going")


def say_status(status: str, kind: str = "") -> str:
    """A status in words."""
    return status.replace("_", " ").capitalize() + (f": {kind}" if kind else "")


def list_stops(item: Tracked, placed_at: datetime | None) -> tuple[Stop, ...]:
    """The line of an item; a stop that it passed without a scan has no time."""
    stops = [stop for stop in STOPS if item.origin[:2] != item.country or stop[0] in AT_HOME]
    times = [_first(item.events, codes) for _, codes in stops]
    times[0] = placed_at
    furthest = max((place for place, at in enumerate(times) if at), default=0)
    reached = len(stops) - 1 if item.wait_ended_at else furthest
    told, before = [], None
    for place, ((name, _), at) in enumerate(zip(stops, times, strict=True)):
        is_end = place == len(stops) - 1
        state = "open" if place > reached else "now" if place == reached and not is_end else "done"
        told.append(
            Stop(
                POSTED if item.operator and name == ORDERED else name, state, at, at - before if at and before else None
            )
        )
        before = at or before
    return tuple(told)


def list_scans(item: Tracked, places: Mapping[str, Facility]) -> tuple[Scan, ...]:
    """Every event of an item, the newest first."""
    return tuple(_scan(event, places) for event in item.events)


def _first(events: tuple[Event, ...], codes: tuple[str, ...]) -> datetime | None:
    return min((event.time for event in events if event.code in codes), default=None)


def _scan(event: Event, places: Mapping[str, Facility]) -> Scan:
    code, place = find_event_code(event.code), places.get(event.facility or "")
    reason = find_reason(event.reason) if event.reason else None
    where = f"{place.name}, {place.country}" if place else event.facility or ""
    what = code.name if code else "Unknown code"
    words = reason.meaning if reason else event.reason
    return Scan(event.time, event.code, what, where, words, event.recorded_at - event.time)

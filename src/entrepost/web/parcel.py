"""What a recipient sees of an item: one status, a range of days, a line of steps, its scans by country and city."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from entrepost.base.clock import zone
from entrepost.mail.event import Event
from entrepost.network.facility import Facility
from entrepost.operations.track import Tracked
from entrepost.operations.track_eta import Expected
from entrepost.reference.event_code import get_event_code
from entrepost.web.language import Language

STEPS = ("posted", "abroad", "arrived", "delivery", "delivered")
"""The steps that a recipient is shown, in their order."""

WITHIN = ("posted", "delivery", "delivered")
"""The steps of an item that crosses no border, such as one from a warehouse in the recipient's country."""

REACHED = {"origin": "posted", "transit": "abroad", "destination": "arrived", "delivery": "delivery"}
"""The step that an event reaches, by the leg of its code."""

LEFT, HANDED_OVER, CANCELLED = "EMC", "EMI", "EXX"
OUTWARD_ONLY = ("returning", "returned")
GOOD = ("delivered", "ready_for_pickup")
WRONG = ("on_hold", "delivery_failed", "returning", "returned", "ended")
COUNTRY_OF_CODE = re.compile(r"[A-Z]{2}(?=[A-Z0-9]{3})")


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of the line: done, now or open."""

    name: str
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One event, in the time of its place."""

    words: str
    place: str
    day: str
    clock: str
    offset: str
    instant: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """An item in the reader's words; of a number of which nothing is known, only that."""

    number: str
    status: str
    text: str
    tone: str
    way: str = ""
    since: str = ""
    label: str = ""
    days: str = ""
    chance: str = ""
    note: str = ""
    todo: str = ""
    steps: tuple[ShownStep, ...] = ()
    scans: tuple[Scan, ...] = ()
    is_known: bool = True


def unknown_parcel(number: str, language: Language) -> Parcel:
    """What is shown of every number of which nothing may be told, whatever the reason."""
    words = language.words["unknown"]
    return Parcel(number, words["status"], words["text"], "open", is_known=False)


def tell_parcel(
    item: Tracked, expected: Expected | None, language: Language, places: Mapping[str, Facility], now: datetime
) -> Parcel:
    """An item as its recipient sees it.

    Parameters
    ----------
    item : Tracked
        As `track` found it.
    expected : Expected, optional
        Its forecast, where there is one.
    language : Language
        Of the reader.
    places : Mapping
        Facilities by their codes; of others the country is told.
    now : datetime
        The present instant.
    """
    words, state = language.words, item.kind or item.status
    there = zone(item.promise.time_zone if item.promise else "UTC")
    label, days, chance = _range(item, expected, language, there, now)
    is_under_way = state == "pending" or item.since is None
    return Parcel(
        number=item.item_id,
        status=words["status"][state],
        text=words["text"][state],
        tone="good" if item.status in GOOD else "wrong" if item.status in WRONG else "going",
        way=_way(item, language),
        since="" if is_under_way or item.since is None else language.day(item.since.astimezone(there).date()),
        label=label,
        days=days,
        chance=chance,
        note=_note(item, expected, language, now),
        todo=_todo(item, language),
        steps=_steps(item, language),
        scans=tuple(_scan(event, language, places) for event in item.events),
    )


def _way(item: Tracked, language: Language) -> str:
    origin = COUNTRY_OF_CODE.match(item.origin)
    names = {"origin": language.country(origin[0] if origin else item.origin[:2])}
    return language.say("parcel", "way", destination=language.country(item.country), **names)


def _range(
    item: Tracked, expected: Expected | None, language: Language, there: tzinfo, now: datetime
) -> tuple[str, str, str]:
    """What stands large: when it was delivered, or when it comes, and how sure that is."""
    words, promise = language.words["parcel"], item.promise
    if item.wait_ended_at is not None:
        day = item.wait_ended_at.astimezone(there).date()
        return words["delivered" if item.status == "delivered" else "attempted"], language.day(day), ""
    if expected is not None:
        return words["expected"], *_days(expected.from_, expected.to, expected.probability, language)
    if promise is None or promise.to is None or promise.to < now or item.status in (*OUTWARD_ONLY, "ended"):
        return "", "", ""
    return words["promised"], *_days(promise.from_, promise.to, promise.probability or 0.0, language)


def _days(from_: datetime | None, to: datetime, probability: float, language: Language) -> tuple[str, str]:
    last: date = to.date()
    days = language.days(from_.date(), last) if from_ else language.say("parcel", "by", day=language.day(last))
    chance = language.percent(probability) if probability else ""
    return days, language.say("parcel", "chance", chance=chance) if chance else ""


def _note(item: Tracked, expected: Expected | None, language: Language, now: datetime) -> str:
    """That a promise will not be kept, or was not."""
    promised = item.promise.to if item.promise else None
    if promised is None or item.wait_ended_at is not None or item.status in (*OUTWARD_ONLY, "ended"):
        return ""
    day = language.day(promised.date())
    if expected is not None:
        return language.say("parcel", "later", day=day) if expected.to.date() > promised.date() else ""
    return language.say("parcel", "overdue", day=day) if promised < now else ""


def _todo(item: Tracked, language: Language) -> str:
    if not item.action_required:
        return ""
    words: dict[str, str] = language.words["todo"]
    return words.get(item.reason, words[item.action_required])


def _steps(item: Tracked, language: Language) -> tuple[ShownStep, ...]:
    names = WITHIN if item.origin[:2] == item.country else STEPS
    reached = max((_place(names, event) for event in item.events), default=-1)
    over = item.status == "delivered"
    return tuple(
        ShownStep(name, language.words["steps"][name], _state(place, len(names) - 1 if over else reached, over))
        for place, name in enumerate(names)
    )


def _place(names: tuple[str, ...], event: Event) -> int:
    """How far on the line an event brings its item; -1: not onto it."""
    if event.code == CANCELLED:
        return -1
    if event.code == HANDED_OVER:
        return len(names) - 1
    step = "abroad" if event.code == LEFT else REACHED[get_event_code(event.code).leg]
    return names.index(step) if step in names else 0


def _state(place: int, reached: int, over: bool) -> str:
    if place < reached or (over and place == reached):
        return "done"
    return "now" if place == reached else "open"


def _scan(event: Event, language: Language, places: Mapping[str, Facility]) -> Scan:
    return Scan(
        words=language.words["events"][event.code],
        place=_where(event.facility or "", language, places),
        day=language.short_day(event.time.date()),
        clock=language.clock(event.time.time()),
        offset=_offset(event.time.utcoffset() or timedelta()),
        instant=event.time.isoformat(timespec="minutes"),
    )


def _where(code: str, language: Language, places: Mapping[str, Facility]) -> str:
    """City and country of a facility; of one that is not known the country, where its code tells it."""
    if code in places:
        return f"{places[code].city}, {language.country(places[code].country)}"
    found = COUNTRY_OF_CODE.match(code)
    name = language.country(found[0]) if found else ""
    return "" if found and name == found[0] else name


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")

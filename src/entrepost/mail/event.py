"""A fact about an item: a code, the instant with the offset of the place, and when it became known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code, list_errors
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import find_reason

CODE_UNKNOWN = finding_code("event_code_unknown", "An event has a code that nobody knows; its item keeps its status.")
ITEM_MISSING = finding_code("event_item_missing", "An event does not say which item it is about.")
TIME_MALFORMED = finding_code("event_time_malformed", "The instant of an event cannot be read.")
TIME_ZONELESS = finding_code("event_time_zoneless", "The instant of an event has neither offset nor zone.")
TIME_FUTURE = finding_code("event_time_future", "An event is said to happen more than a day from now.")
REASON_UNKNOWN = finding_code("event_reason_unknown", "An event has a reason that nobody knows.")

FUTURE_HOURS = 24
EARLIEST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `time` keeps the offset of the place where it happened."""

    item_id: str
    code: str
    time: datetime
    recorded_at: datetime
    facility: str = ""
    reason: str = ""
    tenant: str = "main"

    def __post_init__(self) -> None:
        if self.time.tzinfo is None or self.recorded_at.tzinfo is None:
            raise MisuseError(f"event {self.code} of {self.item_id}: its instants need a zone, such as +08:00")

    @property
    def minute(self) -> tuple[str, str, str, str, datetime]:
        """What two reports of the same fact have in common: item, code, facility, time to the minute."""
        minute = self.time.astimezone(UTC).replace(second=0, microsecond=0)
        return self.tenant, self.item_id, self.code, self.facility, minute


def parse_event(cells: Mapping[str, str], now: datetime) -> Event:
    """Read an event from text cells named as the columns of `events`.

    Raises
    ------
    MisuseError
        Where `check_event` finds an error; its message is the first of them.
    """
    errors = list_errors(check_event(cells, now))
    if errors:
        raise MisuseError(str(errors[0]))
    recorded = _cell(cells, "recorded_at")
    return Event(
        item_id=_cell(cells, "item_id"),
        code=_cell(cells, "code"),
        time=datetime.fromisoformat(_cell(cells, "time")),
        recorded_at=datetime.fromisoformat(recorded) if recorded else now,
        facility=_cell(cells, "facility"),
        reason=_cell(cells, "reason"),
        tenant=_cell(cells, "tenant") or "main",
    )


def check_event(cells: Mapping[str, str], now: datetime, row: int = 0) -> list[Finding]:
    """What is wrong with an event of text cells, as it is known at the instant `now`."""
    item, code, reason = _cell(cells, "item_id"), _cell(cells, "code"), _cell(cells, "reason")
    subject = item or "event"
    findings = []
    if not item:
        findings.append(Finding(ITEM_MISSING, "item_id", "the item is empty", subject, row, "name the item"))
    if find_event_code(code) is None:
        fix = "map the carrier's code to one of EMSEVT, such as EMI"
        findings.append(Finding(CODE_UNKNOWN, "code", f"{code!r} is not known", subject, row, fix))
    if reason and find_reason(reason) is None:
        fix = "map it to a mnemonic such as ABSENT"
        findings.append(Finding(REASON_UNKNOWN, "reason", f"{reason!r} is not known", subject, row, fix, "warning"))
    findings += _check_time(_cell(cells, "time"), "time", now, subject, row)
    if recorded := _cell(cells, "recorded_at"):
        findings += _check_time(recorded, "recorded_at", now, subject, row)
    return findings


def sift_events(rows: Iterable[Mapping[str, str]], now: datetime) -> tuple[list[Event], list[Finding]]:
    """Read many events; a bad one gives findings and loses no other. Rows count from 1."""
    events: list[Event] = []
    findings: list[Finding] = []
    for number, cells in enumerate(rows, start=1):
        found = check_event(cells, now, number)
        findings += found
        if not list_errors(found):
            events.append(parse_event(cells, now))
    return events, findings


def _check_time(text: str, field: str, now: datetime, subject: str, row: int) -> list[Finding]:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        fix = "write it like 2026-03-31T07:53:47+09:00"
        return [Finding(TIME_MALFORMED, field, f"{text!r} is not an instant", subject, row, fix)]
    if time.tzinfo is None:
        return [Finding(TIME_ZONELESS, field, f"{text!r} has no offset", subject, row, "add that of the place")]
    if time.year < EARLIEST_YEAR:
        return [Finding(TIME_MALFORMED, field, f"{text!r} is before {EARLIEST_YEAR}", subject, row, "correct the date")]
    if time > now + timedelta(hours=FUTURE_HOURS):
        return [Finding(TIME_FUTURE, field, f"{text!r} is in the future", subject, row, "correct the date")]
    return []


def _cell(cells: Mapping[str, str], name: str) -> str:
    return (cells.get(name) or "").strip()

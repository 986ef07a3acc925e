"""The status of an item: one table says what each event makes of it, and a fold goes through its events.

The status that is shown has twelve values, `ended` with a kind beside it. Which stage an event opens, what
happens after delivery or after an end, and that an unknown code changes nothing follows our working rules
for the UPU's events (EMSEVT V3). It deviates in one place: after *released by import customs* (EDC) an item
is in transit again, because the one question that *at customs* answers is whether it still waits there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from entrepost.base.rule import rule
from entrepost.mail.event import Event
from entrepost.reference.event_code import EventCode, find_event_code, list_event_codes
from entrepost.reference.reason import ReasonClass, reason_class_of


class Status(IntEnum):
    """Where an item stands; the last five are shown as `ended`, with the kind of the end."""

    PENDING = 0
    ACCEPTED = 1
    IN_TRANSIT = 2
    AT_CUSTOMS = 3
    ON_HOLD = 4
    OUT_FOR_DELIVERY = 5
    READY_FOR_PICKUP = 6
    DELIVERY_FAILED = 7
    DELIVERED = 8
    RETURNING = 9
    RETURNED = 10
    ENDED = 11
    ENDED_CANCELLED = 12
    ENDED_LOST = 13
    ENDED_SEIZED = 14
    ENDED_DESTROYED = 15

    @property
    def shown(self) -> str:
        """The status as it is seen outside: one of twelve words."""
        return "ended" if self >= Status.ENDED else self.name.lower()

    @property
    def kind(self) -> str:
        """How it ended: cancelled, lost, seized, destroyed; empty where it has not, or nobody said how."""
        return self.name.lower().partition("ended_")[2]


class Anomaly(IntEnum):
    """Why an event does not fit the status that it meets."""

    NONE = 0
    AFTER_DELIVERY = 1
    AFTER_END = 2
    SEEN_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Step:
    """What an event makes of a status, and whether something is odd about it."""

    status: Status
    anomaly: Anomaly = Anomaly.NONE


@dataclass(frozen=True, slots=True)
class State:
    """What an item's events add up to.

    `reason` is why it stands where it stands, `since` when it came there, `wait_ended_at` when delivery was
    first tried or the item lay ready for pick-up.
    """

    status: Status = Status.PENDING
    reason: str = ""
    since: datetime | None = None
    last_event_at: datetime | None = None
    wait_ended_at: datetime | None = None
    events: int = 0
    anomalies: int = 0

    @property
    def action_required(self) -> str:
        """Who has to do something for the item to go on: addressee, sender, or nobody (empty)."""
        return ACTORS[action_required(self.status, reason_class_of(self.reason))]


ACTORS = ("", "addressee", "sender")
"""Who must act, by the number that the rule `action_required` gives."""

STEADY = (Status.DELIVERED, Status.RETURNING, *(status for status in Status if status >= Status.RETURNED))
"""Statuses that keep their reason and their day while events leave them as they are."""

OPENED = {
    **dict.fromkeys(("EMA",), Status.ACCEPTED),
    **dict.fromkeys(
        ("EMB", "EXC", "EMC", "EMJ", "EMK", "EMD", "EDC", "EMF", "EDD", "EDE", "EMX", "EMG"), Status.IN_TRANSIT
    ),
    **dict.fromkeys(("EXA", "EXB", "EDA", "EDB", "EME"), Status.AT_CUSTOMS),
    **dict.fromkeys(("EXD", "EDF"), Status.ON_HOLD),
    "EDG": Status.OUT_FOR_DELIVERY,
    "EDH": Status.READY_FOR_PICKUP,
    "EMH": Status.DELIVERY_FAILED,
    "EMI": Status.DELIVERED,
    "EXX": Status.ENDED_CANCELLED,
    "EDX": Status.ENDED,
}
"""The status that an event opens where nothing else is known."""

ENDS = {
    ReasonClass.SEIZED: Status.ENDED_SEIZED,
    ReasonClass.DESTROYED: Status.ENDED_DESTROYED,
    ReasonClass.LOST: Status.ENDED_LOST,
}
OUTWARD = ("EMA", "EMB", "EMC")
"""Events of an item on its way out; after a failed delivery they say that it is on its way back."""


def _step(status: Status, code: EventCode, reason: ReasonClass) -> Step:
    """One cell of the table, in the order in which the exceptions go before the ordinary."""
    if status in (Status.DELIVERED, Status.RETURNED):
        odd = code.code in ("EMH", "EDX", "EMI")
        return Step(status, Anomaly.AFTER_DELIVERY if odd else Anomaly.NONE)
    if status == Status.ENDED_CANCELLED:
        return _after_cancelling(code)
    if status in (Status.ENDED, Status.ENDED_SEIZED, Status.ENDED_DESTROYED):
        return _after_end(status, code, reason)
    if status == Status.ENDED_LOST:
        found = _ordinary(Status.IN_TRANSIT, code, reason)
        if found >= Status.ENDED:
            return Step(status if found == Status.ENDED else found)
        return Step(found, Anomaly.SEEN_AGAIN)
    if status == Status.RETURNING:
        return Step(_on_the_way_back(code, reason))
    return Step(_ordinary(status, code, reason))


def _ordinary(status: Status, code: EventCode, reason: ReasonClass) -> Status:
    if code.carries and reason in ENDS:
        return ENDS[reason]
    if code.code in ("EMH", "EDX") and reason == ReasonClass.RETURN:
        return Status.RETURNING
    if code.code == "EDX" and reason in (ReasonClass.ADDRESSEE, ReasonClass.SENDER):
        return Status.RETURNING
    if code.carries == "retention" and reason in (ReasonClass.ADDRESSEE, ReasonClass.SENDER):
        return Status.ON_HOLD
    if status in (Status.DELIVERY_FAILED, Status.READY_FOR_PICKUP) and code.code in OUTWARD:
        return Status.RETURNING
    return OPENED[code.code]


def _on_the_way_back(code: EventCode, reason: ReasonClass) -> Status:
    if code.carries and reason in ENDS:
        return ENDS[reason]
    return {"EMI": Status.RETURNED, "EXX": Status.ENDED_CANCELLED}.get(code.code, Status.RETURNING)


def _after_cancelling(code: EventCode) -> Step:
    if code.code in ("EMA", "EMB"):
        return Step(OPENED[code.code])
    return Step(Status.ENDED_CANCELLED, Anomaly.NONE if code.code == "EXX" else Anomaly.AFTER_END)


def _after_end(status: Status, code: EventCode, reason: ReasonClass) -> Step:
    if code.code == "EDX":
        told = _ordinary(Status.IN_TRANSIT, code, reason)
        return Step(status if told == Status.ENDED or (told == Status.RETURNING and status != Status.ENDED) else told)
    if status == Status.ENDED and code.code in OUTWARD:
        return Step(Status.RETURNING)
    return Step(status, Anomaly.AFTER_END)


TRANSITIONS: dict[tuple[Status, str, ReasonClass], Step] = {
    (status, code.code, reason): _step(status, code, reason)
    for status in Status
    for code in list_event_codes()
    for reason in ReasonClass
}
"""What every event makes of every status, for every class of reason: there is no pair without an answer."""

EVENTS = len(list_event_codes())
REASONS = len(ReasonClass)
STATUS_TABLE = bytes(step.status for step in TRANSITIONS.values())
ANOMALY_TABLE = bytes(step.anomaly for step in TRANSITIONS.values())


@rule(status=(0, len(Status) - 1), event=(0, EVENTS - 1), reason_class=(0, REASONS - 1))
def status_step(status: int, event: int, reason_class: int) -> int:
    """The status after an event (by its index) with a reason of that class."""
    return STATUS_TABLE[(status * EVENTS + event) * REASONS + reason_class]


@rule(status=(0, len(Status) - 1), event=(0, EVENTS - 1), reason_class=(0, REASONS - 1))
def status_anomaly(status: int, event: int, reason_class: int) -> int:
    """What is odd about an event that meets that status; 0 where nothing is."""
    return ANOMALY_TABLE[(status * EVENTS + event) * REASONS + reason_class]


@rule(status=(0, len(Status) - 1), reason_class=(0, REASONS - 1))
def action_required(status: int, reason_class: int) -> int:
    """Who must act for the item to go on: 0 nobody, 1 the addressee, 2 the sender."""
    if status == Status.READY_FOR_PICKUP:
        return 1
    if status not in (Status.ON_HOLD, Status.DELIVERY_FAILED):
        return 0
    if reason_class == ReasonClass.ADDRESSEE:
        return 1
    if reason_class == ReasonClass.SENDER:
        return 2
    return 0


def fold(events: Iterable[Event]) -> State:
    """What the events of one item add up to.

    Parameters
    ----------
    events : iterable of Event
        Of one item, in the order in which they arrived; repeated ones count once, unknown codes not at all.
    """
    state = State()
    seen = set()
    known = [event for event in events if find_event_code(event.code)]
    for event in sorted(known, key=_order):
        if event.minute not in seen:
            seen.add(event.minute)
            state = advance(state, event)
    return state


def advance(state: State, event: Event) -> State:
    """The state after one more event, which must not be older than the last."""
    code = find_event_code(event.code)
    if code is None:
        return state
    reason = reason_class_of(event.reason)
    status = Status(status_step(state.status, code.index, reason))
    steady = status == state.status and status in STEADY
    waited = code.ends_wait and state.status not in (Status.RETURNING, Status.RETURNED)
    return State(
        status=status,
        reason=state.reason if steady else event.reason,
        since=state.since if status == state.status and state.since else event.time,
        last_event_at=event.time,
        wait_ended_at=state.wait_ended_at or (event.time if waited else None),
        events=state.events + 1,
        anomalies=state.anomalies + (status_anomaly(state.status, code.index, reason) > 0),
    )


def _order(event: Event) -> tuple[datetime, int]:
    code = find_event_code(event.code)
    return event.time.astimezone(UTC), code.index if code else -1

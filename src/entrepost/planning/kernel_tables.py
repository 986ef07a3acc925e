"""The shapes of what the simulation's kernel reads and writes: NumPy records and padded tables."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WORK, RIDE, CLEAR, DELIVER, PASS = range(5)
"""Kinds of step; PASS takes no time and only sends its scan."""

CODES = (
    *("EMA", "EMB", "EXA", "EXB", "EXC", "EXX", "EMC", "EMJ", "EMK", "EMD"),
    *("EDB", "EME", "EDC", "EMF", "EDX", "EMG", "EDG", "EMI", "EMH", "EDH"),
)
"""Event codes (EMSEVT) in the order in which an item passes them; the kernel knows their numbers."""

EMG, EDG, EMI, EMH, EDH = (CODES.index(code) for code in ("EMG", "EDG", "EMI", "EMH", "EDH"))
NO_CODE = -1

REASONS = ("", "ABSENT", "EXAMINATION", "SECURITY_SCREENING", "NO_DECLARATION", "AWAITING_PAYMENT", "PROHIBITED")
"""Mnemonics of retention and non-delivery; the kernel knows their numbers, 0 is none."""

ABSENT = REASONS.index("ABSENT")
PROHIBITED = REASONS.index("PROHIBITED")

ITEM = np.dtype(
    [
        ("key", "u8"),
        ("start", "i4"),  # index on the timeline
        ("placed", "i8"),  # microseconds since 1970
        ("until", "i8"),  # microseconds since 1970, after which nothing is sent
        ("weight_g", "i8"),
        ("regime", "i4"),
        ("first", "i4"),  # its steps are stops[first:last]
        ("last", "i4"),
        ("room", "i8"),  # its events stand in the log from here
    ]
)

STEP = np.dtype(
    [
        ("kind", "i1"),
        ("key", "u8"),  # of the step and its place, for draws
        ("shared", "u8"),  # of the facility or the country, whose days are slow
        ("place", "i4"),  # row of the scan tables
        ("hours", "i4"),  # row of the calendars
        ("odds", "i4"),  # first of the distributions: regimes x variants
        ("variants", "i4"),
        ("lost", "f8"),
        ("first", "i4"),  # channels or boardings [first:last]
        ("last", "i4"),
        ("queue", "i4"),  # row of the queues; -1: no limit
        ("sends", "i1"),  # code when done, or at departure
        ("then", "i1"),  # code right after, or at arrival
        ("then_place", "i4"),
        ("held", "i1"),
        ("refused", "i1"),
        ("failed", "f8"),
        ("pickup", "f8"),
    ]
)

CHANNEL = np.dtype(
    [
        ("upto", "f8"),  # cumulated share
        ("held", "i1"),  # reason of being held; 0: not held
        ("refused", "?"),
        ("hours", "i4"),
        ("odds", "i4"),
        ("variants", "i4"),
    ]
)

RUN = np.dtype(
    [
        ("key", "u8"),  # of the dated departure
        ("leaves", "i4"),
        ("free_g", "i8"),
        ("late", "i4"),
        ("offloaded", "?"),
    ]
)

BOARDING = np.dtype(
    [
        ("cutoff", "i4"),
        ("run", "i4"),
        ("odds", "i4"),
        ("once", "f8"),  # shares that miss one or two departures
        ("twice", "f8"),
    ]
)


class Calendars(NamedTuple):
    """Open hours, a row for each place; `before` is `journey.calendars.Hours.count`, the others are as there."""

    before: NDArray[np.int32]
    done: NDArray[np.int32]
    reopens: NDArray[np.int32]
    variant: NDArray[np.int32]
    round_of: NDArray[np.int32]
    round_from: NDArray[np.int32]
    round_to: NDArray[np.int32]


class Queues(NamedTuple):
    """What each limited facility has finished in each open hour, and the first open hour with room."""

    limit: NDArray[np.int32]
    used: NDArray[np.int32]
    room: NDArray[np.int32]


class Odds(NamedTuple):
    """Discretised durations one after the other, cumulated: number `n` is cumulated[first[n]:first[n + 1]]."""

    first: NDArray[np.int64]
    cumulated: NDArray[np.float64]


class Chances(NamedTuple):
    """A world's probabilities, and the scans' by place (row) and code (column)."""

    seed: np.uint64
    first_hour: int
    facility_slow: float
    country_slow: float
    slow_factor: float
    capacities: bool
    missed: float  # negative: as the folder says
    unscanned: NDArray[np.float64]
    report_hours: NDArray[np.float64]


EVENT = np.dtype(
    [("time", "i8"), ("recorded", "i8"), ("item", "i4"), ("place", "i4"), ("code", "i1"), ("reason", "i1")]
)


class Log(NamedTuple):
    """Events as they are sent: of each item, how many were sent and when the last one happened."""

    events: NDArray[Any]
    sent: NDArray[np.int32]
    latest: NDArray[np.int64]


class Course(NamedTuple):
    """What items go through."""

    items: NDArray[Any]
    stops: NDArray[np.int32]
    steps: NDArray[Any]
    channels: NDArray[Any]
    boardings: NDArray[Any]
    runs: NDArray[Any]
    calendars: Calendars
    queues: Queues
    odds: Odds
    chances: Chances
    log: Log

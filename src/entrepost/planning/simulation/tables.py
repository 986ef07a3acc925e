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

EMG, EDG, EMI, EMH, EDH = (np.int8(CODES.index(code)) for code in ("EMG", "EDG", "EMI", "EMH", "EDH"))
NO_CODE = np.int8(-1)

REASONS = ("", "ABSENT", "EXAMINATION", "SECURITY_SCREENING", "NO_DECLARATION", "AWAITING_PAYMENT", "PROHIBITED")
"""Mnemonics of retention and non-delivery; the kernel knows their numbers, 0 is none."""

NONE, ABSENT, PROHIBITED = (np.int8(REASONS.index(reason)) for reason in ("", "ABSENT", "PROHIBITED"))

ITEM = np.dtype(
    [
        ("key", "u8"),
        ("drawn", "u8"),  # of the item and the step it stands at, for draws
        ("latest", "i8"),  # microseconds since 1970 of its last scan, at first of the order
        ("until", "i8"),  # microseconds since 1970, after which nothing is sent
        ("weight_g", "i8"),
        ("item", "i4"),
        ("start", "i4"),  # index on the timeline
        ("regime", "i4"),
        ("at", "i4"),  # its steps that are left are stops[at:last]
        ("last", "i4"),
    ],
    align=True,
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
    ],
    align=True,
)

CHANNEL = np.dtype(
    [
        ("upto", "f8"),  # cumulated share
        ("held", "i1"),  # reason of being held; 0: not held
        ("refused", "?"),
        ("hours", "i4"),
        ("odds", "i4"),
        ("variants", "i4"),
    ],
    align=True,
)

RUN = np.dtype(
    [
        ("key", "u8"),  # of the dated departure
        ("leaves", "i4"),
        ("free_g", "i8"),
        ("late", "i4"),
        ("offloaded", "?"),
    ],
    align=True,
)

BOARDING = np.dtype(
    [
        ("cutoff", "i4"),
        ("run", "i4"),
        ("odds", "i4"),
        ("once", "f8"),  # shares that miss one or two departures
        ("twice", "f8"),
    ],
    align=True,
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
    """A world's probabilities."""

    seed: np.uint64
    first_hour: int
    facility_slow: float
    country_slow: float
    slow_factor: float
    capacities: bool
    missed: float  # negative: as the folder says


EVENT = np.dtype(
    [("time", "i8"), ("recorded", "i8"), ("item", "i4"), ("place", "i4"), ("code", "i1"), ("reason", "i1")], align=True
)


class Log(NamedTuple):
    """Scans as they are sent, and by place (row) and code (column) how probably they are not."""

    events: NDArray[Any]
    sent: NDArray[np.int64]  # one number: how many they are
    first_hour: int
    unscanned: NDArray[np.float64]
    report_hours: NDArray[np.float64]  # the mean delay of each place's reports


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

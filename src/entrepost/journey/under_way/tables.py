"""The shapes of what the filter reads: the stages of journeys as records, calendars and durations as tables.

A *stage* is a part of a journey that ends with a milestone: something that a scan tells, unless it is missed.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

compiled = partial(nb.njit, cache=True, nogil=True, _nrt=False)
"""Compiles a function that makes no array, without counting who holds those of a tuple of tables: that costs more."""

PASS, WORK, DEPART, TRAVEL, CLEAR = range(5)
"""Kinds of stage; PASS takes no time."""

NONE = -1

STAGE = np.dtype(
    [
        *[("kind", "i1"), ("code", "i1"), ("also", "i1")],  # the codes that tell of its end; -1: none
        *[("place", "i4"), ("scan", "i4")],  # where; the row of `lags` of these codes there
        *[("held", "i4"), ("refused", "i4")],  # rows of `lags` of a clearance that holds, and refuses
        *[("calendar", "i4"), ("odds", "i4"), ("variants", "i4")],
        *[("first", "i4"), ("last", "i4")],  # channels, or runs
        ("lost", "f8"),
    ],
    align=True,
)
CHANNEL = np.dtype(
    [
        *[("share", "f8"), ("held", "i1"), ("refused", "i1")],  # held: the number of the reason it gives, 0: none
        *[("calendar", "i4"), ("odds", "i4"), ("variants", "i4")],
    ],
    align=True,
)
RUN = np.dtype([("cutoff", "i4"), ("leaves", "i4"), ("odds", "i4"), ("once", "f8"), ("twice", "f8")], align=True)
LAST_MILE = np.dtype(
    [
        *[("calendar", "i4"), ("odds", "i4"), ("variants", "i4")],
        *[("office", "i4"), ("round", "i4"), ("attempt", "i4"), ("place", "i4")],  # rows of `lags`; the office
        ("lost", "f8"),
    ],
    align=True,
)


class Course(NamedTuple):
    """Everything about journeys that does not depend on items; hours are indices of a timeline.

    Path `p`, a service on a route, has the stages `first[p]` to `first[p + 1]` up to its last mile. A duration
    has a distribution for each regime and variant (slow days) of its calendar: number
    ``odds + regime * variants + variant``. `lags[scan, lag]` is the probability that a
    milestone of so many hours ago is not known of yet.
    """

    first: NDArray[np.int64]
    stages: NDArray[Any]
    channels: NDArray[Any]
    runs: NDArray[Any]
    last_miles: NDArray[Any]
    before: NDArray[np.int32]  # calendars x hours, as `Hours.count` and so on
    done: NDArray[np.int32]
    reopens: NDArray[np.int32]
    variant: NDArray[np.int32]
    round_of: NDArray[np.int32]
    round_from: NDArray[np.int32]
    round_to: NDArray[np.int32]
    odds_first: NDArray[np.int64]
    odds: NDArray[np.float64]
    upto: NDArray[np.float64]
    slice_hours: NDArray[np.int32]  # durations x slices, as `discretise.slices` has them
    slice_shares: NDArray[np.float64]
    lags: NDArray[np.float64]
    regimes: NDArray[np.float64]  # their shares


class Task(NamedTuple):
    """What a follower of one item must know: the regime, the present, and what customs said.

    `until`: hours after it are of no interest; `held_stage`: the row of
    the clearance that is known to hold the item since `held_hour` for `held_reason`; -1: none.
    """

    regime: int
    now: int
    until: int
    held_stage: int
    held_hour: int
    held_reason: int


class Room(NamedTuple):
    """Where a follower writes; everything is zero between two calls.

    `rows`: two rows of hours; `part`, `refused` and `opened`: what goes through a channel, comes back from one,
    and is under way in open hours; `runs`: what leaves with each run; `cells`: what is lost, sent back, beyond
    the timeline, then what is in each stage at present.
    """

    rows: NDArray[np.float64]
    part: NDArray[np.float64]
    refused: NDArray[np.float64]
    opened: NDArray[np.float64]
    runs: NDArray[np.float64]
    cells: NDArray[np.float64]


LOST, RETURNED, BEYOND, STANDS = range(4)
"""Cells of a room: from `STANDS` on, where an item is by now, stage by stage."""

MOST_STAGES = 32


def make_room(course: Course) -> Room:
    """An empty room for journeys of a course."""
    hours = course.before.shape[1] + 1
    part, refused, opened = np.zeros((3, hours))
    return Room(np.zeros((2, hours)), part, refused, opened, np.zeros(course.runs.size), np.zeros(MOST_STAGES + STANDS))

"""From events to spells: how long each item was in each step, as far as scans say.

A *spell* is the stay of an item in one step, in the step's own hours (open hours where it has a
calendar), completed or still under way; a *gap* lies between two scans with none of what must have
been between.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.stages import (
    LEG_RUN,
    STAGE,
    StageTables,
)

UNKNOWN = -1
EDC, EXB, EME, EXX, EDX, EDG, EMI, EMH, EDH, EMF, EXC, EMG = 14, 15, 16, 17, 18, 19, 11, 12, 13, 9, 3, 10
HELD_EXPORT, HELD_IMPORT, REFUSED_EXPORT, REFUSED_IMPORT, ROUND, FAILED, FAILED_LAST, DONE, READY, BACK = range(10)
EXTRAS = 10
LOST_HOURS = 45 * 24
"""An item of which nothing was heard for so long is lost; by sea it may be silent for a voyage longer."""

ENDS_AS = np.arange(21)
"""The code of the stage that each code ends: cleared as out of customs, attempted as delivered."""
ENDS_AS[EDC], ENDS_AS[EMH], ENDS_AS[EDH] = EMF, EMI, EMI

COMPLETED, UNDER_WAY, LOST = 1, 0, 2
SPELL = np.dtype(
    [
        *[(name, np.int32) for name in ("item", "step", "begun", "ended")],
        *[("hours", np.float32), ("weight", np.float32), ("outcome", np.int8), ("first", np.bool_)],
    ]
)
GAP = np.dtype([(name, np.int32) for name in ("item", "after", "until", "begun", "ended")])
MISSED = np.dtype([(name, np.int32) for name in ("mode", "missed", "left")])
SILENT = np.dtype([(name, np.int64) for name in ("spell", "count", "row", "held")])
"""Spells of items of which nothing more was heard: from which on, how many candidates, their stage, whether held."""

RETURNED = np.dtype([(name, np.int64) for name in ("spell", "row", "last")])
"""Items that were sent back: the spell that may have ended so (-1: none), its stage, and where its journey ends."""


class Stages(NamedTuple):
    """The stages of all journeys end to end; `first[j]` to `first[j + 1]` are those of journey `j`."""

    first: NDArray[np.int64]
    rows: NDArray[Any]
    leg_first: NDArray[np.int64]
    runs: NDArray[Any]
    opened: NDArray[np.int32]
    slow: NDArray[np.float64]
    calendar: NDArray[np.int32]  # of each step; -1: none
    held: NDArray[np.int8]  # of each step: the reason that it gives, 0: none
    refused: NDArray[np.bool_]
    countries: NDArray[np.int32]  # of each place, and -1 for unknown ones at the end


class Scans(NamedTuple):
    """For each item its journey and the hour of each stage's end; -1 where it was not scanned."""

    journey: NDArray[np.int32]
    hours: NDArray[np.int32]
    extras: NDArray[np.int32]
    reason: NDArray[np.int8]
    last: NDArray[np.int32]


class Spells(NamedTuple):
    """Everything that the scans of a history say: spells, gaps, missed departures, and how many were out of order.

    `silent` and `returned` tell of spells that no scan ended. None is out of order after `leave_out`.
    """

    spells: NDArray[Any]
    gaps: NDArray[Any]
    missed: NDArray[Any]
    silent: NDArray[Any]
    returned: NDArray[Any]
    backwards: int
    before_acceptance: int


def pack_stages(tables: StageTables) -> Stages:
    """The stages as records."""
    sizes = [len(each) for each in tables.journeys]
    rows = [row for each in tables.journeys for row in each]
    hours = tables.timeline.hours
    return Stages(
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        rows=np.array(rows, dtype=STAGE),
        leg_first=np.concatenate([[0], np.cumsum([leg.size for leg in tables.legs])]).astype(np.int64),
        runs=np.concatenate([*tables.legs, np.empty(0, dtype=LEG_RUN)]),
        opened=np.array(tables.counts, dtype=np.int32).reshape(-1, hours + 1),
        slow=np.array(tables.slow, dtype=np.float64).reshape(-1, hours + 1),
        calendar=np.array([step.calendar for step in tables.steps], dtype=np.int32),
        held=np.array([step.held for step in tables.steps], dtype=np.int8),
        refused=np.array([step.refused for step in tables.steps], dtype=np.bool_),
        countries=tables.number_countries(),
    )


class Events(NamedTuple):
    """Events as arrays: the number of the item, of the code and of the place, the hour, the reason."""

    item: NDArray[np.uint32]
    code: NDArray[np.uint8]
    place: NDArray[np.int32]
    hour: NDArray[np.int32]
    reason: NDArray[np.int8]


@nb.njit(cache=True)
def read_scans(events: Events, scans: Scans, stages: Stages) -> int:
    """Write each scan where it belongs; of several the earliest, so that order and repetition do not matter.

    How many scans say once more that a stage has ended, as one before did with the same code.
    """
    again = 0
    for event in range(events.item.size):
        who, code, when = events.item[event], events.code[event], events.hour[event]
        scans.last[who] = max(scans.last[who], when)
        extra = extra_of(code)
        if extra >= 0:
            again += code == EMI and scans.extras[who, extra] >= 0
            keep_earliest(scans.extras, who, extra, when)
        if extra == FAILED:
            scans.extras[who, FAILED_LAST] = max(scans.extras[who, FAILED_LAST], when)
        if 0 <= extra <= HELD_IMPORT:
            scans.reason[who, extra] = max(scans.reason[who, extra], events.reason[event])
        first, last = stages.first[scans.journey[who]], stages.first[scans.journey[who] + 1]
        row = find_stage(stages, (first, last), ENDS_AS[code], events.place[event])
        if row >= 0:
            again += (code < EMF or code == EMG) and scans.hours[who, row - first + 1] >= 0
            keep_earliest(scans.hours, who, row - first + 1, when)
    return again


@nb.njit(cache=True)
def keep_earliest(hours: NDArray[np.int32], row: int, column: int, hour: int) -> None:
    """Write an hour down, unless an earlier one stands there."""
    if hours[row, column] < 0 or hour < hours[row, column]:
        hours[row, column] = hour


@nb.njit(cache=True)
def leave_out(scans: Scans, stages: Stages) -> tuple[int, int]:
    """Leave out scans that lie before one that they must follow: as few as make the rest of an item ascend.

    How many were left out, and how many of all scans lie before the order was placed.
    """
    out, early = 0, 0
    for item in range(scans.journey.size):
        size = stages.first[scans.journey[item] + 1] - stages.first[scans.journey[item]]
        hours = scans.hours[item, : size + 1]
        latest, ascends = -1, True
        for hour in hours:
            if hour >= 0:
                ascends = ascends and hour >= latest
                latest = max(latest, hour)
                early += hour < hours[0]
        if not ascends:
            out += _keep_ascending(hours)
    return out, early


@nb.njit(cache=True)
def _keep_ascending(hours: NDArray[np.int32]) -> int:
    """Keep the longest ascending part, of equal ones that with the first milestones; how many others there were."""
    length, before = np.zeros(hours.size, dtype=np.int64), np.full(hours.size, -1)
    for slot in range(hours.size):
        if hours[slot] < 0:
            continue
        length[slot] = 1
        for other in range(slot):
            if 0 <= hours[other] <= hours[slot] and length[other] >= length[slot]:
                length[slot], before[slot] = length[other] + 1, other
    kept, at = np.zeros(hours.size, dtype=np.bool_), int(np.argmax(length))
    while at >= 0:
        kept[at] = True
        at = before[at]
    out = 0
    for slot in range(hours.size):
        if hours[slot] >= 0 and not kept[slot]:
            hours[slot] = UNKNOWN
            out += 1
    return out


@nb.njit(cache=True)
def find_stage(stages: Stages, span: tuple[int, int], code: int, place: int) -> int:
    """The stage that a scan ends: by code and place, or by its code where only one has it; -1 for none."""
    found, only = -1, -1
    for row in range(span[0], span[1]):
        if stages.rows[row]["code"] != code:
            continue
        only = row if only == -1 else -2
        if stages.rows[row]["place"] == place:
            found = row
    return found if found >= 0 else max(only, -1)


@nb.njit(cache=True)
def extra_of(code: int) -> int:
    """Where a scan is kept that ends no stage, or tells more of one; -1 for every other."""
    if code == EXB:
        return HELD_EXPORT
    if code == EME:
        return HELD_IMPORT
    if code == EXX:
        return REFUSED_EXPORT
    if code == EDX:
        return REFUSED_IMPORT
    if code == EDG:
        return ROUND
    if code == EMH:
        return FAILED
    if code == EMI:
        return DONE
    return READY if code == EDH else -1


@nb.njit(cache=True)
def count_attempts(scans: Scans, stages: Stages, steps: int) -> NDArray[np.int64]:
    """Of each last mile: delivery attempts, failed ones, items that were brought, and those laid ready at once."""
    found = np.zeros((steps, 4), dtype=np.int64)
    for item in range(scans.journey.size):
        last = stages.first[scans.journey[item] + 1]
        if last == stages.first[scans.journey[item]]:
            continue
        failed, ready, done = scans.extras[item, FAILED], scans.extras[item, READY], scans.extras[item, DONE]
        if failed < 0 and ready < 0 and done < 0:
            continue
        row = found[stages.rows[last - 2]["first"]]
        twice = failed >= 0 and scans.extras[item, FAILED_LAST] > failed
        failures = 0 if failed < 0 else 2 if twice else 1
        row[0] += failures + (1 if done >= 0 and ready < 0 else 0)
        row[1] += failures
        row[2] += 1
        row[3] += ready >= 0 and failures == 0
    return found

"""What lies before items, followed once for all that share it: the rest of a path, and the way on from each run.

Everything that a follower does to probabilities is linear. So who is aboard a run of the last ride arrives with the
others aboard, whatever each went through before; that is followed once and added up by how probably each is aboard.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.under_way.push import SMALL, add_up, clear_room, join_small, make_task, walk
from entrepost.journey.under_way.tables import (
    DEPART,
    MOST_STAGES,
    NONE,
    STANDS,
    Course,
    Room,
    Task,
    compiled,
    make_room,
)

ROOM = 1 << 22
"""So many probabilities are kept of what was followed; when that is full, it begins anew."""

USUAL = 1 << 8
"""A way has about so many hours at which one may be cleared: ways and hours get room in this proportion."""


class Onward(NamedTuple):
    """Ways from runs of the last ride to being cleared: computed when first needed, then known.

    `depart` is the row of each path's last departure (-1: none), `group` which `kept` are its: by regime and run
    the number of a row of `entries` (where its hours begin in `hours` and `shares`, and where they end) and of
    `cells`, -1 while it was not followed. `used` counts entries and hours.
    """

    depart: NDArray[np.int32]
    group: NDArray[np.int32]
    kept: NDArray[np.int32]
    entries: NDArray[np.int64]
    cells: NDArray[np.float64]
    hours: NDArray[np.int32]
    shares: NDArray[np.float64]
    used: NDArray[np.int64]
    room: Room


def number_rests(course: Course, states: NDArray[Any]) -> NDArray[np.int32]:
    """For each record of path and slot a number of the stages that lie before it; equal where those are.

    What has no stage left is numbered by how far it is.
    """
    pairs, which = np.unique(states["path"].astype(np.int64) * MOST_STAGES + states["slot"], return_inverse=True)
    numbers: dict[bytes, int] = {}
    found = np.empty(pairs.size, dtype=np.int32)
    for row, pair in enumerate(pairs.tolist()):
        path, slot = divmod(pair, MOST_STAGES)
        first, last = int(course.first[path]), int(course.first[path + 1])
        ahead = course.stages[first + slot : last].tobytes() or bytes(max(slot - (last - first), 0) + 1)
        found[row] = numbers.setdefault(ahead, len(numbers))
    return found[which]


def make_onward(course: Course, paths: NDArray[np.int32], room: int = ROOM) -> Onward:
    """Nothing known yet of the ways on of some paths, with room for so many probabilities."""
    depart = np.full(course.first.size - 1, -1, dtype=np.int32)
    group = np.full(depart.size, -1, dtype=np.int32)
    for path in paths:
        first, last = course.first[path], course.first[path + 1]
        departures = np.flatnonzero(course.stages["kind"][first:last] == DEPART)
        if departures.size:
            depart[path] = first + departures[-1]
    rides = paths[depart[paths] >= 0]
    asked = np.empty(rides.size, dtype=[("path", "i4"), ("slot", "i4")])
    asked["path"], asked["slot"] = rides, depart[rides] - course.first[rides]
    group[rides] = number_rests(course, asked)
    stages = course.stages[depart[rides]]
    most = int((stages["last"] - stages["first"]).max(initial=0))
    size = (int(group.max(initial=-1)) + 1, course.regimes.size, most)
    return Onward(
        depart=depart,
        group=group,
        kept=np.full(size, -1, dtype=np.int32),
        entries=np.empty((max(room // USUAL, 1), 2), dtype=np.int64),
        cells=np.empty((max(room // USUAL, 1), MOST_STAGES + STANDS)),
        hours=np.empty(room, dtype=np.int32),
        shares=np.empty(room),
        used=np.zeros(2, dtype=np.int64),
        room=make_room(course),
    )


def list_followed(course: Course, onward: Onward) -> NDArray[np.int64]:
    """Of each way that is known a path that takes it, the regime and the run."""
    paths = np.full(onward.kept.shape[0], -1, dtype=np.int64)
    rides = np.flatnonzero(onward.group >= 0)
    paths[onward.group[rides]] = rides
    group, regime, number = np.nonzero(onward.kept >= 0)
    begins = course.stages["first"][onward.depart[paths[group]]]
    return np.column_stack([paths[group], regime, begins + number])


def list_coming(course: Course, onward: Onward, now: int, hours: int) -> NDArray[np.int64]:
    """The same of all ways from runs that leave within so many hours."""
    rides = np.flatnonzero(onward.group >= 0)
    _, first = np.unique(onward.group[rides], return_index=True)
    found = [np.empty((0, 3), dtype=np.int64)]
    for path in rides[first]:
        stage = course.stages[onward.depart[path]]
        leaves = course.runs["leaves"][stage["first"] : stage["last"]]
        runs = stage["first"] + np.flatnonzero((leaves > now) & (leaves <= now + hours))
        for regime in range(course.regimes.size):
            found.append(np.column_stack([np.full(runs.size, path), np.full(runs.size, regime), runs]))
    return np.concatenate(found)


@compiled()
def follow_ahead(course: Course, onward: Onward, now: int, wanted: Any) -> None:
    """Follow ways before anybody asks for them; `wanted` as `list_followed` gives it."""
    for row in range(wanted.shape[0]):
        path, regime, run = wanted[row]
        task = make_task(regime, now, course.before.shape[1] - 1, (NONE, NONE, NONE))
        _find(course, onward, task, path, run)


@compiled()
def follow_runs(
    course: Course, onward: Onward, room: Room, task: Task, at: tuple[int, int, int, int], line: Any
) -> tuple[int, int]:
    """Add to a line when those are cleared who are aboard the runs of the room, and to its cells who is where.

    `at`: the path, the slot at which the item's way began, and the runs' span.
    """
    path, slot, begin, end = at
    low, high = line.size, 0
    offset = onward.depart[path] + 1 - course.first[path] - slot
    join_runs(course, room, task, (begin, end))
    for run in range(begin, end):
        p = room.runs[run]
        room.runs[run] = 0.0
        if p <= 0.0:
            continue
        entry = _find(course, onward, task, path, run)
        begins, ends = onward.entries[entry]
        for index in range(begins, ends):
            line[onward.hours[index]] += p * onward.shares[index]
        cells = onward.cells[entry]
        for cell in range(STANDS):
            room.cells[cell] += p * cells[cell]
        for cell in range(STANDS, cells.size - offset):
            room.cells[cell + offset] += p * cells[cell]
        if begins < ends:
            low, high = min(low, onward.hours[begins]), max(high, onward.hours[ends - 1] + 1)
    return min(low, high), high


@compiled()
def join_runs(course: Course, room: Room, task: Task, runs: tuple[int, int]) -> None:
    """Let what is improbable beside the whole go with a later run, of those that left and that will by themselves."""
    whole = 0.0
    for run in range(runs[0], runs[1]):
        whole += room.runs[run]
    for part in range(2):
        waiting, last, kept = 0.0, -1, -1
        for run in range(runs[0], runs[1]):
            if room.runs[run] == 0.0 or (course.runs[run]["leaves"] > task.now) != (part == 1):
                continue
            waiting += room.runs[run]
            room.runs[run] = 0.0
            last = run
            if waiting >= SMALL * whole:
                room.runs[run] = waiting
                waiting, kept = 0.0, run
        if waiting > 0.0:
            room.runs[last if kept < 0 else kept] += waiting


@compiled()
def _find(course: Course, onward: Onward, task: Task, path: int, run: int) -> int:
    """The entry of a run's way on; it is followed if it was not."""
    begin = onward.depart[path]
    group, number = onward.group[path], run - course.stages[begin]["first"]
    if onward.kept[group, task.regime, number] >= 0:
        return int(onward.kept[group, task.regime, number])
    room = onward.room
    room.runs[run] = 1.0
    way = (begin + 1, course.first[path + 1], np.int64(0))
    row, span, _ = walk(course, room, task, way, (np.int64(0), np.int64(run), np.int64(run + 1)))  # type: ignore[arg-type]
    low, high = span[0], max(span[0], span[1])
    whole, _ = add_up(room.rows[row], (low, high), task.now)
    high = join_small(course, task, room.rows[row], (low, high), whole)[1]
    if onward.used[0] == onward.entries.shape[0] or onward.used[1] + high - low > onward.shares.size:
        onward.kept[:] = -1
        onward.used[:] = 0
    entry, where = onward.used[0], onward.used[1]
    onward.entries[entry, 0] = where
    for hour in range(low, high):
        if room.rows[row, hour] != 0.0:
            onward.hours[where], onward.shares[where] = hour, room.rows[row, hour]
            where += 1
    onward.entries[entry, 1] = where
    for cell in range(room.cells.size):
        onward.cells[entry, cell] = room.cells[cell]
    onward.used[0], onward.used[1] = entry + 1, where
    onward.kept[group, task.regime, number] = entry
    clear_room(room, row, (low, high))
    return int(entry)

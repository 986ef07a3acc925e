"""From the scans of each item to its milestones: in an order that can be, with what cannot be set aside, compiled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.arrive import WIDTH
from entrepost.journey.under_way.push import clear_room, follow, last_run, make_task
from entrepost.journey.under_way.tables import CLEAR, MOST_STAGES, TRAVEL, WORK, Course, Room, compiled

UNKNOWN = -1
ENDED, BACKWARD, EARLY = 1, 2, 4
"""Flags of an item: its wait or its journey is over; a clock ran backwards; scanned before it was ordered."""

SETTLED_HOURS = 72
"""A milestone counts as missed or seen when a later one is known since so long."""

EMG, EDG, EXB, EME = (CODES.index(code) for code in ("EMG", "EDG", "EXB", "EME"))
OVER = np.array([code in ("EMI", "EMH", "EDH", "EXX", "EDX") for code in (*CODES, "other")])
NEVER = -(1 << 30)


class Scans(NamedTuple):
    """The scans item by item: those of item `i` are `first[i]` to `first[i + 1]`; hours are indices of the timeline.

    `told`: the hour by which it was recorded; `reason`: the number of a retention's reason.
    """

    first: NDArray[np.int64]
    code: NDArray[np.uint8]
    place: NDArray[np.int32]
    hour: NDArray[np.int32]
    told: NDArray[np.int32]
    reason: NDArray[np.int8]


class Milestones(NamedTuple):
    """Of each item the hour of each milestone (`UNKNOWN`: not heard of), its last one, holds, and flags.

    `hours[i, 0]` is when it was ordered, `hours[i, s]` when the `s`-th stage of its path was done; three more
    are the office, the round, and the attempt. `passed` and `seen` count, by stage and code, milestones that
    lie between others, and those of them that were scanned.
    """

    hours: NDArray[np.int32]
    slot: NDArray[np.int32]
    held: NDArray[np.int32]  # items x (stage, hour, reason)
    flags: NDArray[np.uint8]
    passed: NDArray[np.int64]
    seen: NDArray[np.int64]


def empty_milestones(items: int, slots: int, course: Course) -> Milestones:
    """Nothing known of so many items."""
    size = course.stages.size + course.last_miles.size
    return Milestones(
        hours=np.full((items, slots), UNKNOWN, dtype=np.int32),
        slot=np.full(items, UNKNOWN, dtype=np.int32),
        held=np.full((items, 3), UNKNOWN, dtype=np.int32),
        flags=np.zeros(items, dtype=np.uint8),
        passed=np.zeros(size, dtype=np.int64),
        seen=np.zeros((size, 2), dtype=np.int64),
    )


@nb.njit(cache=True, nogil=True)
def read_milestones(
    course: Course, scans: Scans, paths: NDArray[Any], placed: NDArray[np.int32], now: int, out: Milestones
) -> None:
    """Read the scans of all items; `paths` are records of path and last mile (-1: not known)."""
    told = np.full((MOST_STAGES, 3), NEVER, dtype=np.int32)
    for item in range(paths.size):
        path = paths[item]["path"]
        first, last = (course.first[path], course.first[path + 1]) if path >= 0 else (0, 0)
        slots = last - first + WIDTH
        hours = out.hours[item]
        told[: slots + 1] = NEVER
        hours[: slots + 1] = NEVER
        hours[0] = placed[item]
        told[0, 0] = placed[item]
        for event in range(scans.first[item], scans.first[item + 1]):
            if OVER[scans.code[event]]:
                out.flags[item] |= ENDED
            _write(course, scans, event, (first, last), (hours, told, out.held[item]))
        out.flags[item] |= settle(hours[: slots + 1], told[: slots + 1, 0], now)
        for slot in range(slots + 1):
            if hours[slot] != NEVER:
                out.slot[item] = slot
        held = out.held[item]
        if held[0] >= 0 and first + out.slot[item] > held[0]:
            held[:] = UNKNOWN
        _count(course, (first, last, now, paths[item]["mile"]), (hours, told), out)


@compiled()
def _write(course: Course, scans: Scans, event: int, span: tuple[int, int], kept: tuple[Any, Any, Any]) -> None:
    """Write a scan where it belongs: of several alike the earliest, of delivery rounds the latest."""
    hours, told, held = kept
    code, hour, slots = scans.code[event], scans.hour[event], span[1] - span[0]
    row = find_stage(course, span, code, scans.place[event])
    if code in (EXB, EME):
        row = _write_hold(course, scans, event, span, held)
        if row < 0:
            return
    slot = row - span[0] + 1 if row >= 0 else -1
    if code == EMG and slots > 0:
        slot = slots + 1
    elif code == EDG and slots > 0:
        slot = slots + 2
    if slot < 0:
        return
    which = 2 if row >= 0 and course.stages[row]["also"] == code else 1
    told[slot, which] = hour
    later = hour > hours[slot] if code == EDG else hour < hours[slot]
    if hours[slot] == NEVER or later:
        hours[slot], told[slot, 0] = hour, scans.told[event]


@compiled()
def _write_hold(course: Course, scans: Scans, event: int, span: tuple[int, int], held: Any) -> int:
    """Note which clearance holds an item; where none does by the network, the stage before it was done by then."""
    for number in range(span[0], span[1]):
        abroad = number == span[1] - 1
        if course.stages[number]["kind"] != CLEAR or abroad != (scans.code[event] == EME):
            continue
        holds = False
        for channel in range(course.stages[number]["first"], course.stages[number]["last"]):
            holds = holds or course.channels[channel]["held"] > 0
        if not holds:
            return number - 1 if number > span[0] else -1
        if number > held[0] or scans.hour[event] < held[1]:
            held[0], held[1], held[2] = number, scans.hour[event], scans.reason[event]
    return -1


@compiled()
def find_stage(course: Course, span: tuple[int, int], code: int, place: int) -> int:
    """The stage whose end a scan tells: by code and place, or by its code where only one has it; -1: none."""
    found, only = -1, -1
    for row in range(span[0], span[1]):
        if course.stages[row]["code"] == code or course.stages[row]["also"] == code:
            only = row if only == -1 else -2
            if course.stages[row]["place"] == place:
                found = row
    return found if found >= 0 else max(only, -1)


@nb.njit(cache=True, nogil=True)
def settle(hours: NDArray[np.int32], told: NDArray[np.int32], now: int) -> int:
    """Keep the longest sequence of milestones whose hours do not decrease, of several the one that reaches furthest.

    What is further along the route than it was scanned, but by a clock that cannot be right, was there when it
    was recorded at the latest: that is taken as its hour. Others that do not fit are set aside.
    """
    before, ordered, early = NEVER, True, False
    for slot in range(hours.size):
        if hours[slot] != NEVER:
            ordered = ordered and hours[slot] >= before
            early = early or (slot > 0 and hours[0] != NEVER and hours[slot] < hours[0])
            before = hours[slot]
    if ordered:
        return 0
    length, previous = np.zeros(hours.size, np.int64), np.full(hours.size, -1)
    best = -1
    for slot in range(hours.size):
        if hours[slot] == NEVER:
            continue
        length[slot] = 1
        for earlier in range(slot):
            if hours[earlier] != NEVER and hours[earlier] <= hours[slot] and length[earlier] + 1 >= length[slot]:
                length[slot], previous[slot] = length[earlier] + 1, earlier
        if best < 0 or length[slot] >= length[best]:
            best = slot
    kept, last = np.zeros(hours.size, np.bool_), best
    while best >= 0:
        kept[best] = True
        best = previous[best]
    reached = hours[last]
    for slot in range(hours.size):
        if hours[slot] == NEVER or kept[slot]:
            continue
        hours[slot] = max(reached, min(told[slot], now)) if slot > last else NEVER
        reached = hours[slot] if slot > last else reached
    return EARLY if early else BACKWARD


@compiled()
def _count(course: Course, at: tuple[int, int, int, int], kept: tuple[Any, Any], out: Milestones) -> None:
    """Count which milestones that must have been passed were scanned."""
    (first, last, now, mile), (hours, told) = at, kept
    later = False
    for slot in range(last - first + 2, 0, -1):
        if later and (slot <= last - first or mile >= 0):
            row = first + slot - 1 if slot <= last - first else course.stages.size + mile
            if slot > last - first or course.stages[row]["code"] >= 0:
                out.passed[row] += 1
                out.seen[row, 0] += told[slot, 1] != NEVER
                out.seen[row, 1] += told[slot, 2] != NEVER
        later = later or (hours[slot] != NEVER and hours[slot] < now - SETTLED_HOURS)


@compiled()
def weigh_regimes(
    course: Course, room: Room, paths: NDArray[Any], known: tuple[Any, Any, int], likely: NDArray[np.float64]
) -> None:
    """How probable the history of each item makes each regime: by how long what it went through took."""
    hours, held, now = known
    for item in range(paths.size):
        path, mile = paths[item]["path"], paths[item]["mile"]
        for regime in range(course.regimes.size):
            likely[item, regime] = course.regimes[regime]
        if path < 0 or mile < 0 or course.regimes.size == 1:
            continue
        first, slots = course.first[path], course.first[path + 1] - course.first[path]
        begin = -1
        for slot in range(slots + 2):
            if hours[item, slot] < 0:
                continue
            if begin >= 0:
                way = (first + begin, first + min(slot, slots), begin)
                span = (np.int64(hours[item, begin]), np.int64(hours[item, slot]))
                _weigh(course, room, (way, span, mile, slot > slots), (now, held[item]), likely[item])
            begin = slot


@compiled()
def _weigh(course: Course, room: Room, between: tuple[Any, Any, int, bool], seen: tuple[int, Any], likely: Any) -> None:
    """Weigh the regimes by how probable each makes the time between two milestones."""
    (way, (begun, ended), mile, to_office), (now, held) = between, seen
    whole = 0.0
    for regime in range(likely.size):
        if way[1] - way[0] == 1 and not to_office and course.stages[way[0]]["kind"] in (WORK, TRAVEL):
            likely[regime] *= pass_at(course, course.stages[way[0]], regime, (begun, ended)) + LEAST_LIKELY
            whole += likely[regime]
            continue
        task = make_task(regime, now, ended, held)
        row, low, high = follow(course, room, task, way, begun)
        p = room.rows[row, ended]
        if to_office:
            p = 0.0
            last = course.last_miles[mile]
            for hour in range(low, min(high, ended + 1)):
                number = last["odds"] + regime * last["variants"] + course.variant[last["calendar"], hour]
                at = course.odds_first[number] + ended - hour
                p += room.rows[row, hour] * course.odds[at] if at < course.odds_first[number + 1] else 0.0
        clear_room(room, row, (low, high))
        likely[regime] *= p + LEAST_LIKELY
        whole += likely[regime]
    for regime in range(likely.size):
        likely[regime] /= whole


@compiled()
def pass_at(course: Course, stage: Any, regime: int, span: tuple[int, int]) -> float:
    """How probable it is that work or travel begun at an hour is done at another."""
    begun, ended = span
    if stage["kind"] == TRAVEL:
        run = last_run(course, stage, begun)
        number, hours = course.runs[run]["odds"] + regime, ended - begun
        begin = course.odds_first[number]
        return course.odds[begin + hours] if hours < course.odds_first[number + 1] - begin else 0.0
    calendar = stage["calendar"]
    number = stage["odds"] + regime * stage["variants"] + course.variant[calendar, begun]
    begin, before = course.odds_first[number], course.before[calendar]
    p = course.odds[begin] if course.reopens[calendar, begun] == ended else 0.0
    hours = before[ended] - before[begun]
    if ended > begun and before[ended] > before[ended - 1] and hours < course.odds_first[number + 1] - begin:
        p += course.odds[begin + hours]
    return p


LEAST_LIKELY = 1e-6
"""No time that something took makes a regime impossible."""

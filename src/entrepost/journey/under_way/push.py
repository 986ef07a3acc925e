"""Push the probabilities of one item through stages, as far as it was not heard of, in one regime.

What passes a milestone before the present without a word is weighed by how probable that is: the scan was
missed, or is not reported yet. So what is left after a stage is a joint probability, of being there and of
the silence. What is improbable beside the rest is joined with what comes a little later, as the engine does
it, but never across the present; an item that did something improbable as a whole is followed like others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.under_way.tables import (
    BEYOND,
    CLEAR,
    DEPART,
    LOST,
    RETURNED,
    STANDS,
    TRAVEL,
    WORK,
    Course,
    Room,
    Task,
    compiled,
)

Span = tuple[int, int]
"""The first hour in use and the one behind the last."""

Line = NDArray[np.float64]
"""Probabilities by hour."""

NOWHERE = (1 << 30, 0)

SMALL = 1e-4
"""At no hour is a greater share than this late, in any stage."""

FINE = 2e-4
"""A share smaller than this is spread over a dozen slices of a duration, each at its mean."""

LATE_HOURS = 30 * 24
"""A run leaves at most so many hours after its cutoff."""


@compiled()
def follow(course: Course, room: Room, task: Task, way: tuple[int, int, int], hour: int) -> tuple[int, int, int]:
    """From an hour at which the stage `way[0]` begins through all before `way[1]`; `way[2]` is the first one's slot.

    Returns the row of the room in which the hours of arrival stand, and their span.
    """
    row, span, runs = walk(course, room, task, way, (hour, 0, 0))
    if runs[0] < runs[1]:
        span = _leave(course, room, task, runs, row)
    return row, span[0], max(span[0], span[1])


@compiled()
def walk(
    course: Course, room: Room, task: Task, way: tuple[int, int, int], start: tuple[int, int, int]
) -> tuple[int, Span, Span]:
    """Through stages from an hour, or from the runs `start[1]` to `start[2]` with what is aboard in the room.

    Returns the row, the span, and the runs that are left with where the last stage is a departure.
    """
    row, hour, runs = 0, start[0], (start[1], start[2])
    span = (hour, hour + 1)
    if runs[0] >= runs[1]:
        room.rows[0, hour] = 1.0
    for number in range(way[0], way[1]):
        stage, cell = course.stages[number], STANDS + way[2] + number - way[0]
        if stage["kind"] == DEPART:
            runs = _board(course, room, task, stage, (row, span[0], span[1], cell))
            continue
        if stage["kind"] == TRAVEL:
            known = -1
            if number == way[0] and start[1] >= start[2]:
                known, runs = hour, (last_run(course, stage, hour), last_run(course, stage, hour) + 1)
                room.runs[runs[0]], room.rows[row, hour] = 1.0, 0.0
            row, span = _travel(course, room, task, stage, (row, known, cell, runs[0], runs[1]))
            runs = (0, 0)
        else:
            row, span = _pass(course, room, task, number, (row, span[0], span[1], cell))
    return row, span, runs


@compiled()
def make_task(regime: int, now: int, until: int, held: Any) -> Task:
    """A task of one kind of integers, so that all is compiled once."""
    one, two, three = np.int64(held[0]), np.int64(held[1]), np.int64(held[2])
    return Task(np.int64(regime), np.int64(now), np.int64(until), one, two, three)  # type: ignore[arg-type]


@compiled()
def clear_room(room: Room, row: int, span: Span) -> None:
    """Leave the room as it was found."""
    room.rows[row, span[0] : span[1]] = 0.0
    room.cells[:] = 0.0


@compiled()
def unheard(course: Course, scan: int, lag: int) -> float:
    """How probable it is that a milestone of so many hours ago is not known of; certain if it lies ahead."""
    if lag < 0 or scan < 0:
        return 1.0
    return float(course.lags[scan, min(lag, course.lags.shape[1] - 1)])


@compiled()
def _pass(course: Course, room: Room, task: Task, number: int, at: tuple[int, int, int, int]) -> tuple[int, Span]:
    """Through work, a clearance, or a stage that takes no time."""
    stage, (row, low, high, cell) = course.stages[number], at
    here, there, kept = room.rows[row], room.rows[1 - row], 1.0 - stage["lost"]
    entered, inside = add_up(here, (low, high), task.now)
    fine, high = join_small(course, task, here, (low, high), entered)
    if stage["kind"] == WORK:
        span = _spread(course, task, (stage, kept, fine), (here, there, room.opened), (low, high))
    elif stage["kind"] == CLEAR:
        span, entered, inside = _clear(course, room, task, (number, fine), (row, low, high))
    else:
        span = (low, min(high, task.until + 1))
        _add(there[low : span[1]], 1.0, here[low : span[1]])
    here[low:high] = 0.0
    passed, gone = add_up(there, span, task.now)
    room.cells[LOST] += entered * stage["lost"]
    room.cells[BEYOND] += max(entered * kept - passed, 0.0)
    room.cells[cell] += max(inside * kept - gone, 0.0)
    _weigh(course, task, stage["scan"], there, span)
    return 1 - row, span


@compiled()
def join_small(course: Course, task: Task, line: Line, span: Span, whole: float) -> tuple[float, int]:
    """Let what is improbable beside the whole wait for a later hour, on either side of the present by itself.

    What is left at the end is put where the last before it was, so that lines end. Returns below what a share is
    fine, and where the line ends now. Where a density is asked for, up to an hour, nothing is joined.
    """
    if task.until < course.before.shape[1] - 1:
        return 0.0, span[1]
    end = span[0]
    for part in range(2):
        low, high = (span[0], min(span[1], task.now + 1)) if part == 0 else (max(span[0], task.now + 1), span[1])
        waiting, last, kept = 0.0, -1, -1
        for t in range(low, high):
            if line[t] == 0.0:
                continue
            waiting += line[t]
            line[t] = 0.0
            last = t
            if waiting >= SMALL * whole:
                line[t] = waiting
                waiting, kept = 0.0, t
        if waiting > 0.0:
            kept = last if kept < 0 else kept
            line[kept] += waiting
        end = max(end, kept + 1)
    return FINE * whole, end


@compiled()
def add_up(line: Line, span: Span, now: int) -> tuple[float, float]:
    """All of a line, and what of it is not after the present."""
    whole, until = 0.0, 0.0
    for t in range(span[0], span[1]):
        whole += line[t]
        if t <= now:
            until += line[t]
    return whole, until


@compiled()
def _weigh(course: Course, task: Task, scan: int, line: Line, span: Span) -> None:
    """Weigh what is done by now by how probable it is that nobody told of it."""
    if scan >= 0:
        for t in range(span[0], min(span[1], task.now + 1)):
            line[t] *= unheard(course, scan, task.now - t)


@compiled()
def _spread(
    course: Course, task: Task, timed: tuple[Any, float, float], lines: tuple[Line, Line, Line], within: Span
) -> Span:
    """Work of whole open hours that a share of a line begins; adds it to another, and returns where."""
    (which, share, fine), (here, there, opened) = timed, lines
    calendar, hours = which["calendar"], course.before.shape[1] - 1
    before, done, until = course.before[calendar], course.done[calendar], min(task.until, hours - 1)
    most, span, low, high = before[until], NOWHERE, hours, 0
    for t in range(within[0], min(within[1], hours)):
        p = here[t] * share
        if p <= 0.0:
            continue
        number = which["odds"] + task.regime * which["variants"] + course.variant[calendar, t]
        begin, base, reopens = course.odds_first[number], before[t], course.reopens[calendar, t]
        if course.odds[begin] > 0.0 and reopens <= until:
            there[reopens] += p * course.odds[begin]
            span = (min(span[0], reopens), max(span[1], reopens + 1))
        top = max(min(course.odds_first[number + 1] - begin - 1, most - base), 0)
        if here[t] < fine:
            _add_slices(opened[base : base + top], p, course.slice_hours[number], course.slice_shares[number])
        else:
            _add(opened[base : base + top], p, course.odds[begin + 1 : begin + 1 + top])
        low, high = min(low, base), max(high, base + top)
    for index in range(low, high):
        there[done[index]] += opened[index]
        opened[index] = 0.0
    if low < high:
        span = (min(span[0], done[low]), max(span[1], done[high - 1] + 1))
    return span


@compiled()
def _add_slices(total: Any, p: float, hours: Any, shares: Any) -> None:
    """Add a share in slices but for what takes no time; `total` begins with one hour."""
    for index in range(hours.size):
        if 0 < hours[index] <= total.size:
            total[hours[index] - 1] += p * shares[index]


@compiled(fastmath=True)
def _add(total: Any, factor: float, values: Any) -> None:
    for index in range(total.size):
        total[index] += factor * values[index]


@compiled()
def _clear(
    course: Course, room: Room, task: Task, which: tuple[int, float], at: tuple[int, int, int]
) -> tuple[Span, float, float]:
    """A clearance by all channels that fit what was scanned; also what entered those that let through."""
    (number, fine), (row, low, high) = which, at
    stage = course.stages[number]
    known, exact = task.held_stage == number, False
    for index in range(stage["first"], stage["last"]):
        exact = exact or (known and course.channels[index]["held"] == task.held_reason)
    span, entered, inside = NOWHERE, 0.0, 0.0
    for loose in range(3):
        for index in range(stage["first"], stage["last"]):
            channel = course.channels[index]
            if known and (channel["held"] == 0 or (exact and channel["held"] != task.held_reason)):
                continue
            _fit(course, room, task, (stage["held"], channel, known, loose), (row, low, high))
            whole, by_now = add_up(room.part, (low, high), task.now)
            if channel["refused"]:
                _refuse(course, room, task, (stage["refused"], channel, fine), (low, high))
            else:
                lines = (room.part, room.rows[1 - row], room.opened)
                found = _spread(course, task, (channel, channel["share"], fine), lines, (low, high))
                span = (min(span[0], found[0]), max(span[1], found[1]))
                entered += whole * channel["share"]
                inside += by_now * channel["share"]
            room.part[low:high] = 0.0
        if not known or entered > 0.0:
            break
    return span, entered, inside


@compiled()
def _fit(course: Course, room: Room, task: Task, via: tuple[int, Any, bool, int], at: tuple[int, int, int]) -> None:
    """Copy what enters a channel, weighed by how it fits: a known hold begins when customs reopen."""
    (held, channel, known, loose), (row, low, high) = via, at
    for t in range(low, high):
        opens = course.reopens[channel["calendar"], t]
        fits = 1.0
        if known:
            before = loose == 1 and t <= task.held_hour
            fits = 1.0 if before or loose == 2 or opens == task.held_hour else 0.0
        elif channel["held"] > 0:
            fits = unheard(course, held, task.now - opens)
        room.part[t] = room.rows[row, t] * fits


@compiled()
def _refuse(course: Course, room: Room, task: Task, via: tuple[int, Any, float], within: Span) -> None:
    """What a channel refuses goes back, told of or not yet."""
    scan, channel, fine = via
    lines = (room.part, room.refused, room.opened)
    whole, _ = add_up(room.part, within, task.now)
    span = _spread(course, task, (channel, channel["share"], fine), lines, within)
    passed, _ = add_up(room.refused, span, task.now)
    room.cells[RETURNED] += max(whole * channel["share"] - passed, 0.0)
    _weigh(course, task, scan, room.refused, span)
    for t in range(span[0], span[1]):
        room.cells[RETURNED] += room.refused[t]
        room.refused[t] = 0.0


@compiled()
def _board(course: Course, room: Room, task: Task, stage: Any, at: tuple[int, int, int, int]) -> Span:
    """From being ready to leaving with each run: the first that can be caught, or one or two later."""
    row, low, high, cell = at
    here, last = room.rows[row], int(stage["last"])
    entered, inside = add_up(here, (low, high), task.now)
    begin = first_run(course, stage, low)
    run, end = begin, begin
    for t in range(low, high):
        p = here[t]
        here[t] = 0.0
        if p <= 0.0:
            continue
        while run < last and course.runs[run]["cutoff"] < t:
            run += 1
        if run < last:
            once, twice = course.runs[run]["once"], course.runs[run]["twice"]
            end = min(run + 3, last)
            room.runs[run] += p * (1.0 - once - twice)
            if run + 1 < last:
                room.runs[run + 1] += p * once
            if run + 2 < last:
                room.runs[run + 2] += p * twice
    left, gone = 0.0, 0.0
    for index in range(begin, end):
        left += room.runs[index]
        lag = task.now - course.runs[index]["leaves"]
        if lag >= 0 and room.runs[index] > 0.0:
            gone += room.runs[index]
            room.runs[index] *= unheard(course, stage["scan"], lag)
    room.cells[BEYOND] += max(entered - left, 0.0)
    room.cells[cell] += max(inside - gone, 0.0)
    return begin, end


@compiled()
def first_run(course: Course, stage: Any, hour: int) -> int:
    """The first run of a leg whose cutoff is not before an hour, by bisection."""
    low, high = int(stage["first"]), int(stage["last"])
    while low < high:
        middle = (low + high) // 2
        if course.runs[middle]["cutoff"] < hour:
            low = middle + 1
        else:
            high = middle
    return low


@compiled()
def _leave(course: Course, room: Room, task: Task, runs: Span, row: int) -> Span:
    """What leaves with each run, by the hour at which it does."""
    span = NOWHERE
    for index in range(runs[0], runs[1]):
        leaves = course.runs[index]["leaves"]
        if room.runs[index] > 0.0 and 0 <= leaves <= task.until:
            room.rows[row, leaves] += room.runs[index]
            span = (min(span[0], leaves), max(span[1], leaves + 1))
        room.runs[index] = 0.0
    return span


@compiled()
def last_run(course: Course, stage: Any, hour: int) -> int:
    """The run of a leg that left last by an hour; the first of all where none did."""
    begin, end = first_run(course, stage, hour - LATE_HOURS), first_run(course, stage, hour + 1)
    best, found = -1, int(min(begin, stage["last"] - 1))
    for index in range(begin, end):
        leaves = course.runs[index]["leaves"]
        if best < leaves <= hour:
            best, found = leaves, index
    return found


@compiled()
def _travel(course: Course, room: Room, task: Task, stage: Any, at: tuple[int, int, int, int, int]) -> tuple[int, Span]:
    """From the runs to the hours of arrival; who is known to have left at an hour left then, whatever was planned."""
    row, known, cell, first, last = at
    there, span = room.rows[1 - row], NOWHERE
    until, entered, inside = min(task.until, course.before.shape[1] - 2), 0.0, 0.0
    for index in range(first, last):
        p = room.runs[index]
        room.runs[index] = 0.0
        leaves = known if known >= 0 else course.runs[index]["leaves"]
        entered += p
        inside += p if leaves <= task.now else 0.0
        if p <= 0.0 or leaves > until:
            continue
        number = course.runs[index]["odds"] + task.regime
        begin = course.odds_first[number]
        top = min(course.odds_first[number + 1] - begin, until + 1 - leaves)
        _add(there[leaves : leaves + top], p, course.odds[begin : begin + top])
        span = (min(span[0], leaves), max(span[1], leaves + top))
    passed, gone = add_up(there, span, task.now)
    room.cells[BEYOND] += max(entered - passed, 0.0)
    room.cells[cell] += max(inside - gone, 0.0)
    _weigh(course, task, stage["scan"], there, span)
    return 1 - row, span

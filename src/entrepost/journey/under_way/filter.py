"""The exact filter: where each item is by now, and when it arrives, for many items at once, compiled.

Items that have the same stages before them since the same hour are followed once, up to their last mile; those that
go to the same area share that too. What remains for each item is to mix the regimes by how probable its own
history makes them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.under_way.arrive import (
    FOUND,
    IN_OFFICE,
    LOST_ON_WAY,
    SLOT,
    TO_OFFICE,
    TOO_LATE,
    WIDTH,
    Arrivals,
    Ways,
    describe,
    fill_way,
    start_round,
)
from entrepost.journey.under_way.onward import Onward, follow_runs, make_onward, number_rests
from entrepost.journey.under_way.push import Span, add_up, follow, join_small, make_task, walk
from entrepost.journey.under_way.tables import (
    BEYOND,
    LOST,
    MOST_STAGES,
    STANDS,
    Course,
    Room,
    Task,
    compiled,
    make_room,
)

STATE = np.dtype(
    [
        *[("path", "i4"), ("mile", "i4"), ("slot", "i4"), ("hour", "i4")],  # last heard of at the end of that slot
        *[("held_stage", "i4"), ("held_hour", "i4"), ("held_reason", "i4"), ("promised", "i4")],
    ]
)
"""What is known of an item, as far as its future depends on it; hours are indices of the timeline, -1: none."""

ALIKE = np.dtype([(name, "i4") for name in ("rest", "hour", "held", "held_hour", "held_reason")])
"""What items that are followed together have in common: the stages before them, since when, and a hold, its stage
counted from the end of the path."""


class Desk(NamedTuple):
    """What the filter works with at one place of delivery: its own room, its ways, and what it adds up."""

    room: Room
    onward: Onward
    ways: Ways
    miles: NDArray[np.int32]  # of each last mile its row in `ways`; -1: of another place
    lines: NDArray[np.float64]  # regimes x hours: cleared by then
    spans: NDArray[np.int32]
    cells: NDArray[np.float64]
    arrivals: Arrivals


def locate(
    course: Course, states: NDArray[Any], likely: NDArray[np.float64], now: int, onward: Onward | None = None
) -> Any:
    """Forecast items.

    Parameters
    ----------
    course : Course
        The tables of their journeys.
    states : numpy.ndarray
        Records of `STATE`.
    likely : numpy.ndarray
        Shape (items, regimes): how probable each item's history makes each regime; rows sum to 1.
    now : int
        The present, an index of the timeline.
    onward : Onward, optional
        What was followed of all paths of this course at this present; one thread at a time may use it.

    Returns
    -------
    numpy.ndarray
        Shape (items, FOUND), columns as in `under_way.arrive`.
    """
    found = np.full((states.size, FOUND), np.nan)
    if not states.size:
        return found
    places, alike = course.last_miles["place"][states["mile"]], _list_alike(course, states)
    order = np.lexsort([states["mile"], *[alike[name] for name in reversed(ALIKE.names or ())], places])
    edges = np.flatnonzero(np.diff(places[order], prepend=-1))
    parts = sorted(np.split(order, edges[1:]), key=len, reverse=True)

    def work(rows: NDArray[np.int64]) -> None:
        mine, weights, out = states[rows], likely[rows], np.full((rows.size, FOUND), np.nan)
        _locate(course, _make_desk(course, mine, onward), (mine, alike[rows], weights, now), out)
        found[rows] = out

    if onward is not None or len(parts) == 1:
        for rows in parts:
            work(rows)
    else:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, parts))
    return found


def _list_alike(course: Course, states: NDArray[Any]) -> NDArray[Any]:
    """Of each item what those have in common that are followed together."""
    found = np.empty(states.size, dtype=ALIKE)
    found["rest"], found["hour"] = number_rests(course, states), states["hour"]
    found["held"] = np.where(states["held_stage"] < 0, 0, states["held_stage"] - course.first[states["path"] + 1])
    found["held_hour"], found["held_reason"] = states["held_hour"], states["held_reason"]
    return found


def _make_desk(course: Course, states: NDArray[Any], onward: Onward | None = None) -> Desk:
    """Room for items of one place; nothing of their ways is computed yet."""
    miles = np.unique(states["mile"])
    regimes, hours = course.regimes.size, course.before.shape[1]
    size = (miles.size, regimes, hours)
    rows = np.full(course.last_miles.size, -1, dtype=np.int32)
    rows[miles] = np.arange(miles.size)
    width = max(_count_rounds(course, int(mile)) for mile in miles)
    ways = Ways(np.zeros(size, np.bool_), np.zeros(size, np.int32), np.zeros((*size, width)), np.zeros((*size, 4)))
    cells = np.zeros((regimes, MOST_STAGES + STANDS))
    rounds = np.zeros((regimes, course.round_from.shape[1]))
    mixed = np.zeros(rounds.shape[1]), np.zeros(cells.shape[1])
    arrivals = Arrivals(rounds, np.zeros_like(cells), np.zeros(2, np.int64), *mixed)
    lines, spans = np.zeros((regimes, hours + 1)), np.zeros((regimes, 2), np.int32)
    onward = onward or make_onward(course, np.unique(states["path"]))
    return Desk(make_room(course), onward, ways, rows, lines, spans, cells, arrivals)


def _count_rounds(course: Course, mile: int) -> int:
    """Over how many rounds at most a last mile is spread."""
    row = course.last_miles[mile]
    numbers = range(int(row["odds"]), int(row["odds"] + course.regimes.size * row["variants"]))
    longest = max(int(course.odds_first[number + 1] - course.odds_first[number]) for number in numbers)
    which = np.minimum(course.round_of[row["calendar"]], np.count_nonzero(course.round_to[row["calendar"]]))
    at = np.minimum(np.arange(which.size) + longest, which.size - 1)
    return int((which[at] - which).max()) + 2


@compiled()
def _locate(course: Course, desk: Desk, asked: tuple[Any, Any, Any, int], out: Any) -> None:
    states, alike, weights, now = asked
    begin = 0
    while begin < states.size:
        end = begin + 1
        while end < states.size and _is_alike(alike[begin], alike[end]):
            end += 1
        _follow_all(course, desk, states[begin], now)
        while begin < end:
            after = begin + 1
            while after < end and states[after]["mile"] == states[begin]["mile"]:
                after += 1
            _deliver_all(course, desk, (states, weights, now), (begin, after), out)
            begin = after
        for regime in range(course.regimes.size):
            desk.lines[regime, desk.spans[regime, 0] : desk.spans[regime, 1]] = 0.0


@compiled()
def _is_alike(one: Any, other: Any) -> bool:
    return bool(
        one["rest"] == other["rest"]
        and one["hour"] == other["hour"]
        and one["held"] == other["held"]
        and one["held_hour"] == other["held_hour"]
        and one["held_reason"] == other["held_reason"]
    )


@compiled()
def _follow_all(course: Course, desk: Desk, state: Any, now: int) -> None:
    """From the last milestone to being cleared, in every regime; cells count from the stage that comes next."""
    slots = course.first[state["path"] + 1] - course.first[state["path"]]
    for regime in range(course.regimes.size):
        desk.spans[regime] = 0
        desk.cells[regime] = 0.0
        if state["slot"] > slots:
            continue
        held = (state["held_stage"], state["held_hour"], state["held_reason"])
        task = make_task(regime, now, course.before.shape[1] - 1, held)
        low, high = _follow(course, desk, task, state)
        whole, _ = add_up(desk.lines[regime], (low, high), now)
        desk.spans[regime, 0] = low
        desk.spans[regime, 1] = join_small(course, task, desk.lines[regime], (low, high), whole)[1]
        for cell in range(desk.room.cells.size):
            desk.cells[regime, cell] = desk.room.cells[cell]
            desk.room.cells[cell] = 0.0


@compiled()
def _follow(course: Course, desk: Desk, task: Task, state: Any) -> Span:
    """The hours at which an item is cleared: by way of the runs of its last ride, or else all the way by itself."""
    path, slot, start = state["path"], np.int64(state["slot"]), np.int64(state["hour"])
    first, last, line = course.first[path], course.first[path + 1], desk.lines[task.regime]
    depart, room = np.int64(desk.onward.depart[path]), desk.room
    if first + slot <= depart and task.held_stage <= depart:
        way, begin = (first + slot, depart + 1, np.int64(0)), (start, np.int64(0), np.int64(0))
        _, _, runs = walk(course, room, task, way, begin)  # type: ignore[arg-type]
        at = (np.int64(path), slot, runs[0], runs[1])
        return follow_runs(course, desk.onward, room, task, at, line)  # type: ignore[arg-type]
    row, low, high = follow(course, room, task, (first + slot, last, np.int64(0)), start)  # type: ignore[arg-type]
    for hour in range(low, high):
        line[hour] = room.rows[row, hour]
        room.rows[row, hour] = 0.0
    return low, high


@compiled()
def _deliver_all(course: Course, desk: Desk, asked: tuple[Any, Any, int], span: tuple[int, int], out: Any) -> None:
    """The last mile of items that are alike, then each by itself."""
    states, weights, now = asked
    state = states[span[0]]
    slots = course.first[state["path"] + 1] - course.first[state["path"]]
    ahead = slots + WIDTH - min(state["slot"], slots + 1)
    known = _arrive_all(course, desk, state, now)
    for item in range(span[0], span[1]):
        own = course.first[states[item]["path"] + 1] - course.first[states[item]["path"]]
        posed = (weights[item], now, states[item]["promised"], known, ahead)
        describe(course, state["mile"], desk.arrivals, posed, out[item])
        out[item, SLOT] += own + WIDTH - ahead


@compiled()
def _arrive_all(course: Course, desk: Desk, state: Any, now: int) -> int:
    """The rounds in every regime; the round with which the item is known to be out (-1: none)."""
    slots = course.first[state["path"] + 1] - course.first[state["path"]]
    known = -1
    span = desk.arrivals.span
    for regime in range(course.regimes.size):
        desk.arrivals.rounds[regime, span[0] : max(span[0], span[1])] = 0.0
    span[0], span[1] = desk.arrivals.rounds.shape[1], 0
    for regime in range(course.regimes.size):
        for cell in range(desk.room.cells.size):
            desk.arrivals.cells[regime, cell] = desk.cells[regime, cell]
    for regime in range(course.regimes.size):
        if state["slot"] <= slots:
            _deliver(course, desk, (state["mile"], regime), slots - state["slot"], now)
            continue
        place = start_round(course, state["mile"], state["hour"], state["slot"] > slots + 1)
        if place < 0:
            desk.arrivals.cells[regime, BEYOND] = 1.0
            continue
        known = place if state["slot"] > slots + 1 else -1
        desk.arrivals.rounds[regime, place] = 1.0
        span[0], span[1] = place, place + 1
        waits = course.round_from[course.last_miles[state["mile"]]["calendar"], place] > now
        desk.arrivals.cells[regime, STANDS] = 1.0 if waits else 0.0
    return known


@compiled()
def _deliver(course: Course, desk: Desk, which: tuple[int, int], left: int, now: int) -> None:
    """From the hours at which items are cleared, so many stages ahead, to rounds, in one regime."""
    mile, regime = which
    kept, ways = desk.miles[mile], desk.ways
    rounds, cells = desk.arrivals.rounds[regime], desk.arrivals.cells[regime]
    for hour in range(desk.spans[regime, 0], min(desk.spans[regime, 1], course.before.shape[1] - 1)):
        p = desk.lines[regime, hour]
        if p <= 0.0:
            continue
        if not ways.known[kept, regime, hour]:
            fill_way(course, ways, (mile, kept, regime), hour, now)
        begin, shares = ways.begin[kept, regime, hour], ways.shares[kept, regime, hour]
        found = ways.cells[kept, regime, hour]
        end = min(begin + shares.size, rounds.size)
        for index in range(begin, end):
            rounds[index] += p * shares[index - begin]
        desk.arrivals.span[0] = min(desk.arrivals.span[0], begin)
        desk.arrivals.span[1] = max(desk.arrivals.span[1], end)
        cells[LOST] += p * found[LOST_ON_WAY]
        cells[BEYOND] += p * found[TOO_LATE]
        cells[STANDS + left] += p * found[TO_OFFICE]
        cells[STANDS + left + 1] += p * found[IN_OFFICE]


def list_arrivals(course: Course, states: NDArray[Any], hours: int) -> NDArray[np.float64]:
    """Of each state, nothing more being heard or missed, the share that arrives in each hour after it.

    Shape (states, hours); a row sums to the probability of arriving within so many hours.
    """
    found = np.zeros((states.size, hours))
    places = course.last_miles["place"][states["mile"]]
    for place in np.unique(places):
        rows = np.flatnonzero(places == place)
        desk = _make_desk(course, states[rows])
        for row in rows:
            _list_arrivals(course, desk, states[row : row + 1], found[row])
    return found


@compiled()
def _list_arrivals(course: Course, desk: Desk, states: Any, found: Any) -> None:
    state, ahead = states[0], -1
    _follow_all(course, desk, state, ahead)
    _arrive_all(course, desk, state, ahead)
    calendar = course.last_miles[state["mile"]]["calendar"]
    for index in range(desk.arrivals.span[0], desk.arrivals.span[1]):
        p = 0.0
        for regime in range(course.regimes.size):
            p += course.regimes[regime] * desk.arrivals.rounds[regime, index]
        if p > 0.0:
            opens, closes = course.round_from[calendar, index] + 1, course.round_to[calendar, index] + 1
            low, high = max(opens - state["hour"], 0), min(closes - state["hour"], found.size)
            for hour in range(low, high):
                found[hour] += p / (closes - opens)
    for regime in range(course.regimes.size):
        desk.lines[regime, desk.spans[regime, 0] : desk.spans[regime, 1]] = 0.0

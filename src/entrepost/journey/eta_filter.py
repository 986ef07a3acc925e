"""The exact filter: where each item is by now, and when it arrives, for many items at once, compiled.

Items of one path that were last heard of at the same milestone in the same hour are followed once, up to their
last mile; those that go to the same area share that too. What remains for each item is to mix the regimes by
how probable its own history makes them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.eta_arrive import (
    FOUND,
    IN_OFFICE,
    LOST_ON_WAY,
    TO_OFFICE,
    TOO_LATE,
    WIDTH,
    Arrivals,
    Ways,
    describe,
    fill_way,
    start_round,
)
from entrepost.journey.eta_push import add_up, clear_room, follow, join_small, make_task
from entrepost.journey.eta_tables import BEYOND, LOST, MOST_STAGES, STANDS, Course, Room, compiled, make_room

STATE = np.dtype(
    [
        *[("path", "i4"), ("mile", "i4"), ("slot", "i4"), ("hour", "i4")],  # last heard of at the end of that slot
        *[("held_stage", "i4"), ("held_hour", "i4"), ("held_reason", "i4"), ("promised", "i4")],
    ]
)
"""What is known of an item, as far as its future depends on it; hours are indices of the timeline, -1: none."""

ALIKE = ("path", "slot", "hour", "held_stage", "held_hour", "held_reason")


class Desk(NamedTuple):
    """What the filter works with at one place of delivery: its own room, its ways, and what it adds up."""

    room: Room
    ways: Ways
    miles: NDArray[np.int32]  # of each last mile its row in `ways`; -1: of another place
    lines: NDArray[np.float64]  # regimes x hours: cleared by then
    spans: NDArray[np.int32]
    cells: NDArray[np.float64]
    arrivals: Arrivals


def locate(course: Course, states: NDArray[Any], likely: NDArray[np.float64], now: int, threads: int = 2) -> Any:
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

    Returns
    -------
    numpy.ndarray
        Shape (items, FOUND), columns as in `eta_arrive`.
    """
    found = np.full((states.size, FOUND), np.nan)
    if not states.size:
        return found
    places = course.last_miles["place"][states["mile"]]
    keys = [states["mile"], *[states[name] for name in reversed(ALIKE)], places]
    order = np.lexsort(keys)
    edges = np.flatnonzero(np.diff(places[order], prepend=-1))
    parts = sorted(np.split(order, edges[1:]), key=len, reverse=True)

    def work(rows: NDArray[np.int64]) -> None:
        mine, weights, out = states[rows], likely[rows], np.full((rows.size, FOUND), np.nan)
        _locate(course, _make_desk(course, np.unique(mine["mile"])), (mine, weights, now), out)
        found[rows] = out

    if threads == 1 or len(parts) == 1:
        for rows in parts:
            work(rows)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, parts))
    return found


def _make_desk(course: Course, miles: NDArray[np.int32]) -> Desk:
    """Room for the last miles of one place; nothing of their ways is computed yet."""
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
    return Desk(make_room(course), ways, rows, lines, spans, cells, arrivals)


def _count_rounds(course: Course, mile: int) -> int:
    """Over how many rounds at most a last mile is spread."""
    row = course.last_miles[mile]
    numbers = range(int(row["odds"]), int(row["odds"] + course.regimes.size * row["variants"]))
    longest = max(int(course.odds_first[number + 1] - course.odds_first[number]) for number in numbers)
    which = np.minimum(course.round_of[row["calendar"]], np.count_nonzero(course.round_to[row["calendar"]]))
    at = np.minimum(np.arange(which.size) + longest, which.size - 1)
    return int((which[at] - which).max()) + 2


@compiled()
def _locate(course: Course, desk: Desk, asked: tuple[Any, Any, int], out: Any) -> None:
    states, weights, now = asked
    begin = 0
    while begin < states.size:
        end = begin + 1
        while end < states.size and _is_alike(states[begin], states[end]):
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
        one["path"] == other["path"]
        and one["slot"] == other["slot"]
        and one["hour"] == other["hour"]
        and one["held_stage"] == other["held_stage"]
        and one["held_hour"] == other["held_hour"]
        and one["held_reason"] == other["held_reason"]
    )


@compiled()
def _follow_all(course: Course, desk: Desk, state: Any, now: int) -> None:
    """From the last milestone to being cleared, in every regime."""
    first, last = course.first[state["path"]], course.first[state["path"] + 1]
    for regime in range(course.regimes.size):
        desk.spans[regime] = 0
        desk.cells[regime] = 0.0
        if state["slot"] > last - first:
            continue
        held = (state["held_stage"], state["held_hour"], state["held_reason"])
        task = make_task(regime, now, course.before.shape[1] - 1, held)
        slot, start = np.int64(state["slot"]), np.int64(state["hour"])
        row, low, high = follow(course, desk.room, task, (first + slot, last, slot), start)  # type: ignore[arg-type]
        whole, _ = add_up(desk.room.rows[row], (low, high), now)
        high = join_small(course, task, desk.room.rows[row], (low, high), whole)[1]
        for hour in range(low, high):
            desk.lines[regime, hour] = desk.room.rows[row, hour]
        desk.spans[regime, 0], desk.spans[regime, 1] = low, high
        for cell in range(desk.room.cells.size):
            desk.cells[regime, cell] = desk.room.cells[cell]
        clear_room(desk.room, row, (low, high))


@compiled()
def _deliver_all(course: Course, desk: Desk, asked: tuple[Any, Any, int], span: tuple[int, int], out: Any) -> None:
    """The last mile of items that are alike, then each by itself."""
    states, weights, now = asked
    state = states[span[0]]
    slots = course.first[state["path"] + 1] - course.first[state["path"]]
    known = _arrive_all(course, desk, state, now)
    for item in range(span[0], span[1]):
        posed = (weights[item], now, states[item]["promised"], known, slots + WIDTH)
        describe(course, state["mile"], desk.arrivals, posed, out[item])


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
            _deliver(course, desk, (state["mile"], regime), slots, now)
            continue
        place = start_round(course, state["mile"], state["hour"], state["slot"] > slots + 1)
        if place < 0:
            desk.arrivals.cells[regime, BEYOND] = 1.0
            continue
        known = place if state["slot"] > slots + 1 else -1
        desk.arrivals.rounds[regime, place] = 1.0
        span[0], span[1] = place, place + 1
        waits = course.round_from[course.last_miles[state["mile"]]["calendar"], place] > now
        desk.arrivals.cells[regime, STANDS + slots + 1] = 1.0 if waits else 0.0
    return known


@compiled()
def _deliver(course: Course, desk: Desk, which: tuple[int, int], slots: int, now: int) -> None:
    """From the hours at which items are cleared to rounds, in one regime."""
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
        cells[STANDS + slots] += p * found[TO_OFFICE]
        cells[STANDS + slots + 1] += p * found[IN_OFFICE]


def list_arrivals(course: Course, states: NDArray[Any], hours: int) -> NDArray[np.float64]:
    """Of each state, nothing more being heard or missed, the share that arrives in each hour after it.

    Shape (states, hours); a row sums to the probability of arriving within so many hours.
    """
    found = np.zeros((states.size, hours))
    for row, state in enumerate(states):
        desk = _make_desk(course, np.array([state["mile"]], dtype=np.int32))
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

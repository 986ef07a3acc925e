"""The last mile of an item under way, and what the hours of its arrival say, compiled.

An item is brought to the delivery office, waits for the next round, and is attempted within it, each hour of
the round evenly likely; as everywhere, what happened by now without a word is weighed by how probable that is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.under_way.push import unheard
from entrepost.journey.under_way.tables import Course, compiled

TO_OFFICE, IN_OFFICE, LOST_ON_WAY, TOO_LATE = range(4)
"""Cells of a way to the office: who is on it, who waits there, who is lost, who comes beyond the timeline."""

WIDTH = 3
"""Slots of a last mile: brought to the office, out with a round, attempted."""

LEVELS = (0.1, 0.5, 0.9)
MEAN, P10, P50, P90, PROMISE, LOST_SHARE, RETURNED_SHARE, ARRIVED, SILENCE, LIVING, SLOT, SLOT_SHARE = range(12)
"""Columns of what is found of an item; hours are indices of the timeline."""

FOUND = 12


class Ways(NamedTuple):
    """From each hour to rounds, by last mile and regime: computed when first needed, then known.

    `begin` is the first round, `shares` of it and those that follow; `cells` see above.
    """

    known: NDArray[np.bool_]
    begin: NDArray[np.int32]
    shares: NDArray[np.float64]
    cells: NDArray[np.float64]


class Arrivals(NamedTuple):
    """By regime the share that goes with each round, and cells: lost, returned, beyond, then by slot.

    `span`: the first round that is used, and the one behind the last; `mixed` and `mixed_cells`: over the regimes.
    """

    rounds: NDArray[np.float64]
    cells: NDArray[np.float64]
    span: NDArray[np.int64]
    mixed: NDArray[np.float64]
    mixed_cells: NDArray[np.float64]


@compiled()
def fill_way(course: Course, ways: Ways, which: tuple[int, int, int], hour: int, now: int) -> None:
    """Compute the way of last mile `which[0]`, kept as `which[1]`, in regime `which[2]` from an hour on."""
    mile, kept, regime = which
    row, size = course.last_miles[mile], course.before.shape[1] - 1
    calendar, shares, cells = row["calendar"], ways.shares[kept, regime, hour], ways.cells[kept, regime, hour]
    number = row["odds"] + regime * row["variants"] + course.variant[calendar, hour]
    begin, alive = course.odds_first[number], 1.0 - row["lost"]
    opens, first = course.round_from[calendar], course.round_of[calendar, hour]
    ways.known[kept, regime, hour], ways.begin[kept, regime, hour] = True, first
    cells[LOST_ON_WAY] = row["lost"]
    if hour > now:
        _fill_ahead(course, row["calendar"], (number, hour, first), alive, (shares, cells))
        return
    for index in range(course.odds_first[number + 1] - begin):
        office, p = hour + index, alive * course.odds[begin + index]
        place = course.round_of[calendar, office] if office < size else opens.size
        if office > now:
            cells[TO_OFFICE] += p
        if office <= now:
            p *= unheard(course, row["office"], now - office)
        if place >= opens.size or opens[place] >= size or place - first >= shares.size:
            cells[TOO_LATE] += p
            continue
        if office <= now < opens[place]:
            cells[IN_OFFICE] += p
        shares[place - first] += p


@compiled()
def _fill_ahead(course: Course, calendar: int, which: tuple[int, int, int], alive: float, out: tuple[Any, Any]) -> None:
    """The same from an hour that lies ahead: what reaches the office since a round went out goes with the next."""
    (number, hour, first), (shares, cells) = which, out
    begin, longest = course.odds_first[number], course.odds_first[number + 1] - course.odds_first[number] - 1
    opens, size, gone = course.round_from[calendar], course.before.shape[1] - 1, 0.0
    for place in range(first, min(first + shares.size, opens.size)):
        if opens[place] >= size:
            break
        until = alive * course.upto[begin + min(opens[place] - hour, longest)]
        shares[place - first] = until - gone
        gone = until
        if opens[place] - hour >= longest:
            break
    cells[TOO_LATE] += max(alive - gone, 0.0)


@compiled()
def start_round(course: Course, mile: int, hour: int, out: bool) -> int:
    """The round of an item that is in the office at an hour, or went out with one then; -1: none."""
    calendar = course.last_miles[mile]["calendar"]
    place = course.round_of[calendar, hour]
    if out and place > 0 and course.round_to[calendar, place - 1] > hour:
        place -= 1
    if place >= course.round_from.shape[1] or course.round_from[calendar, place] > course.before.shape[1]:
        return -1
    return int(place)


@compiled()
def describe(course: Course, mile: int, arrivals: Arrivals, asked: tuple[Any, int, int, int, int], found: Any) -> None:
    """What the arrivals of one item say, its regimes so probable.

    `asked`: the regimes' weights, the present, the hour that was promised (-1: none), the round with which it
    is known to be out (-1: none), and how many slots its path has.
    """
    weights, now, promised, out, slots = asked
    row = course.last_miles[mile]
    opens, closes = course.round_from[row["calendar"]], course.round_to[row["calendar"]]
    size, low, high = course.before.shape[1] - 1, arrivals.span[0], max(arrivals.span[0], arrivals.span[1])
    cells, mixed = arrivals.mixed_cells[: 3 + slots], arrivals.mixed[: high - low]
    cells[:], mixed[:] = 0.0, 0.0
    for regime in range(weights.size):
        for index in range(cells.size):
            cells[index] += weights[regime] * arrivals.cells[regime, index]
        for index in range(low, high):
            mixed[index - low] += weights[regime] * arrivals.rounds[regime, index]
    living, mean, arrived, kept, at_door = 0.0, 0.0, 0.0, 0.0, 0.0
    for index in range(low, high):
        if mixed[index - low] <= 0.0:
            continue
        going = mixed[index - low] * _unheard_round(course, row, opens[index], now, index == out)
        hours = closes[index] - opens[index]
        if opens[index] > now:  # all of the round lies ahead: nothing of it could have been heard
            kept += going * max(min(promised - opens[index], hours), 0) / hours
            mean += going * (opens[index] + 0.5 * (hours + 1))
            living += going
            mixed[index - low] = going
            continue
        whole, before = 0.0, living
        for hour in range(opens[index] + 1, closes[index] + 1):
            p = going / hours * unheard(course, row["attempt"], now - hour)
            whole += p
            mean += p * hour
            arrived += p if hour <= now else 0.0
            kept += p if hour <= promised else 0.0
            at_door += p if opens[index] <= now < hour else 0.0
        living = before + whole
        mixed[index - low] = whole
    beyond = cells[2]
    total = living + cells[0] + cells[1] + beyond
    found[LIVING], found[SILENCE] = living, total
    if total <= 0.0:
        return
    coming = max(living + beyond, 1e-300)
    found[MEAN] = (mean + beyond * size) / coming
    found[PROMISE] = kept / total if promised >= 0 else np.nan
    found[LOST_SHARE], found[RETURNED_SHARE], found[ARRIVED] = cells[0] / total, cells[1] / total, arrived / total
    cells[3 + slots - 1] += at_door
    best = 3 + int(np.argmax(cells[3 : 3 + slots]))
    best = best if cells[best] > 0.0 else 3 + slots - 1
    found[SLOT], found[SLOT_SHARE] = best - 3, cells[best] / total
    for level in range(3):
        found[P10 + level] = _quantile(course, row, mixed, (LEVELS[level] * coming, now, low), size)


@compiled()
def _unheard_round(course: Course, row: Any, opens: int, now: int, seen: bool) -> float:
    """How probable it is that an item went out with a round and nobody told of it."""
    return 1.0 if seen else unheard(course, row["round"], now - opens)


@compiled()
def _quantile(course: Course, row: Any, shares: Any, level: tuple[float, int, int], size: int) -> float:
    """The hour by which so much has arrived, `shares` being what arrives with each round."""
    opens, closes = course.round_from[row["calendar"]], course.round_to[row["calendar"]]
    left, now, low = level
    for index in range(low, low + shares.size):
        share = shares[index - low]
        if share <= 0.0:
            continue
        if share < left * (1 - 1e-9):
            left -= share
            continue
        weights = 0.0
        for hour in range(opens[index] + 1, closes[index] + 1):
            weights += unheard(course, row["attempt"], now - hour)
        for hour in range(opens[index] + 1, closes[index] + 1):
            left -= share * unheard(course, row["attempt"], now - hour) / weights
            if left <= share * 1e-9:
                return float(hour)
        return float(closes[index])
    return float(size)

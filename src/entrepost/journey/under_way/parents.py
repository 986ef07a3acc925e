"""Where an item's own distribution says nothing: how long items of its service, or all, still take after such a scan.

What is pooled are the exact distributions of some routes of the network, from each milestone on, over the hours
of a week. An item that was silent for longer than any of them takes as long again as it has taken so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.cache import get_book
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.arrive import (
    ARRIVED,
    FOUND,
    LIVING,
    LOST_SHARE,
    MEAN,
    P10,
    P50,
    P90,
    PROMISE,
    RETURNED_SHARE,
    SILENCE,
)
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.filter import STATE, list_arrivals
from entrepost.journey.under_way.frame import NETWORK, OVERDUE, SERVICE

ROUTES = 12
"""So many routes of a service, evenly spaced in the book, stand for all."""

STARTS = 7
"""From each milestone they are followed from so many hours of a week."""

BETWEEN_HOURS = 25
REACH_HOURS = 150 * 24
LEAST = 0.002
"""Where fewer of the others are still on their way, an item is later than all."""

SHAPE = 2.0
"""An overdue item is still not there after as long again with a probability of a half to this power (assumed)."""

LEAST_HOURS = 24.0


@dataclass
class Parents:
    """For each service, and for all, how long it takes from a scan to the arrival, in hours."""

    tables: CourseTables
    now: int
    _curves: dict[tuple[str | None, int], tuple[NDArray[np.float64], float]] = field(default_factory=dict)
    _services: dict[str | None, dict[int, NDArray[np.float64]]] = field(default_factory=dict)

    def find(self, service: str | None, code: int) -> tuple[NDArray[np.float64], float]:
        """The distribution function of those that arrive, by the hour, and the share that is lost; empty: none."""
        if (service, code) not in self._curves:
            self._curves[service, code] = self._pool(service, code)
        return self._curves[service, code]

    def _pool(self, service: str | None, code: int) -> tuple[NDArray[np.float64], float]:
        known = self._list(service)
        rows = known.get(code, known.get(len(CODES)))
        if rows is None:
            return np.empty(0), 0.0
        arriving = rows.sum()
        return np.cumsum(rows) / max(arriving, 1e-12), float(1 - arriving)

    def _list(self, service: str | None) -> dict[int, NDArray[np.float64]]:
        """By code the pooled arrivals; a code that is not known counts as just ordered."""
        if service not in self._services:
            self._services[service] = self._follow(service)
        return self._services[service]

    def _follow(self, service: str | None) -> dict[int, NDArray[np.float64]]:
        states, codes = self._states(service)
        if not states.size:
            return {}
        rows = list_arrivals(self.tables.pack(), states, REACH_HOURS)
        found = {int(code): rows[codes == code].mean(axis=0) for code in np.unique(codes)}
        return found

    def _states(self, service: str | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """From every milestone of some routes, at some hours of the week that follows."""
        states, codes = [], []
        for route in self._routes(service):
            path = self.tables.add_path(route.service, route.text)
            mile = self.tables.add_last_mile(route.service, route.facilities[-1], route.area)
            course = self.tables.pack()
            stages = course.stages[course.first[path] : course.first[path + 1]]
            told = [len(CODES), *stages["code"].tolist(), CODES.index("EMG"), CODES.index("EDG")]
            for slot, code in enumerate(told):
                for start in range(STARTS):
                    states.append((path, mile, slot, self.now + 1 + start * BETWEEN_HOURS, -1, -1, -1, -1))
                    codes.append(code)
        return np.array(states, dtype=STATE), np.array(codes, dtype=np.int64)

    def _routes(self, service: str | None) -> list[Any]:
        book = get_book(self.tables.timeline.network)
        routes = [route for route in book.routes if service in (None, route.service)]
        return routes[:: -(-len(routes) // ROUTES)] if routes else []


def fall_back(
    tables: CourseTables, items: pl.DataFrame, promised: NDArray[np.int32], now: int
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """What can be said of items of which their own distribution says nothing, and on what basis.

    Parameters
    ----------
    tables : CourseTables
        With the network and the timeline.
    items : DataFrame
        service, last_code, last_hour, placed_hour.
    promised, now : array and int
        Indices of the timeline; -1: nothing promised.
    """
    parents = _parents_of(tables, now // (24 * 7) * 24 * 7)
    begin = tables.timeline.first_hour
    found = np.full((items.height, FOUND), np.nan)
    basis = np.empty(items.height, dtype=np.int8)
    rows = items.select("service", "last_code", "last_hour", "placed_hour").iter_rows()
    for number, (service, code, last, placed) in enumerate(rows):
        since = max((hour for hour in (last, placed) if hour is not None and hour > -(1 << 29)), default=begin + now)
        age = max(now - (since - begin), 0)
        found[number], basis[number] = _look(parents, (service, code), age, (now, int(promised[number])))
    return found, basis


def _look(
    parents: Parents, heard: tuple[str | None, int], age: int, at: tuple[int, int]
) -> tuple[NDArray[np.float64], int]:
    """The first of the wider distributions in which the item is not later than all."""
    service, code = heard
    lost = 0.0
    for which, name in ((SERVICE, service), (NETWORK, None)):
        if which == SERVICE and service is None:
            continue
        curve, lost = parents.find(name, code)
        if curve.size and age < curve.size and 1 - curve[age] > LEAST:
            return _told(np.diff(curve[age:]) / (1 - curve[age]), float(1 - curve[age]), lost, age, at), which
    hours = np.arange(1, REACH_HOURS)
    scale = max(float(age), LEAST_HOURS)
    curve = 1 - (1 + np.concatenate([[0], hours]) / scale) ** -SHAPE
    return _told(np.diff(curve) / curve[-1], LEAST, max(lost, LEAST), age, at), OVERDUE


def _told(shares: NDArray[np.float64], still: float, lost: float, age: int, at: tuple[int, int]) -> NDArray[np.float64]:
    """The columns of `under_way.arrive` of an item of which `shares` arrive in each hour that follows."""
    now, promised = at
    found = np.full(FOUND, np.nan)
    upto = np.cumsum(shares)
    for column, level in ((P10, 0.1), (P50, 0.5), (P90, 0.9)):
        found[column] = now + 1 + min(int(np.searchsorted(upto, level - 1e-12)), shares.size - 1)
    found[MEAN] = now + 1 + float(shares @ np.arange(shares.size)) / max(float(upto[-1]), 1e-12)
    silent = lost + (1 - lost) * still
    found[LOST_SHARE], found[SILENCE], found[LIVING] = lost / silent, silent, (1 - lost) * still
    found[RETURNED_SHARE] = found[ARRIVED] = 0.0
    if promised >= 0:
        by_then = upto[min(promised - now - 1, upto.size - 1)] if promised > now else 0.0
        found[PROMISE] = by_then * (1 - found[LOST_SHARE])
    return found


def _parents_of(tables: CourseTables, now: int) -> Parents:
    """Those of a week of presents are computed once and stay with the tables."""
    if now not in tables.parents:
        tables.parents[now] = Parents(tables, now)
    found: Parents = tables.parents[now]
    return found

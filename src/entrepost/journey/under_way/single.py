"""The forecast of one item, without frames: what `eta.forecast` says of it when it is asked for alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
import polars as pl

from entrepost.base.clock import EPOCH
from entrepost.journey.book import RouteBook
from entrepost.journey.eta import PATH, find_tables, to_index
from entrepost.journey.itinerary import JOINT
from entrepost.journey.learning.facts import ITEM
from entrepost.journey.under_way.arrive import WIDTH
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.desk import EtaDesk, Located
from entrepost.journey.under_way.milestones import ENDED, Scans, empty_milestones, read_milestones
from entrepost.journey.under_way.onward import Onward, follow_ahead, list_coming, list_followed, make_onward
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.read import NO_HOUR
from entrepost.journey.under_way.rows import (
    INSTANTS,
    ITEMS,
    TEXTS,
    Row,
    as_numbers,
    find_places,
    item_row,
    make_row,
    was_known,
)
from entrepost.journey.under_way.tables import Course
from entrepost.network.network import Network

ROOM = 1 << 25
"""So many probabilities are kept of the ways of an hour (400 MB at the most)."""

COMING_HOURS = 14 * 24
"""Ways from runs that leave within so many hours are followed before anybody asks for them."""

TOGETHER = 500
"""So many ways are followed at a time: a tenth of a second at most."""

ABSENT: Row = dict.fromkeys((*TEXTS, *INSTANTS))


@dataclass(frozen=True)
class Forecaster:
    """Forecasts single items of one network; what is believed of scans is given, not learned.

    Threads take turns: one for the exact filter, one for what takes longer, so that nobody waits for that.
    """

    network: Network
    scanning: Scanning = field(default_factory=Scanning)
    _turn: Lock = field(default_factory=Lock, repr=False)
    _patience: Lock = field(default_factory=Lock, repr=False)
    _hours: list[_Hour] = field(default_factory=list, repr=False)

    def forecast(self, history: Sequence[Row], now: datetime) -> Row | None:
        """The row of `forecast` for one item; None where its wait has ended, or nothing was known by then.

        Parameters
        ----------
        history : sequence of dict
            The rows of its events, columns as in `eta`, instants in UTC, each with its route.
        now : datetime
            What happened or became known later is not looked at.
        """
        rows = [ABSENT | row for row in history]
        places = find_places(self.network)
        scans = [as_numbers(row, places) for row in rows if was_known(row, now)]
        if not scans:
            return None
        item = dict(zip(ITEMS, item_row(tuple(scans[0][name] for name in ITEM), scans), strict=True))
        tables = find_tables(self.network, _hour(now), self.scanning.params)
        with self._turn:
            asked = self._follow(tables, (item, scans), _hour(now) - tables.timeline.first_hour)
        if asked is None:
            return None
        desk, located = asked
        with self._patience if not located.is_whole else nullcontext():
            known, said = desk.locate_others(located, lambda _: pl.DataFrame([item], schema=ITEMS))
        return make_row(tables, item, known, said)

    def prepare(self, book: RouteBook, now: datetime) -> None:
        """Make the tables of every route ready for the fortnight of an instant: they are made anew for a new route."""
        tables = find_tables(self.network, _hour(now), self.scanning.params)
        for route in book.routes:
            tables.add_path(route.service, JOINT.join(route.facilities))
            tables.add_last_mile(route.service, route.facilities[-1], route.area)
        tables.widened(self.scanning)
        self._begin(tables, _hour(now) - tables.timeline.first_hour)

    def look_ahead(self, now: datetime, rest: Callable[[], None] = lambda: None) -> None:
        """Follow for the next hour what this one's items needed, and what may be, while nobody waits for it.

        `rest` is called between the parts of the work.
        """
        tables = find_tables(self.network, _hour(now) + 1, self.scanning.params)
        present = _hour(now) + 1 - tables.timeline.first_hour
        with self._turn:
            course = tables.with_scanning(self.scanning)
            before = next((hour for hour in self._hours if hour.course is course and hour.now == present - 1), None)
            is_there = any(hour.course is course and hour.now == present for hour in self._hours)
            wanted = list_followed(course, before.onward) if before is not None else None
        if is_there or before is None or wanted is None:
            return
        self._begin(tables, present, wanted, rest)

    def _begin(
        self, tables: CourseTables, present: int, wanted: Any = None, rest: Callable[[], None] = lambda: None
    ) -> None:
        """Follow what is wanted at a present, and what comes soon; the hour before it is kept."""
        course = tables.with_scanning(self.scanning)
        ahead = _begin_hour(course, present)
        coming = list_coming(course, ahead.onward, present, COMING_HOURS)
        rows = coming if wanted is None else np.concatenate([coming, wanted])
        for begin in range(0, len(rows), TOGETHER):
            follow_ahead(course, ahead.onward, present, rows[begin : begin + TOGETHER])
            rest()
        with self._turn:
            self._hours[:] = [*(hour for hour in self._hours if hour.now == present - 1), ahead]

    def _follow(self, tables: CourseTables, told: tuple[Row, list[Row]], now: int) -> tuple[EtaDesk, Located] | None:
        """What the exact filter says of an item; None where its wait has ended."""
        item, scans = told
        service, route, area = (item[name] or "" for name in ("service", "route", "area"))
        mile = tables.add_last_mile(service, route.rpartition(JOINT)[2], area)
        paths = np.array([(tables.add_path(service, route), mile)], dtype=PATH)
        course, begin = tables.pack(), tables.timeline.first_hour
        longest = int(np.diff(course.first).max(initial=0)) + WIDTH + 1
        milestones = empty_milestones(1, longest, course)
        placed = np.array([NO_HOUR if item["placed_hour"] is None else item["placed_hour"]], np.int64)
        numbers = _scans(scans, begin)
        read_milestones(course, numbers, paths, to_index(placed, begin), now, milestones)
        if milestones.flags[0] & ENDED:
            return None
        desk = EtaDesk(tables, self.scanning, milestones, paths, now, self._onward(tables, now))
        return desk, desk.locate_exactly(np.array([item["promised_hour"]]))

    def _onward(self, tables: CourseTables, now: int) -> Onward:
        """What was followed of all paths at a present: kept for the hour, so that the next item finds it."""
        course = tables.with_scanning(self.scanning)
        found = next((hour for hour in self._hours if hour.course is course and hour.now == now), None)
        if found is None:
            found = _begin_hour(course, now)
            self._hours[:] = [found, *self._hours[:1]]
        return found.onward


@dataclass(frozen=True, slots=True)
class _Hour:
    """What was followed of a course at one present."""

    course: Course
    now: int
    onward: Onward


def _begin_hour(course: Course, now: int) -> _Hour:
    return _Hour(course, now, make_onward(course, np.arange(course.first.size - 1, dtype=np.int32), ROOM))


def _scans(scans: list[Row], begin: int) -> Scans:
    return Scans(
        first=np.array([0, len(scans)], np.int64),
        code=np.array([scan["number"] for scan in scans], np.uint8),
        place=np.array([scan["place"] for scan in scans], np.int32),
        hour=to_index(np.array([scan["hour"] for scan in scans], np.int32), begin),
        told=to_index(np.array([scan["told"] for scan in scans], np.int32), begin),
        reason=np.array([scan["held"] for scan in scans], np.int8),
    )


def _hour(instant: datetime) -> int:
    """The whole hours since 1970 that are over at an instant."""
    return int((instant - EPOCH).total_seconds() // 3600)

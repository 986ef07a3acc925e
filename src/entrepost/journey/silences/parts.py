"""The stages of journeys as parts that many journeys share: what happens in each, and which scan ends it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.itinerary import build_delivery, list_departures, parse_route
from entrepost.journey.learning.hazard import upto
from entrepost.journey.learning.stages import ATTEMPT, CHANGE, CLEAR, DEPART, MILLION, TRAVEL, Learnable
from entrepost.journey.silences.read import Watch
from entrepost.network.duration import Duration
from entrepost.network.network import Network

Floats = NDArray[np.float64]
Hours = NDArray[np.int32]

CERTAIN = 1e-12
"""A distribution function is followed until so little is left."""


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something takes, in the hours of a calendar (-1: all hours); a channel's share and what it does."""

    duration: Duration
    factors: tuple[float, ...]
    calendar: int
    share: float = 1.0
    held: int = 0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stage: its kind, the code and place of the scan that ends it, what takes time in it, and its calendar.

    `leg` of a wait or a ride; `missed` the shares that miss one departure, and two; `rounds` the number of the
    delivery rounds. Equal parts are one, whichever journeys they belong to.
    """

    kind: int
    code: int
    place: int
    timed: tuple[Timed, ...] = ()
    leg: int = -1
    missed: tuple[float, float] = (0.0, 0.0)
    rounds: int = -1


@dataclass
class Parts:
    """The distinct parts of the journeys of a watch by their number, and the delivery rounds that they name."""

    network: Network
    watch: Watch
    parts: list[Part] = field(default_factory=list)
    rounds: list[tuple[Hours, Hours, Hours]] = field(default_factory=list)
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def list_parts(self) -> list[list[int]]:
        """Of each journey the numbers of its parts in order; none where the network does not have it."""
        tables = self.watch.history.tables
        rows = self.watch.journeys.select("service", "route", "area").iter_rows()
        return [
            [self._number(stage, *journey) for stage in stages]
            for stages, journey in zip(tables.journeys, rows, strict=True)
        ]

    def _number(self, stage: tuple[Any, ...], service: str, route: str, area: str) -> int:
        key = (stage, service, route if stage[0] in (DEPART, CHANGE) else "", area if stage[0] == ATTEMPT else "")
        if key not in self._numbers:
            part = self._part(stage, service, route, area)
            if part not in self._numbers:
                self._numbers[part] = len(self.parts)
                self.parts.append(part)
            self._numbers[key] = self._numbers[part]
        return self._numbers[key]

    def _part(self, stage: tuple[Any, ...], service: str, route: str, area: str) -> Part:
        kind, code, place, first, count, leg = stage[:6]
        steps = self.watch.history.tables.steps
        if kind == CLEAR:
            return Part(kind, code, place, tuple(_timed(step) for step in steps[first : first + count]))
        if kind in (DEPART, CHANGE):
            work = (_timed(steps[first]),) if first >= 0 else ()
            return Part(kind, code, place, work, leg, self._missed(service, route, place))
        if kind == TRAVEL:
            return Part(kind, code, place, leg=leg)
        if kind == ATTEMPT:
            return Part(kind, code, place, rounds=self._rounds(service, route, area))
        return Part(kind, code, place, (_timed(steps[first]),) if first >= 0 else ())

    def _missed(self, service: str, route: str, place: int) -> tuple[float, float]:
        stops, here = parse_route(route), self.watch.history.tables.places[place]
        leg = here, stops[stops.index(here) + 1]
        rows = list_departures(self.network, *leg, self.network.service_by_code[service])
        if not rows:
            return 0.0, 0.0
        once = float(np.mean([row.missed_1_per_million for row in rows])) / MILLION
        return once, float(np.mean([row.missed_2_per_million for row in rows])) / MILLION

    def _rounds(self, service: str, route: str, area: str) -> int:
        step = build_delivery(self.network, parse_route(route)[-1], area, self.network.service_by_code[service])
        timeline = self.watch.history.tables.timeline
        hours = timeline.open_hours(step.row.open_hours, step.time_zone, step.country, step.row.area, "delivery")
        key = hours.round_from.tobytes(), hours.round_to.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self.rounds)
            self.rounds.append((hours.round_of, hours.round_from, hours.round_to))
        return self._numbers[key]


def _timed(step: Learnable) -> Timed:
    return Timed(step.old, step.factors, step.calendar, step.share, step.held, step.refused)


@nb.njit(cache=True, nogil=True)
def list_upto(low: float, median: float, high: float, hours: int) -> Floats:
    """The distribution function of a duration in whole hours, from 0 until hardly anything is left."""
    found = np.empty(hours)
    for at in range(hours):
        found[at] = max(min(upto(low, median, high, at), 1.0), found[at - 1] if at else 0.0)
        if found[at] > 1 - CERTAIN:
            found[at] = 1.0
            return found[: at + 1]
    return found

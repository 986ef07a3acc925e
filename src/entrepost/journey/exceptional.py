"""When the calendar makes a route differ from its ordinary week, so that its real dates must be followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.book import RouteBook
from entrepost.journey.calendars import Timeline, ordinary_timeline
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Clear, Itinerary, Ride, Step, Work


@dataclass(frozen=True)
class Exceptions:
    """Finds the exceptional hours of routes on one dated timeline."""

    timeline: Timeline
    _ordinary: list[Timeline] = field(default_factory=list, repr=False)
    _hours: dict[Any, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def count_before(self, steps: Itinerary) -> NDArray[np.int64]:
        """How many exceptional hours of any step's place lie before each index of the timeline."""
        return np.concatenate([[0], np.cumsum(self._mask_of_all(steps))])

    def find_span(self, steps: Itinerary) -> tuple[int, int]:
        """The first and the last index of an exceptional hour of any step's place; the last is -1 without one."""
        hours = np.flatnonzero(self._mask_of_all(steps))
        return (int(hours[0]), int(hours[-1])) if hours.size else (self.timeline.hours, -1)

    def _mask_of_all(self, steps: Itinerary) -> NDArray[np.bool_]:
        mask = np.zeros(self.timeline.hours, dtype=np.bool_)
        for step in steps:
            mask |= self._mask(step)
        return mask

    def _mask(self, step: Step) -> NDArray[np.bool_]:
        key = _place(step)
        if key not in self._hours:
            self._hours[key] = self._ride(step) if isinstance(step, Ride) else self.timeline.exceptional_hours(*key)
        return self._hours[key]

    def _ride(self, step: Ride) -> NDArray[np.bool_]:
        """Hours at which the real timetable has a cutoff and the ordinary week has not, or the reverse."""
        if not self._ordinary:
            self._ordinary.append(ordinary_timeline(self.timeline.network, 0))
        usual = self._ordinary[0].departures(step.departures, step.time_zone)
        shift = (self.timeline.first_hour - self._ordinary[0].first_hour) % WEEK_HOURS
        expected = np.zeros((len(step.departures), self.timeline.hours), dtype=np.bool_)
        hour_of_week = (np.arange(self.timeline.hours) + shift) % WEEK_HOURS
        for cutoff, row in zip(usual.cutoff, usual.row, strict=True):
            if cutoff < WEEK_HOURS:
                expected[row] |= hour_of_week == cutoff
        runs = self.timeline.departures(step.departures, step.time_zone)
        real = np.zeros_like(expected)
        real[runs.row, runs.cutoff] = True
        found: NDArray[np.bool_] = (expected != real).any(axis=0)
        return found


@dataclass(frozen=True)
class RouteExceptions:
    """The exceptional hours of a book's routes, by their numbers; their spans are remembered."""

    book: RouteBook
    timeline: Timeline
    _spans: dict[int, tuple[int, int]] = field(default_factory=dict, repr=False)

    def list_spans(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """A row for each route of the book: its first and its last exceptional hour; of those asked for."""
        spans = np.full((len(self.book.routes), 2), -1)
        for number in numbers.tolist():
            if number not in self._spans:
                self._spans[number] = self._exceptions.find_span(self._steps(number))
            spans[number] = self._spans[number]
        return spans

    def count_before(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many exceptional hours lie before each index: up to the last ride, and behind it."""
        steps = self._steps(number)
        behind = max((place for place, step in enumerate(steps) if isinstance(step, Ride)), default=-1) + 1
        return self._exceptions.count_before(steps[:behind]), self._exceptions.count_before(steps[behind:])

    @cached_property
    def _exceptions(self) -> Exceptions:
        return Exceptions(self.timeline)

    def _steps(self, number: int) -> Itinerary:
        route = self.book.routes[number]
        return build_itinerary(self.book.network, route.service, route.facilities, route.area)


def _place(step: Step) -> tuple[str, str, str, str]:
    """Zone, country, facility and activity whose calendar rules a step; names a ride uniquely too."""
    if isinstance(step, Ride):
        modes = "+".join(sorted({row.mode for row in step.departures}))
        return (step.time_zone, "", step.from_facility, f"{modes} to {step.to_facility}")
    if isinstance(step, Clear):
        return (step.time_zone, step.country, step.channels[0].facility, "clearance")
    if isinstance(step, Work):
        return (step.time_zone, step.country, step.row.facility, step.row.activity)
    return (step.time_zone, step.country, step.row.area, "delivery")

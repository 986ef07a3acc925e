"""When the calendar makes a route differ from its ordinary week, so that its real dates must be followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.calendars import Timeline, ordinary_timeline
from entrepost.journey.step import Clear, Itinerary, Ride, Step, Work


@dataclass(frozen=True)
class Exceptions:
    """Finds the exceptional hours of routes on one dated timeline."""

    timeline: Timeline
    _ordinary: list[Timeline] = field(default_factory=list, repr=False)
    _hours: dict[Any, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def count_before(self, steps: Itinerary) -> NDArray[np.int64]:
        """How many exceptional hours of any step's place lie before each index of the timeline."""
        mask = np.zeros(self.timeline.hours, dtype=np.bool_)
        for step in steps:
            mask |= self._mask(step)
        return np.concatenate([[0], np.cumsum(mask)])

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

"""Push probabilities through the steps of an itinerary, on a timeline, in one regime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey import kernels
from entrepost.journey.calendars import Hours, Runs, Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.network.duration import Duration
from entrepost.network.regime import Regime

MILLION = 1_000_000


@dataclass(frozen=True)
class Engine:
    """The steps' maps on one timeline in one regime."""

    timeline: Timeline
    regime: Regime
    _spreads: dict[Any, Any] = field(default_factory=dict, repr=False)

    def start(self, indices: NDArray[np.int32]) -> kernels.Rows:
        """A row for each start: certainly there at that index of the timeline."""
        rows = np.zeros((indices.size, self.timeline.hours + 1))
        rows[np.arange(indices.size), indices] = 1.0
        return rows

    def push(self, rows: kernels.Rows, step: Step) -> kernels.Rows:
        """The rows after a step."""
        if isinstance(step, Work):
            return self._work(rows, step)
        if isinstance(step, Clear):
            return self._clear(rows, step)
        if isinstance(step, Ride):
            number = np.arange(len(rows), dtype=np.int32)
            weights = self.board(rows.astype(np.float32), number, np.zeros(len(rows), np.int32), step)
            return self.travel_on(weights, step)
        return self._deliver(rows, step)

    def push_all(self, rows: kernels.Rows, steps: tuple[Step, ...]) -> kernels.Rows:
        """The rows after all steps in order."""
        for step in steps:
            rows = self.push(rows, step)
        return rows

    def runs(self, step: Ride) -> Runs:
        """The departures of a ride on this timeline."""
        return self.timeline.departures(step.departures, step.time_zone)

    def board(
        self, rows: kernels.Curves, row_of_start: kernels.Index, starts: kernels.Index, step: Ride
    ) -> kernels.Rows:
        """How much of each start leaves with each run of a ride; see `kernels.board`."""
        runs = self.runs(step)
        missed = np.array([[row.missed_1_per_million, row.missed_2_per_million] for row in step.departures]) / MILLION
        return kernels.board(rows, row_of_start, starts, (runs.cutoff, runs.row), missed)

    def travel_on(self, weights: kernels.Rows, step: Ride) -> kernels.Rows:
        """The hours of arrival of what left with each run."""
        runs = self.runs(step)
        factor = self.regime.travel_factor
        spread = self._spread(tuple((row.duration, factor) for row in step.departures))
        return kernels.travel_on(weights, runs.leaves, runs.row, spread, self.timeline.hours + 1)

    def _work(self, rows: kernels.Rows, step: Work) -> kernels.Rows:
        out = np.zeros_like(rows)
        keep = 1 - step.row.lost_per_million / MILLION
        self._open_hours_work(rows, keep, self.hours_of(step), step.row.duration, self.regime.work_factor, out)
        return out

    def hours_of(self, step: Work) -> Hours:
        """The open hours of a step's place."""
        row = step.row
        return self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)

    def _clear(self, rows: kernels.Rows, step: Clear) -> kernels.Rows:
        out = np.zeros_like(rows)
        for row in step.channels:
            if row.refused or not row.share_per_million:
                continue
            hours = self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, "clearance")
            share = row.share_per_million / MILLION
            self._open_hours_work(rows, share, hours, row.duration, self.regime.clear_factor, out)
        return out

    def _deliver(self, rows: kernels.Rows, step: Deliver) -> kernels.Rows:
        row = step.row
        hours = self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
        variant, (first, probability) = self._variants(hours, row.duration, self.regime.deliver_factor)
        parts = np.split(probability, first[1:-1])
        reached = (first, np.concatenate([np.cumsum(part) for part in parts]))
        out = np.zeros_like(rows)
        rounds = (hours.round_of, hours.round_from, hours.round_to)
        kernels.spread_delivery(rows, 1 - row.lost_per_million / MILLION, rounds, variant, reached, out)
        return out

    def _open_hours_work(
        self, rows: kernels.Rows, keep: float, hours: Hours, duration: Duration, factor: float, out: kernels.Rows
    ) -> None:
        variant, spread = self._variants(hours, duration, factor)
        kernels.spread_work(rows, keep, (hours.count, hours.done, hours.reopens), variant, spread, out)

    def _variants(self, hours: Hours, duration: Duration, factor: float) -> tuple[NDArray[np.int32], kernels.Spread]:
        """Which of the distributions holds at each hour: on slow days the duration is longer."""
        key = (id(hours), duration, factor)
        if key not in self._spreads:
            factors, variant = np.unique(hours.factor, return_inverse=True)
            spread = self._spread(tuple((duration, factor * float(slow)) for slow in factors))
            self._spreads[key] = (variant.astype(np.int32), spread)
        found: tuple[NDArray[np.int32], kernels.Spread] = self._spreads[key]
        return found

    def _spread(self, durations: tuple[tuple[Duration, float], ...]) -> kernels.Spread:
        if durations not in self._spreads:
            parts = [discretise(duration, factor) for duration, factor in durations]
            first = np.concatenate([[0], np.cumsum([part.size for part in parts])]).astype(np.int32)
            self._spreads[durations] = (first, np.concatenate(parts))
        found: kernels.Spread = self._spreads[durations]
        return found

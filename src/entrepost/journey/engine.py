"""Push probabilities through the steps of an itinerary, on a timeline, in one regime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey import kernels
from entrepost.journey.calendars import Hours, Runs, Timeline
from entrepost.journey.discretise import discretise, slices
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

    def start(self, indices: NDArray[np.int32]) -> kernels.Followed:
        """A row for each start: certainly there at that index of the timeline."""
        rows, span = self._empty(indices.size)
        rows[np.arange(indices.size), indices] = 1.0
        span[:, 0], span[:, 1] = indices, indices + 1
        return rows, span

    def push(self, followed: kernels.Followed, step: Step) -> kernels.Followed:
        """The rows after a step, the last 0.002 % of each gathered where they begin."""
        after = self._empty(len(followed[0]))
        if isinstance(step, Work):
            keep = 1 - step.row.lost_per_million / MILLION
            self._work(followed, keep, self.hours_of(step), step.row.duration, self.regime.work_factor, after)
        elif isinstance(step, Clear):
            self._clear(followed, step, after)
        elif isinstance(step, Deliver):
            self._deliver(followed, step, after)
        else:
            return self._ride(followed, step)
        kernels.gather_tails(after)
        return after

    def push_all(self, followed: kernels.Followed, steps: tuple[Step, ...]) -> kernels.Followed:
        """The rows after all steps in order."""
        for step in steps:
            followed = self.push(followed, step)
        return followed

    def runs(self, step: Ride) -> Runs:
        """The departures of a ride on this timeline."""
        return self.timeline.departures(step.departures, step.time_zone)

    def board(
        self, rows: kernels.Curves, row_of_start: kernels.Index, starts: kernels.Index, step: Ride
    ) -> kernels.Rows:
        """How much of each start leaves with each run of a ride; see `kernels.board`."""
        runs = self.runs(step)
        missed = np.array([[row.missed_1_per_million, row.missed_2_per_million] for row in step.departures]) / MILLION
        weights = kernels.board(rows, row_of_start, starts, (runs.cutoff, runs.row), missed)
        kernels.join_small(weights)
        return weights

    def travel_on(self, weights: kernels.Rows, step: Ride) -> kernels.Followed:
        """The hours of arrival of what left with each run."""
        runs = self.runs(step)
        factor = self.regime.travel_factor
        spread = self._spread(tuple((row.duration, factor) for row in step.departures))
        after = self._empty(len(weights))
        kernels.travel_on(weights, runs.leaves, runs.row, spread, after)
        kernels.gather_tails(after)
        return after

    def _empty(self, rows: int) -> kernels.Followed:
        """Rows with nothing in them; memory is taken only where something is added."""
        span = np.zeros((rows, 2), np.int32)
        span[:, 0] = self.timeline.hours + 1
        return np.zeros((rows, self.timeline.hours + 1)), span

    def _ride(self, followed: kernels.Followed, step: Ride) -> kernels.Followed:
        number = np.arange(len(followed[0]), dtype=np.int32)
        span = followed[1]
        width = int((span[:, 1] - span[:, 0]).max(initial=1))
        rows = kernels.relative(followed, number, np.ascontiguousarray(span[:, 0]), max(width, 1))
        return self.travel_on(self.board(rows, number, np.ascontiguousarray(span[:, 0]), step), step)

    def hours_of(self, step: Work) -> Hours:
        """The open hours of a step's place."""
        row = step.row
        return self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)

    def _clear(self, followed: kernels.Followed, step: Clear, after: kernels.Followed) -> None:
        for row in step.channels:
            if row.refused or not row.share_per_million:
                continue
            hours = self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, "clearance")
            share = row.share_per_million / MILLION
            self._work(followed, share, hours, row.duration, self.regime.clear_factor, after)

    def _deliver(self, followed: kernels.Followed, step: Deliver, after: kernels.Followed) -> None:
        row = step.row
        hours = self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
        variant, (first, probability) = self._variants(hours, row.duration, self.regime.deliver_factor)
        parts = np.split(probability, first[1:-1])
        reached = (first, np.concatenate([np.cumsum(part) for part in parts]))
        rounds = (hours.round_of, hours.round_from, hours.round_to)
        kernels.spread_delivery(followed, 1 - row.lost_per_million / MILLION, rounds, variant, reached, after)

    def _work(
        self,
        followed: kernels.Followed,
        keep: float,
        hours: Hours,
        duration: Duration,
        factor: float,
        after: kernels.Followed,
    ) -> None:
        variant, spread = self._variants(hours, duration, factor)
        calendar = (hours.count, hours.done, hours.reopens)
        kernels.spread_work(followed, keep, calendar, variant, (spread, self._slices(hours, duration, factor)), after)

    def _variants(self, hours: Hours, duration: Duration, factor: float) -> tuple[NDArray[np.int32], kernels.Spread]:
        """Which of the distributions holds at each hour: on slow days the duration is longer."""
        key = (id(hours), duration, factor)
        if key not in self._spreads:
            factors, variant = np.unique(hours.factor, return_inverse=True)
            spread = self._spread(tuple((duration, factor * float(slow)) for slow in factors))
            self._spreads[key] = (variant.astype(np.int32), spread)
        found: tuple[NDArray[np.int32], kernels.Spread] = self._spreads[key]
        return found

    def _slices(self, hours: Hours, duration: Duration, factor: float) -> kernels.Slices:
        key = ("slices", id(hours), duration, factor)
        if key not in self._spreads:
            parts = [slices(duration, factor * float(slow)) for slow in np.unique(hours.factor)]
            self._spreads[key] = (np.stack([part[0] for part in parts]), np.stack([part[1] for part in parts]))
        found: kernels.Slices = self._spreads[key]
        return found

    def _spread(self, durations: tuple[tuple[Duration, float], ...]) -> kernels.Spread:
        if durations not in self._spreads:
            parts = [discretise(duration, factor) for duration, factor in durations]
            first = np.concatenate([[0], np.cumsum([part.size for part in parts])]).astype(np.int32)
            self._spreads[durations] = (first, np.concatenate(parts))
        found: kernels.Spread = self._spreads[durations]
        return found

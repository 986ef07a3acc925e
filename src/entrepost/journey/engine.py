"""Push probabilities through the steps of an itinerary, on a timeline, in one regime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey import kernels, rounds
from entrepost.journey.calendars import Hours, Runs, Timeline
from entrepost.journey.discretise import discretise, slices
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.network.duration import Duration
from entrepost.network.regime import Regime

MILLION = 1_000_000

HEAD = 0.96
"""A distribution is followed hour by hour up to this share, the rest in slices."""

Part = tuple[float, Duration]
"""A share of the items and how long it takes them."""


@dataclass(frozen=True)
class Engine:
    """The steps' maps on one timeline in one regime."""

    timeline: Timeline
    regime: Regime
    _spreads: dict[Any, Any] = field(default_factory=dict, repr=False)

    def start(self, indices: NDArray[np.int32]) -> kernels.Followed:
        """A row for each start: certainly there at that index of the timeline."""
        rows, span = self.empty(indices.size)
        rows[np.arange(indices.size), indices] = 1.0
        span[:, 0], span[:, 1] = indices, indices + 1
        return rows, span

    def push(self, followed: kernels.Followed, step: Step) -> kernels.Followed:
        """The rows after a step; what is improbable is joined with what comes later."""
        if isinstance(step, Ride):
            return self._ride(followed, step)
        after = self.empty(len(followed[0]))
        if isinstance(step, Work):
            kept = 1 - step.row.lost_per_million / MILLION
            parts = ((kept, step.row.duration),)
            self._work(followed, parts, self.hours_of(step), self.regime.work_factor, after)
        elif isinstance(step, Clear):
            self._clear(followed, step, after)
        else:
            self._deliver(followed, step, after)
        kernels.join_small(after)
        return after

    def push_all(self, followed: kernels.Followed, steps: tuple[Step, ...]) -> kernels.Followed:
        """The rows after all steps in order."""
        for step in steps:
            followed = self.push(followed, step)
        return followed

    def runs(self, step: Ride) -> Runs:
        """The departures of a ride on this timeline."""
        return self.timeline.departures(step.departures, step.time_zone)

    def board(self, rows: kernels.Curves, starts: kernels.Index, step: Ride) -> kernels.Rows:
        """How much of each start leaves with each run of a ride; see `kernels.board`."""
        runs = self.runs(step)
        missed = np.array([[row.missed_1_per_million, row.missed_2_per_million] for row in step.departures]) / MILLION
        weights = kernels.board(rows, starts, (runs.cutoff, runs.row), missed)
        kernels.join_small((weights, np.tile(np.array([0, runs.cutoff.size], np.int32), (len(weights), 1))))
        return weights

    def travel_on(self, weights: kernels.Rows, step: Ride) -> kernels.Followed:
        """The hours of arrival of what left with each run."""
        runs = self.runs(step)
        factor = self.regime.travel_factor
        spread = self._spread(tuple((row.duration, factor) for row in step.departures))
        after = self.empty(len(weights))
        kernels.travel_on(weights, runs.leaves, runs.row, spread, after)
        kernels.join_small(after)
        return after

    def empty(self, rows: int) -> kernels.Followed:
        """Rows with nothing in them; memory is taken only where something is added."""
        span = np.zeros((rows, 2), np.int32)
        span[:, 0] = self.timeline.hours + 1
        return np.zeros((rows, self.timeline.hours + 1)), span

    def _ride(self, followed: kernels.Followed, step: Ride) -> kernels.Followed:
        span = followed[1]
        width = int((span[:, 1] - span[:, 0]).max(initial=1))
        starts = np.ascontiguousarray(span[:, 0])
        return self.travel_on(self.board(kernels.relative(followed, starts, max(width, 1)), starts, step), step)

    def hours_of(self, step: Work) -> Hours:
        """The open hours of a step's place."""
        row = step.row
        return self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)

    def _clear(self, followed: kernels.Followed, step: Clear, after: kernels.Followed) -> None:
        """Channels that keep the same hours are one distribution, the sum of theirs by their shares."""
        by_hours: dict[str, tuple[Part, ...]] = {}
        for row in step.channels:
            if not row.refused and row.share_per_million:
                part = (row.share_per_million / MILLION, row.duration)
                by_hours[row.open_hours] = (*by_hours.get(row.open_hours, ()), part)
        facility = step.channels[0].facility
        for text, parts in by_hours.items():
            hours = self.timeline.open_hours(text, step.time_zone, step.country, facility, "clearance")
            self._work(followed, parts, hours, self.regime.clear_factor, after)

    def _work(
        self,
        followed: kernels.Followed,
        parts: tuple[Part, ...],
        hours: Hours,
        factor: float,
        after: kernels.Followed,
    ) -> None:
        pieces = self._pieces(parts, factor, hours.factors)
        kernels.spread_work(followed, (hours.count, hours.done, hours.reopens), hours.variant, pieces, after)

    def rounds_of(self, step: Deliver) -> Hours:
        """The delivery rounds of a last mile's area."""
        row = step.row
        return self.timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")

    def hand_over(self, followed: kernels.Followed, step: Deliver, share: float, shares: kernels.Rows) -> None:
        """Add to `shares`, a column for each round of the area, `share` of what goes with it."""
        hours = self.rounds_of(step)
        kept = share * (1 - step.row.lost_per_million / MILLION)
        reached = self._reached(step.row.duration, self.regime.deliver_factor, hours.factors)
        rounds.hand_over(followed, kept, (hours.round_of, hours.round_from), hours.variant, reached, shares)

    def _deliver(self, followed: kernels.Followed, step: Deliver, after: kernels.Followed) -> None:
        hours = self.rounds_of(step)
        shares = np.zeros((len(followed[0]), hours.round_from.size))
        self.hand_over(followed, step, 1.0, shares)
        rounds.in_hours(shares, (hours.round_from, hours.round_to), after)

    def _reached(self, duration: Duration, factor: float, slow: tuple[float, ...]) -> kernels.Spread:
        """The distribution functions of a duration, one for each factor of slow days."""
        key = (duration, factor, slow)
        if key not in self._spreads:
            self._spreads[key] = _in_a_row([np.cumsum(discretise(duration, factor * each)) for each in slow])
        found: kernels.Spread = self._spreads[key]
        return found

    def _pieces(self, parts: tuple[Part, ...], factor: float, slow: tuple[float, ...]) -> kernels.Pieces:
        """A duration in the pieces in which it is spread, once for each factor of slow days."""
        key = (parts, factor, slow)
        if key not in self._spreads:
            curves = [_mix(parts, factor * each) for each in slow]
            heads = [curve[: int(np.searchsorted(np.cumsum(curve), HEAD * curve.sum())) + 1] for curve in curves]
            tails = [
                np.where(np.arange(curve.size) < len(head), 0, curve) for curve, head in zip(curves, heads, strict=True)
            ]
            self._spreads[key] = (_in_a_row(heads), _sliced(tails), _sliced(curves))
        found: kernels.Pieces = self._spreads[key]
        return found

    def _spread(self, durations: tuple[tuple[Duration, float], ...]) -> kernels.Spread:
        if durations not in self._spreads:
            self._spreads[durations] = _in_a_row([discretise(duration, factor) for duration, factor in durations])
        found: kernels.Spread = self._spreads[durations]
        return found


def _mix(parts: tuple[Part, ...], factor: float) -> NDArray[np.float64]:
    curves = [share * discretise(duration, factor) for share, duration in parts]
    total = np.zeros(max(curve.size for curve in curves))
    for curve in curves:
        total[: curve.size] += curve
    return total


def _in_a_row(curves: list[NDArray[np.float64]]) -> kernels.Spread:
    first = np.concatenate([[0], np.cumsum([curve.size for curve in curves])]).astype(np.int32)
    return first, np.concatenate(curves)


def _sliced(curves: list[NDArray[np.float64]]) -> kernels.Slices:
    each = [slices(curve) for curve in curves]
    return np.stack([hours for hours, _ in each]), np.stack([shares for _, shares in each])

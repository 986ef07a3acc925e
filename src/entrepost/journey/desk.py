"""The desk follows routes on one timeline, in every regime, in two halves that meet at the last ride.

Before it every opening is followed on its own, up to the runs that its items leave with. From it on
all who leave with the same run share their future, whenever and wherever they came from; in the
ordinary week the runs of all weeks are those of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.calendars import Timeline
from entrepost.journey.engine import Engine
from entrepost.journey.step import Deliver, Itinerary, Ride, Step, Work


@dataclass(frozen=True)
class Futures:
    """What becomes of the runs of a ride in one regime: run `j` goes on as row `future[j]`, `weeks[j]` weeks later."""

    future: NDArray[np.int32]
    weeks: NDArray[np.int32]
    cleared: kernels.Followed


@dataclass(frozen=True)
class Parts:
    """An itinerary in its three parts; without a ride (from stock) all before the last mile is `behind`."""

    before: Itinerary
    behind: Itinerary
    last_mile: Deliver


def split(steps: Itinerary) -> Parts:
    """Split a whole itinerary in front of its last ride and in front of its last mile."""
    last = steps[-1]
    assert isinstance(last, Deliver), "every itinerary ends with its last mile"
    ride = _last_ride(steps)
    return Parts(steps[:ride], steps[ride:-1], last)


def first_part(before: Itinerary) -> Itinerary:
    """What lies in front of the first ride."""
    return tuple(takewhile(lambda step: not isinstance(step, Ride), before))


def _last_ride(steps: Itinerary) -> int:
    return max((place for place, step in enumerate(steps) if isinstance(step, Ride)), default=0)


@dataclass(frozen=True)
class Desk:
    """Follows routes from `starts`, indices of the timeline in ascending order.

    In the ordinary week the starts are its 168 hours. A desk may serve several threads; at worst
    what they share is computed twice.
    """

    engines: tuple[Engine, ...]
    starts: NDArray[np.int32]
    _ready: dict[Itinerary, tuple[kernels.Curves, ...]] = field(default_factory=dict, repr=False)

    @property
    def timeline(self) -> Timeline:
        """The timeline of all engines."""
        return self.engines[0].timeline

    def openings(self, steps: Itinerary, starts: NDArray[np.int32]) -> NDArray[np.int32]:
        """The indices from which starts go on: where the first work waits for its opening, that one."""
        first: Step | None = steps[0] if steps else None
        if not isinstance(first, Work):
            return starts
        reopens = self.engines[0].hours_of(first).reopens[starts]
        return np.minimum(np.maximum(reopens, starts), self.timeline.hours).astype(np.int32)

    def ready(self, before: Itinerary, openings: NDArray[np.int32]) -> Sequence[kernels.Curves]:
        """For each regime how long after its opening an item has passed `before`."""
        ride = _last_ride(before)
        if first_part(before) == before:
            return self._handed_over(before, openings)
        rows = []
        boarded = self.board(before[ride:], openings, self.ready(before[:ride], openings))
        onward = self.futures(before[ride:], [runs for _, runs, _ in boarded])
        for engine, weights, futures in zip(self.engines, boarded, onward, strict=True):
            after = engine.empty(openings.size)
            kernels.mix(weights, futures.future, futures.weeks * np.int32(WEEK_HOURS), futures.cleared, after)
            kernels.join_small(after)
            rows.append(_seen_from(openings, after))
        return rows

    def board(
        self, behind: Itinerary, openings: NDArray[np.int32], ready: Sequence[kernels.Curves]
    ) -> Sequence[kernels.Weights]:
        """For each regime how much of each opening goes on with each run of the ride that `behind` begins with.

        Where it begins with none (from stock) every hour is a run, and all of an opening goes on at its own.
        """
        ride = behind[0] if behind else None
        if not isinstance(ride, Ride):
            at_once = np.arange(openings.size + 1, dtype=np.int32), openings, np.ones(openings.size)
            return [at_once] * len(self.engines)
        pairs = zip(self.engines, ready, strict=True)
        return [kernels.compress(engine.board(rows, openings, ride)) for engine, rows in pairs]

    def futures(self, behind: Itinerary, boarded: Sequence[NDArray[np.int32]]) -> Sequence[Futures]:
        """For each regime what becomes of the runs that are boarded."""
        pairs = zip(self.engines, boarded, strict=True)
        return [self._futures(engine, behind, np.unique(runs)) for engine, runs in pairs]

    def _futures(self, engine: Engine, behind: Itinerary, boarded: NDArray[np.int32]) -> Futures:
        ride = behind[0] if behind else None
        if not isinstance(ride, Ride):
            number = np.arange(self.timeline.hours + 1)
            cleared = engine.push_all(engine.start(boarded), behind)
            return Futures(np.searchsorted(boarded, number).astype(np.int32), np.zeros(number.size, np.int32), cleared)
        cutoff = engine.runs(ride).cutoff
        number = np.arange(cutoff.size)
        period = int(np.searchsorted(cutoff, WEEK_HOURS)) if self.timeline.ordinary else number.size
        week, of_week = np.divmod(number, max(period, 1))
        used = np.unique(of_week[boarded])
        identity = np.zeros((used.size, cutoff.size))
        identity[np.arange(used.size), used] = 1.0
        cleared = engine.push_all(engine.travel_on(identity, ride), behind[1:])
        return Futures(np.searchsorted(used, of_week).astype(np.int32), week.astype(np.int32), cleared)

    def prepare(self, before: Itinerary) -> None:
        """Follow all openings of the desk through what lies in front of a first ride, and remember it."""
        if before and before not in self._ready:
            every = self._every_opening(before)
            self._ready[before] = tuple(
                _seen_from(every, engine.push_all(engine.start(every), before)) for engine in self.engines
            )

    def _handed_over(self, before: Itinerary, openings: NDArray[np.int32]) -> Sequence[kernels.Curves]:
        if not before:
            return [np.ones((openings.size, 1), np.float32)] * len(self.engines)
        self.prepare(before)
        positions = np.searchsorted(self._every_opening(before), openings)
        return [rows[positions] for rows in self._ready[before]]

    def _every_opening(self, before: Itinerary) -> NDArray[np.int32]:
        return np.unique(self.openings(before, self.starts)).astype(np.int32)


def _seen_from(openings: NDArray[np.int32], followed: kernels.Followed) -> kernels.Curves:
    return kernels.relative(followed, openings, int((followed[1][:, 1] - openings).max(initial=1)))


def desk_of(timeline: Timeline, starts: NDArray[np.int32]) -> Desk:
    """A desk with an engine for each regime of the network."""
    return Desk(tuple(Engine(timeline, regime) for regime in timeline.network.regimes), starts)

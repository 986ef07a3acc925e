"""The desk follows routes on one timeline and remembers what they share in front of the first ride."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.calendars import Timeline
from entrepost.journey.distribution import Distribution, Lead, combine, split
from entrepost.journey.engine import Engine
from entrepost.journey.step import Itinerary, Ride, Step, Work


@dataclass(frozen=True)
class Desk:
    """Follows routes from `starts`, indices of the timeline in ascending order.

    In the ordinary week the starts are its 168 hours. Leads may be taken from several threads; at
    worst what they share is computed twice.
    """

    engines: tuple[Engine, ...]
    starts: NDArray[np.int32]
    _ready: dict[Itinerary, tuple[kernels.Curves, ...]] = field(default_factory=dict, repr=False)

    @property
    def timeline(self) -> Timeline:
        """The timeline of all engines."""
        return self.engines[0].timeline

    def distribution(self, steps: Itinerary, starts: NDArray[np.int32], longest: int) -> Distribution:
        """The distribution of one route."""
        return combine(self.lead(steps[:-1], starts), self.engines, steps[-1], longest)

    def lead(self, steps: Itinerary, starts: NDArray[np.int32]) -> Lead:
        """Follow some of the desk's starts through all steps but the last mile."""
        before, rest = split(steps)
        ride = rest[0] if rest else None
        if not isinstance(ride, Ride):
            return self._no_ride(rest, starts)
        openings, row = np.unique(self._openings(before, starts), return_inverse=True)
        openings = openings.astype(np.int32)
        ready = self._ready_rows(before, openings)
        cleared = tuple(
            self._cleared(engine, rest, engine.board(rows, openings, ride))
            for engine, rows in zip(self.engines, ready, strict=True)
        )
        return Lead(row.astype(np.int32), (openings[row] - starts).astype(np.int32), openings, cleared)

    def _cleared(self, engine: Engine, steps: Itinerary, weights: NDArray[np.float64]) -> kernels.Followed:
        """From the weights of starts on runs to when they are cleared; each run is followed once."""
        ride = steps[0]
        assert isinstance(ride, Ride)
        runs = engine.runs(ride)
        number = np.arange(runs.cutoff.size)
        period = int(np.searchsorted(runs.cutoff, WEEK_HOURS)) if self.timeline.ordinary else number.size
        week, of_week = np.divmod(number, max(period, 1))
        used = np.unique(of_week[weights.max(axis=0, initial=0) > 0])
        identity = np.zeros((used.size, runs.cutoff.size))
        identity[np.arange(used.size), used] = 1.0
        tails = engine.push_all(engine.travel_on(identity, ride), steps[1:])
        tail_of_run = np.searchsorted(used, of_week).astype(np.int32)
        after = engine.empty(len(weights))
        kernels.mix(weights, tail_of_run, (week * WEEK_HOURS).astype(np.int32), tails, after)
        kernels.join_small(after)
        return after

    def _ready_rows(self, before: Itinerary, openings: NDArray[np.int32]) -> Sequence[kernels.Curves]:
        """For each regime how long after its opening a start is ready for the first ride."""
        if before not in self._ready:
            every = np.unique(self._openings(before, self.starts)).astype(np.int32)
            self._ready[before] = tuple(self._follow(engine, before, every) for engine in self.engines)
        positions = np.searchsorted(np.unique(self._openings(before, self.starts)), openings)
        return [rows[positions] for rows in self._ready[before]]

    def _follow(self, engine: Engine, steps: Itinerary, openings: NDArray[np.int32]) -> kernels.Curves:
        followed = engine.push_all(engine.start(openings), steps)
        return kernels.relative(followed, openings, int((followed[1][:, 1] - openings).max(initial=1)))

    def _openings(self, steps: Itinerary, starts: NDArray[np.int32]) -> NDArray[np.int32]:
        """The indices from which starts go on: where the first work waits for its opening, that one."""
        first: Step | None = steps[0] if steps else None
        if not isinstance(first, Work):
            return starts
        reopens = self.engines[0].hours_of(first).reopens[starts]
        return np.minimum(np.maximum(reopens, starts), self.timeline.hours).astype(np.int32)

    def _no_ride(self, steps: Itinerary, starts: NDArray[np.int32]) -> Lead:
        """From stock nothing rides."""
        openings, row = np.unique(self._openings(steps, starts), return_inverse=True)
        openings = openings.astype(np.int32)
        cleared = tuple(engine.push_all(engine.start(openings), steps) for engine in self.engines)
        return Lead(row.astype(np.int32), (openings[row] - starts).astype(np.int32), openings, cleared)


def desk_of(timeline: Timeline, starts: NDArray[np.int32]) -> Desk:
    """A desk with an engine for each regime of the network."""
    return Desk(tuple(Engine(timeline, regime) for regime in timeline.network.regimes), starts)

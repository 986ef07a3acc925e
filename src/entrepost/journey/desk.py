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

LEAST_WEIGHT = 1e-7


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
        runs = self.engines[0].runs(ride)
        openings, row = np.unique(self._openings(before, starts), return_inverse=True)
        openings = openings.astype(np.int32)
        weights = [
            engine.board(ready, openings, ride)
            for engine, ready in zip(self.engines, self._ready_rows(before, openings), strict=True)
        ]
        used = np.flatnonzero(np.sum([weight.max(axis=0, initial=0) for weight in weights], axis=0) > LEAST_WEIGHT)
        period = int(np.searchsorted(runs.cutoff, WEEK_HOURS)) if self.timeline.ordinary else 0
        begun = np.arange(period) if period else used
        identity = np.zeros((begun.size, runs.cutoff.size))
        identity[np.arange(begun.size), begun] = 1.0
        mixtures = []
        for weight in weights:
            start, column = np.nonzero(weight[:, used] > LEAST_WEIGHT)
            run = used[column]
            tail = run % period if period else column
            mixtures.append(np.column_stack([start, tail, runs.leaves[run] - openings[start], weight[start, run]]))
        cleared = tuple(engine.push_all(engine.travel_on(identity, ride), rest[1:]) for engine in self.engines)
        wait = (openings[row] - starts).astype(np.int32)
        return Lead(row.astype(np.int32), wait, runs.leaves[begun], tuple(mixtures), cleared)

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
        """From stock nothing rides: every opening is a tail of its own."""
        openings, row = np.unique(self._openings(steps, starts), return_inverse=True)
        openings = openings.astype(np.int32)
        number = np.arange(openings.size)
        mixture = np.column_stack([number, number, np.zeros(openings.size), np.ones(openings.size)]).astype(np.float64)
        cleared = tuple(engine.push_all(engine.start(openings), steps) for engine in self.engines)
        wait = (openings[row] - starts).astype(np.int32)
        return Lead(row.astype(np.int32), wait, openings, (mixture,) * len(self.engines), cleared)


def desk_of(timeline: Timeline, starts: NDArray[np.int32]) -> Desk:
    """A desk with an engine for each regime of the network."""
    return Desk(tuple(Engine(timeline, regime) for regime in timeline.network.regimes), starts)

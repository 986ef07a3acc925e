"""The arrival-time distribution of a route: exact, for every start, in one small object.

A journey has three stretches. *Before* the first departure every start is followed on its own; all
who leave with the same run share the *rides*; all who reach the last facility in the same hour share
what lies *behind* it, whatever way they came. So a distribution is a mixture of tails, and in the
ordinary week the runs and hours of all weeks are those of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.calendars import Timeline
from entrepost.journey.engine import MILLION, Engine
from entrepost.journey.step import Itinerary, Ride, Work
from entrepost.network.regime import Regime

WAIT_CAP_HOURS = 60 * 24
"""What has not arrived after 60 days counts as 60 days (the definition of the wait)."""

BEHIND_HOURS = 60 * 24
"""How far the last stretch is followed; what takes longer counts as not arrived."""

LEAST_WEIGHT = 1e-7

WEEK_STARTS = np.arange(WEEK_HOURS, dtype=np.int32)


@dataclass(frozen=True)
class Distribution:
    """Arrival times of one route for a number of starts; see `kernels.Mixture` for the shapes.

    `tails[i, x]` is the probability that a tail has arrived within `x` hours. Hours count from the
    start; those beyond `longest` are null.
    """

    mixture: kernels.Mixture
    tails: NDArray[np.float64]
    longest: int

    @cached_property
    def survived(self) -> NDArray[np.float64]:
        """For each tail and x the sum of its survival function over the hours 0 to x - 1."""
        sums = np.cumsum(1 - self.tails, axis=1)
        return np.concatenate([np.zeros((len(sums), 1)), sums], axis=1)

    def describe(
        self, starts: NDArray[np.int32], items: NDArray[np.int32], levels: Sequence[float]
    ) -> NDArray[np.float64]:
        """Mean and quantiles of the wait of the last of `items` items.

        Returns an array of shape (starts, 1 + 2 x levels): the mean in hours (what has not arrived
        within 60 days counted as 60), then for each level the hour (-1: beyond the horizon) and the
        probability of having arrived by that hour.
        """
        limits = (self.longest, WAIT_CAP_HOURS)
        curves = (self.tails, self.survived)
        return kernels.describe(starts, items, np.array(levels), limits, self.mixture, curves)

    def probability(
        self, starts: NDArray[np.int32], hours: NDArray[np.int32], items: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Probability that the last of `items` items has arrived within so many hours of each start."""
        return kernels.probabilities(starts, hours, items, self.mixture, self.tails)

    def cdf(self, start: int) -> NDArray[np.float64]:
        """The distribution function of one start over the hours 0, 1, ..., `longest`."""
        hours = np.arange(self.longest + 1, dtype=np.int32)
        return self.probability(np.full(hours.size, start, np.int32), hours, np.ones(hours.size, np.int32))


def split(steps: Itinerary) -> tuple[Itinerary, Itinerary, Itinerary]:
    """The steps before the first ride, the rides with what lies between them, and those behind."""
    rides = [index for index, step in enumerate(steps) if isinstance(step, Ride)]
    if not rides:
        return (), (), steps
    return steps[: rides[0]], steps[rides[0] : rides[-1] + 1], steps[rides[-1] + 1 :]


@dataclass(frozen=True)
class Lead:
    """A route up to its last facility, in every regime: starts to tails, tails to hours of arrival.

    `mixtures[regime]` = (start, tail, after, weight) rows, `arrivals[regime]` as `kernels.follow_tails`
    takes them, indices of the timeline.
    """

    starts: int
    mixtures: tuple[NDArray[np.float64], ...]
    arrivals: tuple[kernels.Mixture, ...]


@dataclass(frozen=True)
class Desk:
    """Follows routes on one timeline, remembering what routes share.

    `behind` and `lead` are used from several threads; at worst a shared part is computed twice.
    """

    engines: tuple[Engine, ...]
    _ready: dict[object, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    @property
    def timeline(self) -> Timeline:
        """The timeline of all engines."""
        return self.engines[0].timeline

    def lead(self, before: Itinerary, rides: Itinerary, starts: NDArray[np.int32]) -> Lead:
        """Follow starts up to the hours at which they reach the last facility."""
        if not rides:
            return _no_ride(starts, len(self.engines))
        ride = rides[0]
        assert isinstance(ride, Ride)
        runs = self.engines[0].runs(ride)
        period = int(np.searchsorted(runs.cutoff, WEEK_HOURS)) if self.timeline.ordinary else 0
        opening, back = self._openings(before, starts)
        weights = [engine.board(self._ready_rows(engine, before, opening), ride) for engine in self.engines]
        used = np.flatnonzero(np.sum([weight.max(axis=0) for weight in weights], axis=0) > LEAST_WEIGHT)
        begun = np.arange(period) if period else used
        identity = np.zeros((begun.size, runs.cutoff.size))
        identity[np.arange(begun.size), begun] = 1.0
        mixtures, arrivals = [], []
        for engine, weight in zip(self.engines, weights, strict=True):
            start, column = np.nonzero(weight[back][:, used] > LEAST_WEIGHT)
            run = used[column]
            tail = run % period if period else column
            after = runs.leaves[run] - starts[start]
            mixtures.append(np.column_stack([start, tail, after, weight[back[start], run]]))
            rows = engine.push_all(engine.travel_on(identity, ride), rides[1:])
            arrivals.append(_arrivals(rows, runs.leaves[begun]))
        return Lead(starts.size, tuple(mixtures), tuple(arrivals))

    def behind(self, steps: Itinerary, hours: NDArray[np.int32] = WEEK_STARTS) -> tuple[NDArray[np.float64], ...]:
        """For each regime the hours from reaching the last facility (a row each) to the first attempt."""
        opening, back = self._openings(steps, hours)
        found = []
        for engine in self.engines:
            cleared = self._ready_rows(engine, steps[:-1], opening)
            rows = engine.push(cleared, steps[-1])[back]
            found.append(_trim(kernels.relative(rows, hours, BEHIND_HOURS + 1)))
        return tuple(found)

    def reached(self, leads: Sequence[Lead]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The hours at which leads reach their last facility, and for every index the row that stands for it.

        In the ordinary week these are its 168 hours, repeated.
        """
        if self.timeline.ordinary:
            return WEEK_STARTS, (np.arange(self.timeline.hours + 1) % WEEK_HOURS).astype(np.int32)
        hours = np.unique(np.concatenate([arrivals[1] for lead in leads for arrivals in lead.arrivals]))
        row_of_hour = np.zeros(self.timeline.hours + 1, np.int32)
        row_of_hour[hours] = np.arange(hours.size)
        return hours.astype(np.int32), row_of_hour

    def _ready_rows(self, engine: Engine, before: Itinerary, opening: NDArray[np.int32]) -> NDArray[np.float64]:
        key = (engine.regime.regime, before, opening.tobytes())
        if key not in self._ready:
            self._ready[key] = engine.push_all(engine.start(opening), before)
        return self._ready[key]

    def _openings(self, steps: Itinerary, starts: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The distinct indices from which starts go on, and which is whose: who waits for one opening is alike."""
        first = steps[0] if steps else None
        if isinstance(first, Work):
            reopens = self.engines[0].hours_of(first).reopens[starts]
            starts = np.minimum(np.maximum(reopens, starts), self.timeline.hours)
        opening, back = np.unique(starts, return_inverse=True)
        return opening.astype(np.int32), back


def desk_of(timeline: Timeline, regimes: Sequence[Regime]) -> Desk:
    """A desk with an engine for each regime."""
    return Desk(tuple(Engine(timeline, regime) for regime in regimes))


def combine(
    lead: Lead, behind: tuple[NDArray[np.float64], ...], row_of_hour: NDArray[np.int32], desk: Desk, longest: int
) -> Distribution:
    """The distribution of a route from its lead and what lies behind its last facility."""
    curves, entries, offset = [], [], 0
    for number, engine in enumerate(desk.engines):
        curve = kernels.follow_tails(lead.arrivals[number], row_of_hour, behind[number], longest)
        rows = lead.mixtures[number].copy()
        rows[:, 1] += offset
        rows[:, 3] *= engine.regime.share_per_million / MILLION
        offset += len(curve)
        curves.append(curve)
        entries.append(rows)
    table = np.concatenate(entries)
    table = table[np.argsort(table[:, 0], kind="stable")]
    first = np.searchsorted(table[:, 0], np.arange(lead.starts + 1)).astype(np.int32)
    mixture = (first, table[:, 1].astype(np.int32), table[:, 2].astype(np.int32), np.ascontiguousarray(table[:, 3]))
    return Distribution(mixture, np.concatenate(curves), longest)


def _no_ride(starts: NDArray[np.int32], regimes: int) -> Lead:
    """From stock nothing rides: every start is a tail that is at the last facility at once."""
    number = np.arange(starts.size)
    mixture = np.column_stack([number, number, np.zeros(starts.size), np.ones(starts.size)]).astype(np.float64)
    first = np.arange(starts.size + 1, dtype=np.int32)
    arrivals = (first, starts, np.zeros(starts.size, np.int32), np.ones(starts.size, np.float64))
    return Lead(starts.size, (mixture,) * regimes, (arrivals,) * regimes)


def _arrivals(rows: NDArray[np.float64], begins: NDArray[np.int32]) -> kernels.Mixture:
    tail, hour = np.nonzero(rows > LEAST_WEIGHT)
    first = np.searchsorted(tail, np.arange(len(rows) + 1)).astype(np.int32)
    return first, hour.astype(np.int32), (hour - begins[tail]).astype(np.int32), rows[tail, hour]


def _trim(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the columns behind the last probability that counts."""
    width = int(np.flatnonzero(rows.max(axis=0) > LEAST_WEIGHT).max(initial=0)) + 1
    return np.ascontiguousarray(rows[:, :width])

"""The arrival-time distribution of a route: exact, for every start, in one small object.

Up to the first departure every start hour is followed on its own; from there on all who leave with
the same run share their future. So a distribution is a mixture: with which weight a start goes on
as which tail, after how many hours. In the ordinary week the runs of all weeks are those of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.calendars import Timeline
from entrepost.journey.engine import MILLION, Engine
from entrepost.journey.step import Itinerary, Ride
from entrepost.network.regime import Regime

WAIT_CAP_HOURS = 60 * 24
"""What has not arrived after 60 days counts as 60 days (the definition of the wait)."""

LEAST_WEIGHT = 1e-9


@dataclass(frozen=True)
class Distribution:
    """Arrival times of one route for a number of starts.

    `mixture` = (first, tail, after, weight): start `s` goes on as tail `tail[e]`, `after[e]` hours
    later, with `weight[e]`, for e in first[s]:first[s + 1]. `tails[i, x]` is the probability that a
    tail has arrived within `x` hours. Hours count from the start; those beyond `longest` are null.
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
        return kernels.describe(
            starts, items, np.array(levels), (self.longest, WAIT_CAP_HOURS), self.mixture, (self.tails, self.survived)
        )

    def probability(
        self, starts: NDArray[np.int32], hours: NDArray[np.int32], items: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Probability that the last of `items` items has arrived within so many hours of each start."""
        return kernels.probabilities(starts, hours, items, self.mixture, self.tails)

    def cdf(self, start: int) -> NDArray[np.float64]:
        """The distribution function of one start over the hours 0, 1, ..., `longest`."""
        hours = np.arange(self.longest + 1, dtype=np.int32)
        return self.probability(np.full(hours.size, start, np.int32), hours, np.ones(hours.size, np.int32))


@dataclass(frozen=True)
class Lead:
    """The first part of a route, shared by all areas behind its last facility.

    `weights[regime]` has a row for each start and a column for each tail's beginning; `begins` are the
    indices at which the tails begin, `middles[regime]` their rows after every step but the last mile.
    """

    engines: tuple[Engine, ...]
    starts: NDArray[np.int32]
    weights: tuple[NDArray[np.float64], ...]
    begins: NDArray[np.int32]
    period: int
    middles: tuple[NDArray[np.float64], ...]


def engines_of(timeline: Timeline, regimes: Sequence[Regime]) -> tuple[Engine, ...]:
    """An engine for each regime."""
    return tuple(Engine(timeline, regime) for regime in regimes)


def lead_of(
    engines: tuple[Engine, ...], steps: Itinerary, starts: NDArray[np.int32], before: dict[object, object]
) -> Lead:
    """Follow the starts up to the first run, and every run up to the last mile.

    `steps` are those before the last mile. `before` remembers the part in front of the first ride,
    which routes from one origin share; it belongs to one set of engines and starts.
    """
    first_ride = next((index for index, step in enumerate(steps) if isinstance(step, Ride)), None)
    if first_ride is None:
        rows = tuple(engine.push_all(engine.start(starts), steps) for engine in engines)
        return Lead(engines, starts, tuple(np.eye(starts.size) for _ in engines), starts, 0, rows)
    ride = steps[first_ride]
    assert isinstance(ride, Ride)
    runs = engines[0].runs(ride)
    weights = tuple(engine.board(_ready(engine, steps[:first_ride], starts, before), ride) for engine in engines)
    if engines[0].timeline.ordinary:
        period = int(np.searchsorted(runs.cutoff, WEEK_HOURS))
        used = np.arange(runs.cutoff.size)
    else:
        period = 0
        used = np.flatnonzero(sum(weight.sum(axis=0) for weight in weights) > LEAST_WEIGHT)
        weights = tuple(np.ascontiguousarray(weight[:, used]) for weight in weights)
    tails = used[:period] if period else used
    identity = np.zeros((tails.size, runs.cutoff.size))
    identity[np.arange(tails.size), tails] = 1.0
    middles = tuple(engine.push_all(engine.travel_on(identity, ride), steps[first_ride + 1 :]) for engine in engines)
    return Lead(engines, starts, weights, runs.leaves[used], period, middles)


def distribution_of(lead: Lead, steps_after: Itinerary, horizon_hours: int) -> Distribution:
    """The distribution of a route: a shared lead and its own last steps."""
    entries: list[NDArray[np.float64]] = []
    tails: list[NDArray[np.float64]] = []
    for number, engine in enumerate(lead.engines):
        rows = engine.push_all(lead.middles[number], steps_after)
        begins = lead.begins[: len(rows)]
        tails.append(kernels.cumulate(rows, begins, horizon_hours))
        share = engine.regime.share_per_million / MILLION
        entries.append(_entries(lead, lead.weights[number] * share, number * len(rows)))
    table = np.concatenate(entries)
    table = table[np.argsort(table[:, 0], kind="stable")]
    first = np.searchsorted(table[:, 0], np.arange(lead.starts.size + 1)).astype(np.int32)
    mixture = (first, table[:, 1].astype(np.int32), table[:, 2].astype(np.int32), np.ascontiguousarray(table[:, 3]))
    return Distribution(mixture, np.concatenate(tails), horizon_hours)


def _ready(
    engine: Engine, steps: Itinerary, starts: NDArray[np.int32], before: dict[object, object]
) -> NDArray[np.float64]:
    key = (engine.regime.regime, steps)
    if key not in before:
        before[key] = engine.push_all(engine.start(starts), steps)
    found = before[key]
    assert isinstance(found, np.ndarray)
    return found


def _entries(lead: Lead, weights: NDArray[np.float64], offset: int) -> NDArray[np.float64]:
    """Rows of (start, tail, hours until the tail begins, weight)."""
    start, run = np.nonzero(weights > LEAST_WEIGHT)
    tail = run % lead.period if lead.period else run
    after = lead.begins[run] - lead.starts[start]
    return np.column_stack([start, tail + offset, after, weights[start, run]]).astype(np.float64)

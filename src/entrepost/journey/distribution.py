"""The arrival-time distribution of a route: exact, for every start, in one small object.

Before the first departure every start is followed on its own; all who leave with the same run share
their future up to the last mile, whenever they came, and in the ordinary week the runs of all weeks
are those of one. There the futures of a start's runs are added up, and areas go their own ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.engine import MILLION, Engine
from entrepost.journey.step import Itinerary, Ride, Step

WAIT_CAP_HOURS = 60 * 24
"""What has not arrived after 60 days counts as 60 days (the definition of the wait)."""

WEEK_STARTS = np.arange(WEEK_HOURS, dtype=np.int32)


@dataclass(frozen=True)
class Distribution:
    """Arrival times of one route for a number of starts.

    Start `s` waits `wait[s]` hours for an opening; from there `arrived[row[s], x]` is the probability
    of having arrived within `x` hours, and `survived[row[s], x]` the sum of the survival function over
    the hours 0 to x - 1. Hours beyond the last column are null.
    """

    row: NDArray[np.int32]
    wait: NDArray[np.int32]
    arrived: NDArray[np.float64]
    survived: NDArray[np.float64]

    @property
    def longest(self) -> int:
        """The last hour that is followed."""
        return int(self.arrived.shape[1]) - 1

    def describe(
        self, starts: NDArray[np.int32], items: NDArray[np.int32], levels: Sequence[float]
    ) -> NDArray[np.float64]:
        """Mean and quantiles of the wait of the last of `items` items.

        Returns an array of shape (starts, 1 + 2 x levels): the mean in hours (what has not arrived
        within 60 days counted as 60), then for each level the hour (-1: beyond the horizon) and the
        probability of having arrived by that hour.
        """
        row, wait = self.row[starts], self.wait[starts]
        pairs, back = np.unique(np.column_stack([row, items]), axis=0, return_inverse=True)
        rows, counts = np.ascontiguousarray(pairs.T.astype(np.int32))
        found = kernels.quantiles(rows, counts, np.array(levels), self.arrived)
        found = found[back.reshape(-1)]
        hours = found[:, ::2]
        found[:, ::2] = np.where((hours < 0) | (hours + wait[:, None] > self.longest), -1, hours + wait[:, None])
        found[:, 1::2] = np.where(found[:, ::2] < 0, np.nan, found[:, 1::2])
        means = kernels.means(row, items, np.maximum(WAIT_CAP_HOURS - wait, 0), self.arrived, self.survived)
        return np.column_stack([means + wait, found])

    def probability(
        self, starts: NDArray[np.int32], hours: NDArray[np.int32], items: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Probability that the last of `items` items has arrived within so many hours of each start."""
        left = (hours - self.wait[starts]).astype(np.int32)
        return kernels.probabilities(self.row[starts], left, items, self.arrived)

    def cdf(self, start: int) -> NDArray[np.float64]:
        """The distribution function of one start over the hours 0, 1, ..., `longest`."""
        hours = np.arange(self.longest + 1, dtype=np.int32)
        return self.probability(np.full(hours.size, start, np.int32), hours, np.ones(hours.size, np.int32))


def split(steps: Itinerary) -> tuple[Itinerary, Itinerary]:
    """The steps before the first ride, and those from it on; from stock there is no ride and no before."""
    rides = [index for index, step in enumerate(steps) if isinstance(step, Ride)]
    first = rides[0] if rides else 0
    return steps[:first], steps[first:]


@dataclass(frozen=True)
class Lead:
    """A route up to its last mile: when the items of each start are cleared, in every regime.

    Starts that wait for the same opening share a row: `row` and `wait` as in `Distribution`,
    `openings` the indices at which the rows begin.
    """

    row: NDArray[np.int32]
    wait: NDArray[np.int32]
    openings: NDArray[np.int32]
    cleared: tuple[kernels.Followed, ...]


def combine(lead: Lead, engines: Sequence[Engine], last_mile: Step, longest: int) -> Distribution:
    """The distribution of a route: a lead, which areas share, and a last mile of its own."""
    total = np.zeros((lead.openings.size, longest + 1))
    for engine, cleared in zip(engines, lead.cleared, strict=True):
        share = engine.regime.share_per_million / MILLION
        kernels.add_seen(engine.push(cleared, last_mile), lead.openings, share, total)
    arrived, survived = kernels.cumulate(total)
    return Distribution(lead.row, lead.wait, arrived, survived)

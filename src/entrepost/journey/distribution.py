"""The arrival-time distribution of a route: exact, for every start, in one small object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import rounds

WAIT_CAP_HOURS = 60 * 24
"""What has not arrived after 60 days counts as 60 days (the definition of the wait)."""

WEEK_STARTS = np.arange(WEEK_HOURS, dtype=np.int32)


@dataclass(frozen=True)
class Distribution:
    """Arrival times of one route for a number of starts.

    Start `s` stands at index `begins[s]` of a timeline; of what starts there `reached[row[s], r]` has
    arrived when round `r` closes, where `span` holds the indices at which rounds open and close.
    What comes more than `longest` hours after its start is not followed.
    """

    row: NDArray[np.int32]
    begins: NDArray[np.int32]
    span: rounds.Span
    reached: NDArray[np.float64]
    longest: int

    def describe(
        self, starts: NDArray[np.int32], items: NDArray[np.int32], levels: Sequence[float]
    ) -> NDArray[np.float64]:
        """Mean and quantiles of the wait of the last of `items` items.

        Returns an array of shape (starts, 1 + 2 x levels): the mean in hours (what has not arrived
        within 60 days counted as 60), then for each level the hour (-1: beyond the horizon) and the
        probability of having arrived by that hour.
        """
        ask = self.row[starts], self.begins[starts], items
        found = rounds.quantiles(ask, np.array(levels), self.span, self.reached)
        beyond = found[:, ::2] > self.longest
        found[:, ::2][beyond], found[:, 1::2][beyond] = -1, np.nan
        caps = np.full(starts.size, WAIT_CAP_HOURS, np.int32)
        return np.column_stack([rounds.means(ask, caps, self.span, self.reached), found])

    def probability(
        self, starts: NDArray[np.int32], hours: NDArray[np.int32], items: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Probability that the last of `items` items has arrived within so many hours of each start."""
        ask = self.row[starts], self.begins[starts], items
        return rounds.probabilities(ask, hours, self.span, self.reached)

    def cdf(self, start: int) -> NDArray[np.float64]:
        """The distribution function of one start over the hours 0, 1, ..., `longest`."""
        hours = np.arange(self.longest + 1, dtype=np.int32)
        return self.probability(np.full(hours.size, start, np.int32), hours, np.ones(hours.size, np.int32))

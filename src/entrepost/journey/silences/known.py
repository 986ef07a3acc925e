"""How often a scan is never sent, and how late it becomes known: by the place and the code that send it."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.learning.missing import count_missing
from entrepost.journey.learning.spells import Scans, Stages
from entrepost.journey.learning.stages import CODES
from entrepost.journey.silences.read import ENDED, UNSCANNED, Watch

Floats = NDArray[np.float64]

FAITH = 20.0
"""What is so at all places weighs as much as so many scans of one (assumed)."""

FINAL_FAITH = 200.0
"""What is assumed of attempts that are not scanned weighs as much as so many items of one place (assumed)."""

LATEST_HOURS = 14 * 24
"""Reports are at most so late, and whoever reached a delivery office so long ago had an attempt, scanned or not."""

SETTLED_HOURS = 72
"""What is scanned in the last hours before now does not tell yet how late reports are."""


class Known(NamedTuple):
    """Of each place and code how probable it is that a scan is never sent; of each place how late reports are.

    `unscanned`: (places + 1, codes), the last row for unknown places; `final`: (places + 1,), the same of the
    scan of an attempt to deliver, of which nothing after it tells; `reported`: (places + 1, hours), how probable
    it is that a scan is known so many whole hours later.
    """

    unscanned: Floats
    final: Floats
    reported: Floats

    def unknown(self, place: int, code: int, ages: NDArray[np.int64], is_final: bool = False) -> Floats:
        """How probable it is that a scan of so many hours ago is not known, never sent or not yet reported."""
        missing = self.final[place] if is_final else self.unscanned[place, code]
        found: Floats = 1 - (1 - missing) * self.reported[place, np.clip(ages, 0, self.reported.shape[1] - 1)]
        return found


def learn_known(watch: Watch, final_unscanned: float) -> Known:
    """Count missing scans between those that were seen, and how late scans became known.

    Parameters
    ----------
    watch : Watch
        What was known.
    final_unscanned : float
        The share of attempts that are never scanned, before anything is known of a place.
    """
    places = len(watch.history.tables.places)
    counts = np.zeros((2, places + 1, len(CODES)))
    count_missing(watch.scans, watch.history.stages, counts)
    missing, whole = counts
    usual = (missing.sum() + 1.0) / (whole.sum() + 10.0)
    finals = np.zeros((2, places + 1))
    _count_final(watch.milestone, watch.scans, watch.history.stages, watch.history.as_of - LATEST_HOURS, finals)
    final = (finals[0] + FINAL_FAITH * final_unscanned) / (finals[1] + FINAL_FAITH)
    return Known((missing + FAITH * usual) / (whole + FAITH), final, _reported(watch, places))


@nb.njit(cache=True)
def _count_final(milestone: NDArray[np.int32], scans: Scans, stages: Stages, latest: int, counts: Floats) -> None:
    """Of each place the items that reached the delivery office until an hour: those of no attempt, and all."""
    for item in range(scans.journey.size):
        size = stages.first[scans.journey[item] + 1] - stages.first[scans.journey[item]]
        if size and 0 <= scans.hours[item, size - 1] <= latest:
            place = stages.rows[stages.first[scans.journey[item]] + size - 1]["place"]
            counts[0, place] += milestone[item] != ENDED
            counts[1, place] += 1


def _reported(watch: Watch, places: int) -> Floats:
    """The distribution functions of reporting delays in whole hours, places drawn towards all."""
    end = watch.first_hour + watch.history.as_of
    told = watch.known.filter(pl.col("later").is_not_null() & (pl.col("code") < UNSCANNED))
    settled = told.filter(pl.col("hour") <= end - SETTLED_HOURS)
    told = settled if settled.height else told
    sums = told.group_by(pl.col("facility").cast(pl.String), pl.col("later").clip(0, LATEST_HOURS)).len()
    counts = np.zeros((places + 1, LATEST_HOURS + 1))
    numbers = {place: number for number, place in enumerate(watch.history.tables.places)}
    for place, hours, count in sums.iter_rows():
        counts[numbers.get(place, places), hours] += count
    whole = counts.sum()
    if not whole:
        return np.ones_like(counts)
    usual = counts.sum(axis=0) / whole
    shares = (counts + FAITH * usual) / (counts.sum(axis=1, keepdims=True) + FAITH)
    found: Floats = np.minimum(np.cumsum(shares, axis=1), 1.0)
    return found

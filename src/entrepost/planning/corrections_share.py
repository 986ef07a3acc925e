"""The share of promises that would be kept under each factor, from those that ended and those still under way.

Who is under way has lasted so long already (Kaplan and Meier's estimate); a sparse place is drawn to its parent.
Where ends go unscanned, the share that is seen to end at all tells of scanning more than of losses.

References
----------
Kaplan, Meier: Nonparametric estimation from incomplete observations, JASA 1958.
Kish: Survey sampling, 1965 (how many independent observations weighted clusters are worth).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FACTORS: Floats = np.exp(np.arange(-70, 176, dtype=np.float64) / 50)
"""From a quarter to thirty times, in steps of two in a hundred; what lies between is interpolated."""

MOST = 4.0
"""No wait is corrected by more."""

USUALLY_LOST, LOST_SPREAD = 0.005, 0.005
"""What is expected of losses, and how far they may be from it, where only unscanned ends tell (assumed)."""


class Ratios(NamedTuple):
    """Orders as arrays: wait over stated hours, whether it ended, weight, the cluster that shares its fate.

    `unseen` is the probability that the end of an order was never scanned: of so many nobody will know.
    """

    ratio: Floats
    ended: NDArray[np.bool_]
    weight: Floats
    cluster: Integers
    unseen: Floats

    def of(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Ratios:
        """Some of them."""
        return Ratios(self.ratio[rows], self.ended[rows], self.weight[rows], self.cluster[rows], self.unseen[rows])


class Shares(NamedTuple):
    """`share` kept under each of `FACTORS`; `left`: independent orders that were still to be seen there; `lost`."""

    share: Floats
    left: Floats
    lost: float


def list_shares(ratios: Ratios, settled: float, parent: Shares | None = None, pool: float = 0.0) -> Shares:
    """The shares kept under each factor.

    Parameters
    ----------
    ratios : Ratios
        The orders.
    settled : float
        The ratio from which on whoever comes has come.
    parent : Shares, optional
        Those of the parent, which count as `pool` independent orders.
    """
    done, gone = _histograms(ratios)
    left = np.flip(np.cumsum(np.flip(done + gone))) - gone / 2
    done, left = done[:-1], left[:-1]
    total = float(ratios.weight.sum())
    unseen = float(np.average(ratios.unseen, weights=ratios.weight)) if total else 0.0
    lost = USUALLY_LOST
    if parent is not None:
        expected, lost = parent.share * (1 - unseen), parent.lost
        done = done + pool * np.diff(expected, prepend=0.0)
        left = left + pool * (1 - np.append(0.0, expected[:-1]))
    hazard = np.divide(done, left, out=np.zeros(FACTORS.size), where=left > 0)
    observed = 1 - np.cumprod(1 - np.clip(hazard, 0.0, 1.0))
    known = np.flatnonzero((left >= 1.0) & (settled <= FACTORS))
    if unseen <= 0 or not known.size or observed[known[-1]] <= 0:
        return Shares(np.minimum(observed / (1 - unseen), 1.0), left, lost)
    ends = float(observed[known[-1]])
    lost = _lost(ends, unseen, float(ratios.weight.size), lost)
    return Shares(np.minimum(observed / ends, 1.0) * (1 - lost), left, lost)


def find_factor(shares: Shares, target: float, least: float) -> float | None:
    """The factor under which that share is kept; None where fewer than `least` orders could be seen for so long."""
    at = int(np.searchsorted(shares.share, target - 1e-9, side="left"))
    at = min(at, int(np.searchsorted(FACTORS, MOST)))
    before = float(shares.share[at - 1]) if at else 0.0
    if shares.left[at] < least * (1 - before):
        return None
    step = float(shares.share[at]) - before
    inside = min((target - before) / step, 1.0) if step > 0 else 1.0
    low = FACTORS[at - 1] if at else FACTORS[0]
    return min(float(low + inside * (FACTORS[at] - low)), MOST)


def mean_factor(shares: Shares, most: float) -> float:
    """The mean ratio, where none counts as more than `most`."""
    ends = np.append(FACTORS[most > FACTORS], most)
    widths = np.diff(ends, prepend=0.0)
    before = np.append(0.0, shares.share[: ends.size - 1])
    return min(float((widths * (1 - before)).sum()), MOST)


def effective(ratios: Ratios) -> float:
    """How many independent orders these are: those of one cluster share their fate."""
    by_cluster = np.bincount(ratios.cluster, weights=ratios.weight)
    squares = float((by_cluster**2).sum())
    return float(ratios.weight.sum()) ** 2 / squares if squares else 0.0


def _histograms(ratios: Ratios) -> tuple[Floats, Floats]:
    """By factor, and beyond the last: those who ended, and those of whom no more is known; as independent orders."""
    total = float(ratios.weight.sum())
    scale = effective(ratios) / total if total else 0.0
    place, size = np.searchsorted(FACTORS, ratios.ratio, side="left"), FACTORS.size + 1
    ended = ratios.ended
    done: Floats = scale * np.bincount(place[ended], ratios.weight[ended], minlength=size).astype(np.float64)
    gone: Floats = scale * np.bincount(place[~ended], ratios.weight[~ended], minlength=size).astype(np.float64)
    return done, gone


def _lost(ends: float, unseen: float, orders: float, expected: float) -> float:
    """The share that never comes: what is missing beyond the unscanned, as far as that is surer than what is usual."""
    missing = 1 - ends / (1 - unseen)
    error = (max(unseen * (1 - unseen), 1 / orders) / orders) ** 0.5 / (1 - unseen)
    spread = max(LOST_SPREAD, expected)
    found = (missing / error**2 + expected / spread**2) / (1 / error**2 + 1 / spread**2)
    return float(np.clip(found, 0.0, 0.9))

"""Hazards in bins of hours: how many completed in each, of how many at risk; and what a duration says of them.

Bins are single hours up to `SINGLE`, then grow by `GROWTH`. A whole number of hours `k` stands for the
instants around it, as in `journey.discretise`: up to `k` means the mean of the duration's distribution
function from `k` to `k + 1`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.discretise import LEAST_MEDIAN, Z90
from entrepost.journey.learning.spells import COMPLETED, LOST

SINGLE, GROWTH, LONGEST = 12, 1.08, 180 * 24


def _edges() -> NDArray[np.int64]:
    edges = list(range(SINGLE + 1))
    while edges[-1] < LONGEST:
        edges.append(max(edges[-1] + 1, round(edges[-1] * GROWTH)))
    return np.array(edges)


EDGES = _edges()
"""Where the bins begin: bin `b` holds the whole hours from ``EDGES[b]`` to ``EDGES[b + 1] - 1``, the last all more."""

BINS = EDGES.size
BIN_OF = np.searchsorted(EDGES, np.arange(LONGEST + 1), side="right").astype(np.int16) - 1
WIDTHS = np.append(np.diff(EDGES), LONGEST).astype(np.float64)


class Counts(NamedTuple):
    """What is known of durations, weighted: shape (half-lives, steps, bins), and (steps,) for the last two.

    `done`: completions; `held`: items at risk, those under way in a bin in proportion to how far they
    are in it; `lost` and `through`: items lost, and items that either went through or were lost, among
    those old enough to tell.
    """

    done: NDArray[np.float64]
    held: NDArray[np.float64]
    lost: NDArray[np.float64]
    through: NDArray[np.float64]


def count(spells: NDArray[Any], steps: int, as_of: int, half_lives: NDArray[np.float64], latest: int) -> Counts:
    """Count spells by step and bin, for each half-life.

    A spell weighs by when it began. By when it ended long ones would weigh more than short ones that began
    with them, and those under way most of all.

    Parameters
    ----------
    spells : numpy.ndarray
        Records of `spells.SPELL`.
    steps : int
        How many steps there are.
    as_of : int
        The hour at which a weight is 1.
    half_lives : numpy.ndarray
        Days after which a weight is half; infinite: never.
    latest : int
        Only spells begun up to this hour tell whether items get lost.
    """
    size = (half_lives.size, steps, BINS)
    done, ended, part = np.zeros(size), np.zeros(size), np.zeros(size)
    lost, through = np.zeros(steps), np.zeros(steps)
    oldest = as_of - int(spells["begun"].min()) if spells.size else 0
    decay = 0.5 ** (np.arange(oldest + 1) / (half_lives[:, None] * 24.0))
    _count(spells, as_of, decay, latest, (done, ended, part, lost, through))
    later = np.flip(np.cumsum(np.flip(ended, 2), 2), 2) - ended
    return Counts(done, later + part, lost, through)


@nb.njit(cache=True)
def _count(spells: NDArray[Any], as_of: int, decay: NDArray[np.float64], latest: int, out: Any) -> None:
    done, ended, part, lost, through = out
    for row in range(spells.size):
        spell = spells[row]
        step, weight = spell["step"], spell["weight"]
        hours = min(max(int(spell["hours"] + 0.5), 0), LONGEST)
        at = BIN_OF[hours]
        completed = spell["outcome"] == COMPLETED
        if spell["begun"] <= latest:
            gone = spell["outcome"] == LOST
            lost[step] += weight if gone else 0.0
            through[step] += weight if gone or completed else 0.0
        if spell["outcome"] == LOST:
            continue
        for which in range(decay.shape[0]):
            share = weight * decay[which, as_of - spell["begun"]]
            ended[which, step, at] += share
            part[which, step, at] += share if completed else share * (hours - EDGES[at] + 1) / WIDTHS[at]
            if completed:
                done[which, step, at] += share


@nb.njit(cache=True)
def upto(low: float, median: float, high: float, hours: float) -> float:
    """The probability of at most so many whole hours: the mean of the distribution function over an hour."""
    if hours < 0:
        return 0.0
    if high - median < 1e-9:
        return min(max(hours + 1 - median, 0.0), 1.0)
    middle = max(median - low, LEAST_MEDIAN * (high - low))
    sigma = max(math.log((high - low) / middle) / Z90, 1e-6)
    mu = math.log(middle)
    return _shortfall(hours + 1 - low, mu, sigma) - _shortfall(hours - low, mu, sigma)


@nb.njit(cache=True)
def _shortfall(x: float, mu: float, sigma: float) -> float:
    """E[max(x - T, 0)] of a lognormal."""
    if x <= 0:
        return 0.0
    z = (math.log(x) - mu) / sigma
    below = 0.5 * (1 + math.erf(z / math.sqrt(2)))
    return x * below - math.exp(mu + sigma * sigma / 2) * 0.5 * (1 + math.erf((z - sigma) / math.sqrt(2)))


@nb.njit(cache=True)
def mixed_upto(
    figures: NDArray[np.float64], factors: NDArray[np.float64], shares: NDArray[np.float64], hours: float
) -> float:
    """The same over the regimes' weeks, whose factors scale the three figures."""
    total = 0.0
    for regime in range(shares.size):
        scale = factors[regime]
        total += shares[regime] * upto(figures[0] * scale, figures[1] * scale, figures[2] * scale, hours)
    return total


STRAY = 0.002
"""This share of a step's mass is spread wide, so that nothing that happened was impossible (assumed)."""


@nb.njit(cache=True)
def fill_hazards(
    figures: NDArray[np.float64],
    factors: NDArray[np.float64],
    shares: NDArray[np.float64],
    hazards: NDArray[np.float64],
    ends: NDArray[np.float64],
) -> None:
    """Of one step the hazard of each bin, and the distribution function at the end of each."""
    before = 0.0
    wide = np.array([0.0, figures[1], max(2 * figures[2], figures[1] + 1.0)])
    for at in range(hazards.size):
        if at + 1 == hazards.size:
            hazards[at], ends[at] = 0.9, 1.0
            break
        last = EDGES[at + 1] - 1
        if before > 1 - 1e-7:
            hazards[at], ends[at] = 0.5, 1.0
            continue
        after = (1 - STRAY) * mixed_upto(figures, factors, shares, last) + STRAY * mixed_upto(
            wide, factors, shares, last
        )
        after = max(after, before)
        hazards[at] = min(max((after - before) / (1 - before), 1e-12), 1.0)
        ends[at] = after
        before = after

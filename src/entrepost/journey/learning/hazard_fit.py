"""From a learned distribution to the three figures that a person can read, and that the engine takes."""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.discretise import Z90
from entrepost.journey.learning.hazard import EDGES, mixed_upto

Floats = NDArray[np.float64]
LOWS = np.array([0.0, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9, 0.97])
"""The least is sought among these shares of the median; where several fit as well, the old share is kept."""

ROUNDS = 6


@nb.njit(cache=True)
def fit_all(ends: Floats, old: Floats, factors: Floats, shares: Floats) -> Floats:
    """For each step the three figures: (steps, 3) hours.

    Over the regimes' weeks the median and the P90 of the result are those of the learned distribution,
    as near as a bin's edge is to them; the least is the one with the greatest likelihood.
    """
    found = np.empty((ends.shape[0], 3))
    for step in range(ends.shape[0]):
        found[step] = fit(ends[step], old[step], factors[step], shares)
    return found


@nb.njit(cache=True)
def fit(ends: Floats, old: Floats, factors: Floats, shares: Floats) -> Floats:
    """The three figures of one step."""
    half, ninth = _nearest(ends, 0.5), _nearest(ends, 0.9)
    if not 0.05 <= ends[half] <= 0.95 or not ends[half] + 0.02 <= ends[ninth] <= 0.9999:
        return _narrow(ends)
    usual = old[0] / max(old[1], 1e-9)
    best, figures = -np.inf, old.copy()
    for at in range(LOWS.size + 1):
        share = usual if at == 0 else LOWS[at - 1]
        candidate = _through_two(share, half, ninth, ends, factors, shares)
        likely = _likelihood(candidate, ends, factors, shares) + (1e-4 if at == 0 else 0.0)
        if likely > best:
            best, figures = likely, candidate
    return figures


@nb.njit(cache=True)
def _nearest(ends: Floats, level: float) -> int:
    return int(np.argmin(np.abs(ends[:-1] - level)))


@nb.njit(cache=True)
def _narrow(ends: Floats) -> Floats:
    """Nearly all in one or two bins: their mean, without spread."""
    mean, before = 0.0, 0.0
    for at in range(ends.size - 1):
        mean += (ends[at] - before) * (EDGES[at] + EDGES[at + 1] - 1) / 2
        before = ends[at]
        if before > 0.95:
            break
    mean = mean / max(before, 1e-9)
    return np.array([mean, mean, mean])


@nb.njit(cache=True)
def _through_two(share: float, half: int, ninth: int, ends: Floats, factors: Floats, shares: Floats) -> Floats:
    """The figures, with the least at this share of the median, that meet the distribution at two bins' ends."""
    first, second = EDGES[half + 1] - 1.0, EDGES[ninth + 1] - 1.0
    median = max(first + 0.5, 0.05)
    figures = np.array([share * median, median, max(second + 0.5, median * 1.01)])
    for _ in range(ROUNDS):
        low = figures[0]
        one = _inverse(figures, ends[half], factors, shares)
        two = _inverse(figures, ends[ninth], factors, shares)
        one, two = math.log(max(one - low, 1e-3)), math.log(max(two - low, 1e-3))
        to_one, to_two = math.log(max(first + 0.5 - low, 1e-3)), math.log(max(second + 0.5 - low, 1e-3))
        slope = min(max((to_two - to_one) / max(two - one, 1e-6), 0.3), 3.0)
        middle = max(figures[1] - low, 0.05 * (figures[2] - low), 1e-6)
        mu, sigma = math.log(middle), math.log(max((figures[2] - low) / middle, 1.0001)) / Z90
        mu, sigma = to_one + slope * (mu - one), sigma * slope
        median = low + math.exp(mu)
        least = min(share * median, first + 0.4)
        figures = np.array([least, max(median, least + 1e-3), max(low + math.exp(mu + Z90 * sigma), median + 1e-3)])
    return figures


@nb.njit(cache=True)
def _inverse(figures: Floats, level: float, factors: Floats, shares: Floats) -> float:
    """The instant up to which the figures have this probability."""
    low, high = -1.0, float(4.0 * figures[2] * factors.max() + 50.0)
    for _ in range(28):
        middle = (low + high) / 2
        if mixed_upto(figures, factors, shares, middle - 0.5) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@nb.njit(cache=True)
def _likelihood(figures: Floats, ends: Floats, factors: Floats, shares: Floats) -> float:
    """The expected log likelihood of the figures, bin by bin."""
    total, before, said = 0.0, 0.0, 0.0
    for at in range(ends.size - 1):
        now = mixed_upto(figures, factors, shares, EDGES[at + 1] - 1.0)
        total += (ends[at] - before) * math.log(max(now - said, 1e-6))
        before, said = ends[at], now
        if before > 0.99999:
            break
    return total

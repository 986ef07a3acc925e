"""A duration as probabilities of whole hours, with the mean kept exactly."""

from __future__ import annotations

import math
from functools import lru_cache

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.network.duration import Duration

Z90 = 1.2815515655446004
"""The standard normal's 90 % quantile."""

Z999 = 3.090232306167813
"""Its 99.9 % quantile: what lies above stands at its own mean."""

SLICES = 12

LEAST_MEDIAN = 0.05
"""A median at the minimum is read as this share of the way from the minimum to the P90."""


@lru_cache(maxsize=65536)
def discretise(duration: Duration, factor: float = 1.0) -> NDArray[np.float64]:
    """The probability of each whole number of hours, from 0 on.

    The duration is `hours_min` plus a lognormal with the given median and P90. Every instant is
    shared between its two neighbouring whole hours in proportion to its nearness, so the mean of the
    result is the mean of the lognormal; the last 0.1 % stands at its own mean.

    Parameters
    ----------
    duration : Duration
        Three figures in hours.
    factor : float
        All three are multiplied by it first (the regime of a week).

    Returns
    -------
    numpy.ndarray
        Shape (longest hour + 1,), sums to 1, read-only.
    """
    low, median, high = duration.hours_min * factor, duration.hours_p50 * factor, duration.hours_p90 * factor
    if high - median < 1e-9:
        probabilities = _fixed(median)
    else:
        middle = max(median - low, LEAST_MEDIAN * (high - low))
        sigma = math.log((high - low) / middle) / Z90
        probabilities = _lognormal(low, math.log(middle), max(sigma, 1e-6))
    probabilities.flags.writeable = False
    return probabilities


def slices(probabilities: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """A distribution over whole hours in `SLICES` equally likely slices, each at its own mean.

    Returns hours and probabilities. The mean of a slice is shared by its two neighbouring whole
    hours, so the whole mean is kept; probabilities that sum to less than 1 keep their sum.
    """
    ends = np.cumsum(probabilities)
    levels = np.arange(SLICES + 1) / SLICES * ends[-1]
    hours = np.arange(probabilities.size)
    below = np.clip(levels[:, None], None, ends) - np.clip(levels[:, None], None, ends - probabilities)
    shares = np.diff(below, axis=0)
    means = shares @ hours / np.maximum(shares.sum(axis=1), 1e-300)
    whole = np.floor(means)
    found = np.concatenate([whole, whole + 1]).astype(np.int32)
    return found, np.concatenate([1 - (means - whole), means - whole]) * ends[-1] / SLICES


def mean_hours(probabilities: NDArray[np.float64]) -> float:
    """The mean of a discretised duration."""
    return float(probabilities @ np.arange(probabilities.size))


def _fixed(hours: float) -> NDArray[np.float64]:
    whole = math.floor(hours)
    part = hours - whole
    probabilities = np.zeros(whole + (2 if part else 1))
    probabilities[whole] = 1 - part
    if part:
        probabilities[whole + 1] = part
    return probabilities


def _lognormal(low: float, mu: float, sigma: float) -> NDArray[np.float64]:
    """Spread what lies below the cap, then move what lies above from the cap to its own mean."""
    cap = math.ceil(low + math.exp(mu + sigma * Z999))
    shortfall = _expected_shortfall(low, mu, sigma, cap)
    spread = shortfall[2:] - 2 * shortfall[1:-1] + shortfall[:-2]
    above = 1 - _normal_cdf((math.log(cap - low) - mu) / sigma)
    excess = low + math.exp(mu + sigma * sigma / 2) - (cap - shortfall[cap + 1])
    beyond = excess / above if above > 1e-12 else 0.0
    probabilities = np.zeros(cap + math.floor(beyond) + 2)
    probabilities[:cap] = np.maximum(spread[:cap], 0)
    probabilities[cap] = 1 - probabilities.sum()
    moved = min(above, probabilities[cap]) if beyond else 0.0
    probabilities[cap] -= moved
    part = beyond - math.floor(beyond)
    probabilities[-2] += moved * (1 - part)
    probabilities[-1] += moved * part
    return probabilities


@nb.njit(cache=True)
def _normal_cdf(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


@nb.njit(cache=True)
def _expected_shortfall(low: float, mu: float, sigma: float, cap: int) -> NDArray[np.float64]:
    """E[max(x - T, 0)] at x = -1, 0, ..., cap + 1; its second difference is the hat-shaped split."""
    grid = np.zeros(cap + 3)
    scale = math.exp(mu + sigma * sigma / 2)
    for index in range(cap + 3):
        x = index - 1 - low
        if x > 0:
            z = (math.log(x) - mu) / sigma
            grid[index] = x * _normal_cdf(z) - scale * _normal_cdf(z - sigma)
    return grid

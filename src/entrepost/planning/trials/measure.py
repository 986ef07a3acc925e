"""What replications tell: where the warm-up ends, and means with their intervals.

References
----------
White: An effective truncation heuristic for bias reduction in simulation output, Simulation 69, 1997; White, Cobb,
Spratt: A comparison of five steady-state truncation heuristics for simulation, Winter Simulation Conference 2000
(MSER-5).
Geweke: Evaluating the accuracy of sampling-based approaches to the calculation of posterior moments, Bayesian
Statistics 4, 1992 (two parts of a steady series have the same mean).
Law: Simulation Modeling and Analysis, 5th edition, 2015, sections 9.5 and 10.2 (replications; paired intervals).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

Floats = NDArray[np.float64]
BATCH = 5
LEFT_LEAST = 5
"""So many batches are always left: the error of fewer is chance (White et al.)."""

CONFIDENCE = 0.95
PAIRS_LEAST = 5
APART = 3.0
"""Means that differ by more standard errors are not of one steady state."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over replications, give or take `half_width` (95 %, Student's t); NaN for one replication."""

    mean: float
    half_width: float
    replications: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.half_width:.3f}"

    def needs(self, half_width: float) -> int:
        """About how many replications would make it as narrow as that."""
        if not self.half_width > half_width:
            return self.replications
        return int(np.ceil(self.replications * (self.half_width / half_width) ** 2))


def interval_of(values: ArrayLike) -> Interval:
    """The interval of a mean from independent replications; of paired differences it is the paired interval."""
    figures = np.asarray(values, dtype=float)
    count = figures.size
    if count < 2:
        return Interval(float(figures.mean()) if count else float("nan"), float("nan"), count)
    error = figures.std(ddof=1) / np.sqrt(count)
    return Interval(float(figures.mean()), float(t.ppf(0.5 + CONFIDENCE / 2, count - 1) * error), count)


def interval_of_worlds(values: ArrayLike) -> Interval:
    """The interval of a mean over worlds that come two by two, each with its mirror image (`trials.worlds`).

    From `PAIRS_LEAST` pairs on the means of pairs count, which are independent of one another; with fewer each world
    is taken for itself, which makes the interval wider than it is.
    """
    figures = np.asarray(values, dtype=float)
    pairs = figures.size // 2
    if pairs < PAIRS_LEAST:
        return interval_of(figures)
    found = interval_of(figures[: 2 * pairs].reshape(pairs, 2).mean(axis=1))
    return Interval(float(figures.mean()), found.half_width, figures.size)


def mean_known(values: Floats, axis: int) -> Floats:
    """The mean along an axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=axis)
    sums = np.where(known, values, 0.0).sum(axis=axis)
    means: Floats = np.divide(sums, count, out=np.full(sums.shape, np.nan), where=count > 0)
    return means


def find_warm_up(series: ArrayLike) -> tuple[int, bool]:
    """How many of the first values belong to the warm-up, by MSER-5; and whether the rest can be called steady.

    Parameters
    ----------
    series : array
        Such as a mean of each day over all replications.

    Returns
    -------
    (int, bool)
        A multiple of 5, at most half of the series. Not steady: the halves of what is left differ by more than three
        standard errors (as in Geweke's diagnostic), so the series is still on its way and should be longer.
    """
    values = np.asarray(series, dtype=float)
    batches = values[: values.size // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    if batches.size < 2:
        return 0, False
    errors = np.array([_squared_error(batches[cut:]) for cut in range(max(batches.size - LEFT_LEAST, 1))])
    best = int(errors[: batches.size // 2 + 1].argmin())
    return BATCH * best, _is_steady(batches[best:])


def _is_steady(rest: Floats) -> bool:
    first, second = rest[: rest.size // 2], rest[rest.size // 2 :]
    if first.size < 2:
        return False
    error = np.sqrt(first.var(ddof=1) / first.size + second.var(ddof=1) / second.size)
    return bool(abs(first.mean() - second.mean()) <= APART * error)


def _squared_error(rest: Floats) -> float:
    """MSER: the squared standard error of the mean of what is left."""
    return float(((rest - rest.mean()) ** 2).sum() / rest.size**2)

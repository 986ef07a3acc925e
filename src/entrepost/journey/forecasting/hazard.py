"""How a wait compares with what was expected: hazards of the ratio of the two, in bins that grow.

What is still under way counts as long as it was seen (it is censored), and recent weeks weigh more. Hazards
of a ratio are those of an accelerated-life model (Kalbfleisch and Prentice, *The Statistical Analysis of
Failure Time Data*, 2nd ed., 2002, ch. 7); each week is a likelihood of its own, by which the weeks before it
are judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepost.journey.forecasting.orders import Floats

EDGES = np.concatenate([[0.0], np.geomspace(0.12, 6.0, 28)])
WIDTHS = np.diff(EDGES)
BINS = WIDTHS.size
WEEK_DAYS = 7.0
WEEKS = 20
TAIL_BINS = 6
LEAST_TAIL = 0.3
"""Beyond the last edge the hazard is the mean of the last bins, and at least this."""

FAINT = 0.02
LONGEST_RATIO, RATIOS = 10.0, 240
HALF_LIVES = (7.0, 14.0, 28.0, 56.0)


@dataclass(frozen=True)
class Spans:
    """Spans with their ends (NaN: under way at `as_of`) and the logarithm of the days that were expected of each."""

    begun: Floats
    ended: Floats
    expected: Floats
    as_of: float


@dataclass(frozen=True)
class Counts:
    """Of each week back from `as_of` and each bin: completions and exposure; and the logarithms of the scales.

    `completed`, `exposed`: shape (weeks, bins); `scales`: the sum over a week's completions of the expected
    logarithms, shape (weeks,), which turns a likelihood of ratios into one of days.
    """

    completed: Floats
    exposed: Floats
    scales: Floats


@dataclass(frozen=True)
class Ratio:
    """The distribution of a wait over what was expected of it."""

    hazards: Floats

    @property
    def tail(self) -> float:
        """The hazard beyond the last edge."""
        return max(float(self.hazards[-TAIL_BINS:].mean()), LEAST_TAIL)

    def quantile(self, level: float) -> float:
        """The ratio that a share `level` does not exceed."""
        upto = np.concatenate([[0.0], np.cumsum(self.hazards * WIDTHS)])
        wanted = -float(np.log1p(-level))
        if wanted > upto[-1]:
            return float(EDGES[-1] + (wanted - upto[-1]) / self.tail)
        return float(np.interp(wanted, upto, EDGES))

    def mean(self) -> float:
        """The mean ratio."""
        ratios = np.concatenate([[0.0], np.geomspace(0.02, LONGEST_RATIO, RATIOS)])
        upto = np.concatenate([[0.0], np.cumsum(self.hazards * WIDTHS)])
        beyond = np.maximum(ratios - EDGES[-1], 0.0) * self.tail
        still = np.exp(-np.interp(ratios, EDGES, upto) - beyond)
        return float(np.trapezoid(still, ratios))


def count(spans: Spans, weeks: int = WEEKS, days: float = WEEK_DAYS) -> Counts:
    """Completions and exposure of the last weeks, by week and bin; a week may have other than 7 `days`."""
    completed, exposed, scales = np.zeros((weeks, BINS)), np.zeros((weeks, BINS)), np.zeros(weeks)
    until = np.where(np.isnan(spans.ended), spans.as_of, spans.ended)
    scale = np.exp(spans.expected)
    for week in range(weeks):
        last = spans.as_of - days * week
        first = last - days
        rows = np.flatnonzero((spans.begun < last) & (until > first))
        begun, scaled = spans.begun[rows], scale[rows]
        low = (np.maximum(begun, first) - begun) / scaled
        high = (np.minimum(until[rows], last) - begun) / scaled
        within = np.minimum(high[:, None], EDGES[1:]) - np.maximum(low[:, None], EDGES[:-1])
        exposed[week] = np.maximum(within, 0.0).sum(axis=0)
        done = spans.ended[rows] <= last
        bins = np.clip(np.searchsorted(EDGES, high, side="left") - 1, 0, BINS - 1)
        completed[week] = np.bincount(bins[done], minlength=BINS)
        scales[week] = spans.expected[rows][done].sum()
    return Counts(completed, exposed, scales)


def learn_ratio(counts: Counts, half_life: float, skipped: int = 0) -> Ratio:
    """The distribution of the ratio from all weeks but the `skipped` newest, the newer the heavier."""
    weight = 0.5 ** ((np.arange(len(counts.scales)) + 0.5) * WEEK_DAYS / half_life)
    weight[:skipped] = 0.0
    weight /= max(float(weight.max()), np.finfo(float).tiny)
    return Ratio((weight @ counts.completed + FAINT) / (weight @ counts.exposed + FAINT))


def likelihood(counts: Counts, half_life: float, judged: Counts) -> float:
    """The mean logarithm of the likelihood of a completion, in days: each judged week foretold by those before it.

    Parameters
    ----------
    counts : Counts
        What the weeks are foretold from.
    half_life : float
        Days after which a week weighs half.
    judged : Counts
        What is to be foretold, of the same weeks, fewer of them.
    """
    total = 0.0
    for week in range(len(judged.scales)):
        hazards = learn_ratio(counts, half_life, skipped=week + 1).hazards
        total += float(judged.completed[week] @ np.log(hazards) - judged.exposed[week] @ hazards)
        total -= float(judged.scales[week])
    return total / max(float(judged.completed.sum()), 1.0)


def choose_half_life(counts: Counts, judged: Counts) -> float:
    """The half-life by which the judged weeks are foretold best."""
    return max(HALF_LIVES, key=lambda half_life: likelihood(counts, half_life, judged))

"""The linear maps of the steps, compiled: each takes rows of probabilities by hour and spreads them.

A row stands for one start; column `t` is the probability of being there at hour `t` of a timeline.
What falls beyond the timeline, is lost or refused leaves the row: a row's sum is the probability of
still arriving. Probabilities below `LEAST` are dropped.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

LEAST = 1e-10

Rows = NDArray[np.float64]
Index = NDArray[np.int32]
Spread = tuple[Index, Rows]
"""Several discretised durations one after the other: where each begins, and the probabilities."""

Mixture = tuple[Index, Index, Index, Rows]
"""(first, tail, after, weight): start `s` goes on as tail `tail[e]`, `after[e]` hours later, with
`weight[e]`, for e in first[s]:first[s + 1]."""


@nb.njit(cache=True, nogil=True)
def spread_work(
    rows: Rows, keep: float, hours: tuple[Index, Index, Index], variant: Index, spread: Spread, out: Rows
) -> None:
    """Work of `k` open hours; adds `keep` times the result to `out`.

    `hours` are (count, done, reopens) of a calendar, `variant[t]` selects among the duration's
    distributions, which stand one after the other in `spread` = (first, probability).
    """
    count, done, reopens = hours
    first, probability = spread
    last = rows.shape[1] - 1
    for m in range(rows.shape[0]):
        for t in range(last):
            p = rows[m, t] * keep
            if p < LEAST:
                continue
            begin = first[variant[t]]
            top = min(first[variant[t] + 1] - begin - 1, done.size - count[t])
            if reopens[t] < last:
                out[m, reopens[t]] += p * probability[begin]
            base = count[t] - 1
            for k in range(1, top + 1):
                out[m, done[base + k]] += p * probability[begin + k]


@nb.njit(cache=True, nogil=True)
def spread_travel(rows: Rows, keep: float, variant: Index, spread: Spread, out: Rows) -> None:
    """A duration around the clock; adds `keep` times the result to `out`."""
    first, probability = spread
    columns = rows.shape[1]
    for m in range(rows.shape[0]):
        for t in range(columns):
            p = rows[m, t] * keep
            if p < LEAST:
                continue
            begin = first[variant[t]]
            for k in range(min(first[variant[t] + 1] - begin, columns - t)):
                out[m, t + k] += p * probability[begin + k]


@nb.njit(cache=True, nogil=True)
def spread_rounds(rows: Rows, round_of: Index, round_from: Index, round_to: Index, out: Rows) -> None:
    """The first delivery round that starts at or after, its hours evenly likely."""
    for m in range(rows.shape[0]):
        for t in range(rows.shape[1] - 1):
            if rows[m, t] < LEAST or round_of[t] >= round_from.size:
                continue
            opens, closes = round_from[round_of[t]], round_to[round_of[t]]
            p = rows[m, t] / (closes - opens)
            for hour in range(opens, closes):
                out[m, hour + 1] += p


@nb.njit(cache=True, nogil=True)
def board(rows: Rows, cutoff: Index, row_of: Index, missed: Rows) -> Rows:
    """How much of each row leaves with each run; `missed[row]` are the shares that miss one and two."""
    runs = cutoff.size
    weights = np.zeros((rows.shape[0], runs))
    for m in range(rows.shape[0]):
        run = 0
        for t in range(rows.shape[1]):
            while run < runs and cutoff[run] < t:
                run += 1
            p = rows[m, t]
            if p < LEAST or run >= runs:
                continue
            once, twice = missed[row_of[run], 0], missed[row_of[run], 1]
            weights[m, run] += p * (1 - once - twice)
            if run + 1 < runs:
                weights[m, run + 1] += p * once
            if run + 2 < runs:
                weights[m, run + 2] += p * twice
    return weights


@nb.njit(cache=True, nogil=True)
def travel_on(weights: Rows, leaves: Index, row_of: Index, spread: Spread, columns: int) -> Rows:
    """From the weights on runs to the hours of arrival; each departure has its own travel time."""
    first, probability = spread
    out = np.zeros((weights.shape[0], columns))
    for m in range(weights.shape[0]):
        for run in range(leaves.size):
            p = weights[m, run]
            if p < LEAST:
                continue
            begin = first[row_of[run]]
            for k in range(min(first[row_of[run] + 1] - begin, columns - leaves[run])):
                out[m, leaves[run] + k] += p * probability[begin + k]
    return out


@nb.njit(cache=True, nogil=True)
def cumulate(rows: Rows, base: Index, hours: int) -> Rows:
    """Each row as a distribution function over 0, 1, ..., `hours` hours after its own base."""
    out = np.zeros((rows.shape[0], hours + 1))
    for m in range(rows.shape[0]):
        total = 0.0
        for hour in range(hours + 1):
            if base[m] + hour < rows.shape[1]:
                total += rows[m, base[m] + hour]
            out[m, hour] = min(total, 1.0)
    return out


@nb.njit(cache=True, nogil=True)
def cdf_at(start: int, hour: int, mixture: Mixture, tails: Rows) -> float:
    """Probability that the journey which begins at row `start` has arrived within `hour` hours."""
    first, tail, after, weight = mixture
    total = 0.0
    longest = tails.shape[1] - 1
    for entry in range(first[start], first[start + 1]):
        rest = hour - after[entry]
        if rest >= 0:
            total += weight[entry] * tails[tail[entry], min(rest, longest)]
    return min(total, 1.0)


@nb.njit(cache=True, nogil=True)
def quantile_at(start: int, level: float, longest: int, mixture: Mixture, tails: Rows) -> int:
    """The first hour by which the journey has arrived with at least `level`; -1 beyond `longest`."""
    level -= 1e-9
    if cdf_at(start, longest, mixture, tails) < level:
        return -1
    low, high = 0, longest
    while low < high:
        middle = (low + high) // 2
        if cdf_at(start, middle, mixture, tails) >= level:
            high = middle
        else:
            low = middle + 1
    return low


@nb.njit(cache=True, nogil=True)
def mean_at(start: int, cap: int, mixture: Mixture, survived: Rows) -> float:
    """Mean hours, what has not arrived within `cap` counted as `cap`.

    `survived[tail, x]` is the sum of the tail's survival function over the hours 0 to x - 1.
    """
    first, tail, after, weight = mixture
    total = 0.0
    known = 0.0
    longest = survived.shape[1] - 1
    for entry in range(first[start], first[start + 1]):
        known += weight[entry]
        rest = cap - after[entry]
        if rest <= 0:
            total += weight[entry] * cap
        elif rest <= longest:
            total += weight[entry] * (after[entry] + survived[tail[entry], rest])
        else:
            beyond = survived[tail[entry], longest] - survived[tail[entry], longest - 1]
            total += weight[entry] * (after[entry] + survived[tail[entry], longest] + (rest - longest) * beyond)
    return total + max(0.0, 1.0 - known) * cap


@nb.njit(cache=True, nogil=True)
def _mean_of_last(start: int, cap: int, n: int, mixture: Mixture, tails: Rows) -> float:
    total = 0.0
    for hour in range(cap):
        total += 1.0 - cdf_at(start, hour, mixture, tails) ** n
    return total


@nb.njit(cache=True, nogil=True)
def describe(
    starts: Index, items: Index, levels: Rows, limits: tuple[int, int], mixture: Mixture, curves: tuple[Rows, Rows]
) -> Rows:
    """For each start: the mean, the quantile of each level (-1: beyond) and the probability at each.

    `limits` = (longest hour, cap of the mean), `curves` = (tails, survived). With several items the
    order's last one counts; they are taken as independent, which bounds the truth from above in
    time: items of one order share departures. Columns: mean, then (hour, probability) for each level.
    """
    longest, cap = limits
    tails, survived = curves
    out = np.empty((starts.size, 1 + 2 * levels.size))
    for row in range(starts.size):
        start, n = starts[row], items[row]
        if n == 1:
            out[row, 0] = mean_at(start, cap, mixture, survived)
        else:
            out[row, 0] = _mean_of_last(start, cap, n, mixture, tails)
        for index in range(levels.size):
            hour = quantile_at(start, levels[index] ** (1.0 / n), longest, mixture, tails)
            out[row, 1 + 2 * index] = hour
            out[row, 2 + 2 * index] = cdf_at(start, hour, mixture, tails) ** n if hour >= 0 else np.nan
    return out


@nb.njit(cache=True, nogil=True)
def probabilities(starts: Index, hours: Index, items: Index, mixture: Mixture, tails: Rows) -> Rows:
    """For each start the probability of having arrived within its hours (negative: never)."""
    out = np.zeros(starts.size)
    for row in range(starts.size):
        if hours[row] >= 0:
            out[row] = cdf_at(starts[row], hours[row], mixture, tails) ** items[row]
    return out

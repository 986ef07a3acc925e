"""The linear maps of the steps, compiled: each takes rows of probabilities by hour and spreads them.

A row stands for one start; column `t` is the probability of being there at hour `t` of a timeline.
What falls beyond the timeline, is lost or refused leaves the row: a row's sum is the probability of
still arriving. Probabilities below `LEAST` are dropped.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

LEAST = 1e-8

Rows = NDArray[np.float64]
Curves = NDArray[np.float32]
Index = NDArray[np.int32]
SMALL = 1e-4
"""At no hour is more than this probability late, in any step; see `join_small`."""

FINE = 2e-4
"""What is less probable than this is spread over a dozen slices of a duration, each at its mean."""

Spread = tuple[Index, Rows]
"""Several discretised durations one after the other: where each begins, and the probabilities."""

Slices = tuple[NDArray[np.int32], Rows]
"""For several durations the hours and probabilities of their slices, a row each."""

Pieces = tuple[Spread, Slices, Slices]
"""Durations hour by hour as far as most of them go, the rest in slices; and the whole in slices."""

Weights = tuple[Index, Index, Rows]
"""Sparse rows one after the other: where each begins, its runs, and the share that leaves with each."""

Followed = tuple[Rows, Index]
"""Rows of probabilities by hour, and for each row the first column in use and the one behind the last."""


@nb.njit(cache=True, nogil=True)
def _touch(span: Any, low: int, high: int) -> None:
    span[0] = min(span[0], low)
    span[1] = max(span[1], high)


@nb.njit(cache=True, nogil=True, fastmath=True)
def add_multiple(total: Any, factor: Any, values: Any) -> None:
    """Add to each cell of `total` so many times that of `values`."""
    for index in range(total.size):
        total[index] += factor * values[index]


@nb.njit(cache=True, nogil=True)
def _add_slices(finished: Any, p: float, base: int, hours: Any, shares: Any, high: int) -> Any:
    """Add `p` in slices to what is finished `base` open hours on; what takes none, and how far it went."""
    at_once = 0.0
    for number in range(hours.size):
        place = base + hours[number] - 1
        if hours[number] == 0:
            at_once += p * shares[number]
        elif place < finished.size:
            finished[place] += p * shares[number]
            high = max(high, place + 1)
    return at_once, high


@nb.njit(cache=True, nogil=True)
def spread_work(
    before: Followed, hours: tuple[Index, Index, Index], variant: Index, duration: Pieces, after: Followed
) -> None:
    """Work of `k` open hours; adds the result to `after`.

    `hours` are (count, done, reopens) of a calendar, `variant[t]` selects among the duration's
    distributions. Counted in open hours the work is a plain convolution, so it is done there.
    """
    rows, span = before
    out, out_span = after
    count, done, reopens = hours
    (first, probability), tail, whole = duration
    last = rows.shape[1] - 1
    finished = np.zeros(done.size)
    for m in range(rows.shape[0]):
        low, high = done.size, 0
        for t in range(span[m, 0], min(span[m, 1], last)):
            p = rows[m, t]
            if p < LEAST:
                continue
            which, base = variant[t], count[t]
            if p < FINE:
                at_once, high = _add_slices(finished, p, base, whole[0][which], whole[1][which], high)
            else:
                at_once, high = _add_slices(finished, p, base, tail[0][which], tail[1][which], high)
                begin = first[which]
                at_once += p * probability[begin]
                top = min(first[which + 1] - begin - 1, done.size - base)
                add_multiple(finished[base : base + top], p, probability[begin + 1 : begin + 1 + top])
                high = max(high, base + top)
            low = min(low, base)
            if at_once > 0.0 and reopens[t] < last:
                _touch(out_span[m], reopens[t], reopens[t] + 1)
                out[m, reopens[t]] += at_once
        if high > low:
            _touch(out_span[m], done[low], done[high - 1] + 1)
        for index in range(low, high):
            out[m, done[index]] += finished[index]
            finished[index] = 0.0


@nb.njit(cache=True, nogil=True)
def board(rows: Curves, starts: Index, runs: tuple[Index, Index], missed: Rows) -> Rows:
    """How much of each start leaves with each run.

    Start `i` is ready `x` hours after `starts[i]` with probability `rows[i, x]`; `runs` = (cutoff,
    departure row); `missed[row]` are the shares that miss one run and two.
    """
    cutoff, row_of = runs
    weights = np.zeros((starts.size, cutoff.size))
    for i in range(starts.size):
        run = np.searchsorted(cutoff, starts[i])
        for x in range(rows.shape[1]):
            p = rows[i, x]
            if p < LEAST:
                continue
            while run < cutoff.size and cutoff[run] < starts[i] + x:
                run += 1
            if run >= cutoff.size:
                break
            once, twice = missed[row_of[run], 0], missed[row_of[run], 1]
            weights[i, run] += p * (1 - once - twice)
            if run + 1 < cutoff.size:
                weights[i, run + 1] += p * once
            if run + 2 < cutoff.size:
                weights[i, run + 2] += p * twice
    return weights


@nb.njit(cache=True, nogil=True)
def travel_on(weights: Rows, leaves: Index, row_of: Index, spread: Spread, after: Followed) -> None:
    """From the weights on runs to the hours of arrival; each departure has its own travel time."""
    out, out_span = after
    first, probability = spread
    columns = out.shape[1]
    for m in range(weights.shape[0]):
        for run in range(leaves.size):
            p = weights[m, run]
            if p < LEAST or leaves[run] >= columns:
                continue
            begin = first[row_of[run]]
            top = min(first[row_of[run] + 1] - begin, columns - leaves[run])
            _touch(out_span[m], leaves[run], leaves[run] + top)
            add_multiple(out[m, leaves[run] : leaves[run] + top], p, probability[begin : begin + top])


@nb.njit(cache=True, nogil=True)
def join_small(followed: Followed) -> None:
    """Let what is less probable than `SMALL` wait for a later column, in place, until together it is not.

    No probability is lost, and at no hour is more than `SMALL` of it late; the last waits for nothing
    and is put where the last before it was, so that rows end.
    """
    rows, span = followed
    for m in range(rows.shape[0]):
        waiting, last, high = 0.0, -1, span[m, 0]
        for t in range(span[m, 0], span[m, 1]):
            if rows[m, t] == 0.0:
                continue
            waiting += rows[m, t]
            rows[m, t] = 0.0
            high = t
            if waiting >= SMALL:
                rows[m, t] = waiting
                waiting, last = 0.0, t
        last = high if last < 0 else last
        if waiting > 0.0:
            rows[m, last] += waiting
        span[m, 1] = last + 1


@nb.njit(cache=True, nogil=True)
def relative(followed: Followed, starts: Index, width: int) -> Curves:
    """Each row seen from its start: column `x` is the probability of `x` hours after it."""
    rows, span = followed
    out = np.zeros((starts.size, width), np.float32)
    for i in range(starts.size):
        for t in range(max(span[i, 0], starts[i]), min(span[i, 1], starts[i] + width)):
            out[i, t - starts[i]] = rows[i, t]
    return out


@nb.njit(cache=True, nogil=True)
def compress(rows: Rows) -> Weights:
    """Rows of weights without their zeros."""
    first = np.zeros(rows.shape[0] + 1, np.int32)
    for m in range(rows.shape[0]):
        first[m + 1] = first[m] + np.count_nonzero(rows[m])
    runs, shares = np.empty(first[-1], np.int32), np.empty(first[-1])
    for m in range(rows.shape[0]):
        runs[first[m] : first[m + 1]] = np.flatnonzero(rows[m])
        shares[first[m] : first[m + 1]] = rows[m][runs[first[m] : first[m + 1]]]
    return first, runs, shares


@nb.njit(cache=True, nogil=True)
def mix(weights: Weights, future: Index, later: Index, futures: Followed, after: Followed) -> None:
    """For each start the sum of its runs' futures by their weights; adds it to `after`.

    Run `j` goes on as row `future[j]` of `futures`, `later[j]` hours later than that stands.
    """
    first, runs, shares = weights
    rows, span = futures
    out, out_span = after
    columns = out.shape[1]
    for i in range(first.size - 1):
        for number in range(first[i], first[i + 1]):
            row, shift = future[runs[number]], later[runs[number]]
            low, high = span[row, 0], min(span[row, 1], columns - shift)
            if low < high:
                _touch(out_span[i], low + shift, high + shift)
                add_multiple(out[i, low + shift : high + shift], shares[number], rows[row, low:high])

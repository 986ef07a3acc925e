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

ROUNDING = 1e-9
"""A level is reached when it is missed by no more than this."""

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

Followed = tuple[Rows, Index]
"""Rows of probabilities by hour, and for each row the first column in use and the one behind the last."""


@nb.njit(cache=True, nogil=True)
def _touch(span: Any, low: int, high: int) -> None:
    span[0] = min(span[0], low)
    span[1] = max(span[1], high)


@nb.njit(cache=True, nogil=True, fastmath=True)
def _add_multiple(total: Any, factor: Any, values: Any) -> None:
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
def _shares_of_rounds(rounds: tuple[Index, Index, Index], variant: Index, spread: Spread, low: int, high: int) -> Rows:
    """For each index from `low` to `high` which share of what is handed over there goes with the rounds that follow."""
    round_of, opens, _ = rounds
    first, reached = spread
    longest = 0
    for which in range(first.size - 1):
        longest = max(longest, first[which + 1] - first[which])
    shares = np.zeros((max(high - low, 0), longest // 12 + 2))
    for t in range(low, high):
        curve = reached[first[variant[t]] : first[variant[t] + 1]]
        missed = 0.0
        for number in range(min(shares.shape[1], opens.size - round_of[t])):
            until = curve[min(opens[round_of[t] + number] - t, curve.size - 1)]
            shares[t - low, number] = until - missed
            missed = until
            if missed >= curve[-1]:
                break
    return shares


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
                _add_multiple(finished[base : base + top], p, probability[begin + 1 : begin + 1 + top])
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
def spread_delivery(
    before: Followed, keep: float, rounds: tuple[Index, Index, Index], variant: Index, spread: Spread, after: Followed
) -> None:
    """A duration around the clock, then the first delivery round that starts at or after, its hours evenly likely.

    `rounds` are (round_of, from, to) of a calendar; `spread` holds distribution functions here. Only
    the rounds' shares are worked out: a round gets what reaches the office since the one before it.
    """
    rows, span = before
    out, out_span = after
    round_of, opens, closes = rounds
    begin = span[:, 0].min() if len(span) else 0
    shares = _shares_of_rounds(rounds, variant, spread, begin, min(span[:, 1].max(), rows.shape[1] - 1))
    share = np.zeros(opens.size + shares.shape[1])
    for m in range(rows.shape[0]):
        low, high = opens.size, 0
        for t in range(span[m, 0], min(span[m, 1], rows.shape[1] - 1)):
            p = rows[m, t] * keep
            if p < LEAST:
                continue
            low, end = min(low, round_of[t]), round_of[t] + shares.shape[1]
            _add_multiple(share[round_of[t] : end], p, shares[t - begin])
            high = max(high, end)
        high = min(high, opens.size)
        if high > low:
            _touch(out_span[m], opens[low], closes[high - 1] + 1)
        for number in range(low, high):
            if share[number] > 0.0:
                out[m, opens[number] + 1 : closes[number] + 1] += share[number] / (closes[number] - opens[number])
        share[:] = 0.0


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
            _add_multiple(out[m, leaves[run] : leaves[run] + top], p, probability[begin : begin + top])


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
def mix(weights: Rows, tail_of_run: Index, shift_of_run: Index, tails: Followed, after: Followed) -> None:
    """For each start the sum of the tails of its runs by their weights; adds it to `after`.

    Run `j` goes on as tail `tail_of_run[j]`, `shift_of_run[j]` hours later than that tail stands.
    """
    rows, span = tails
    out, out_span = after
    columns = out.shape[1]
    for i in range(weights.shape[0]):
        for run in range(weights.shape[1]):
            if weights[i, run] <= 0.0:
                continue
            tail, shift = tail_of_run[run], shift_of_run[run]
            low, high = span[tail, 0], min(span[tail, 1], columns - shift)
            if low < high:
                _touch(out_span[i], low + shift, high + shift)
                _add_multiple(out[i, low + shift : high + shift], weights[i, run], rows[tail, low:high])


@nb.njit(cache=True, nogil=True)
def add_seen(followed: Followed, starts: Index, share: float, out: Rows) -> None:
    """Add `share` of each row to `out`, seen from its start: column `x` is for `x` hours after it."""
    rows, span = followed
    for i in range(starts.size):
        for t in range(max(span[i, 0], starts[i]), min(span[i, 1], starts[i] + out.shape[1])):
            out[i, t - starts[i]] += share * rows[i, t]


@nb.njit(cache=True, nogil=True)
def cumulate(rows: Rows) -> tuple[Rows, Rows]:
    """Each row's distribution function, in place, and its survival summed up.

    Column `x` of the second is the sum of the survival function over the hours 0 to x - 1.
    """
    survived = np.zeros((rows.shape[0], rows.shape[1] + 1))
    for i in range(rows.shape[0]):
        total = 0.0
        for x in range(rows.shape[1]):
            total = min(total + rows[i, x], 1.0)
            rows[i, x] = total
            survived[i, x + 1] = survived[i, x] + 1.0 - total
    return rows, survived


@nb.njit(cache=True, nogil=True)
def means(rows: Index, items: Index, caps: Index, arrived: Rows, survived: Rows) -> Rows:
    """For each row the mean hours of the last of its items, capped.

    Several items are taken as independent, which bounds the truth from above: they share departures.
    """
    out = np.zeros(rows.size)
    for i in range(rows.size):
        if items[i] == 1:
            out[i] = survived[rows[i], caps[i]]
        else:
            for hour in range(caps[i]):
                out[i] += 1.0 - arrived[rows[i], hour] ** items[i]
    return out


@nb.njit(cache=True, nogil=True)
def quantiles(rows: Index, items: Index, levels: Rows, arrived: Rows) -> Rows:
    """For each row and level the quantile of the last of its items (-1: beyond) and the probability there."""
    out = np.empty((rows.size, 2 * levels.size))
    for i in range(rows.size):
        for index in range(levels.size):
            hour = np.searchsorted(arrived[rows[i]], levels[index] ** (1.0 / items[i]) - ROUNDING)
            beyond = hour == arrived.shape[1]
            out[i, 2 * index] = -1 if beyond else hour
            out[i, 2 * index + 1] = np.nan if beyond else arrived[rows[i], hour] ** items[i]
    return out


@nb.njit(cache=True, nogil=True)
def probabilities(rows: Index, hours: Index, items: Index, arrived: Rows) -> Rows:
    """For each row the probability that all its items have arrived within its hours (negative: never)."""
    out = np.zeros(rows.size)
    for i in range(rows.size):
        if hours[i] >= 0:
            out[i] = arrived[rows[i], min(hours[i], arrived.shape[1] - 1)] ** items[i]
    return out

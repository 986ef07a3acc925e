"""Arrivals by delivery rounds, compiled: who reaches which round, and what a distribution over rounds says.

All items of a round are attempted within its open hours, each hour evenly likely, so the share of
every round is the whole distribution: a few dozen numbers for a start instead of a number an hour.
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

from entrepost.journey.kernels import LEAST, Followed, Index, Rows, Spread, Weights, add_multiple

ROUNDING = 1e-9
"""A level is reached when it is missed by no more than this."""

Span = tuple[Index, Index]
"""Rounds in order: the indices at which they open and close."""

Ask = tuple[Index, Index, Index]
"""What is asked, an entry each: which row, the index at which it begins, how many items."""


@nb.njit(cache=True, nogil=True)
def _most_rounds(round_of: Index, longest: int, low: int, high: int) -> int:
    """How many rounds at most share what is handed over at one index from `low` to `high`."""
    most = 1
    for t in range(low, high):
        most = max(most, round_of[min(t + longest, round_of.size - 1)] - round_of[t] + 1)
    return most


@nb.njit(cache=True, nogil=True)
def _next_rounds(t: int, opens: Any, curve: Any, shares: Any) -> None:
    """Which share of what is handed over at `t` goes with each of the rounds that follow."""
    missed = 0.0
    for number in range(min(shares.size, opens.size)):
        until = curve[min(opens[number] - t, curve.size - 1)]
        shares[number] = until - missed
        missed = until
        if missed >= curve[-1]:
            break


@nb.njit(cache=True, nogil=True)
def hand_over(
    before: Followed, keep: float, rounds: tuple[Index, Index], variant: Index, spread: Spread, out: Rows
) -> None:
    """A duration around the clock, then the first delivery round that opens at or after; adds shares to `out`.

    `rounds` are (round_of, opens) of a calendar and `out` has a column for each; `spread` holds
    distribution functions here. A round gets what reaches the office since the one before it opened.
    """
    rows, span = before
    if not rows.shape[0]:
        return
    round_of, opens = rounds
    first, reached = spread
    begin, last = span[:, 0].min(), rows.shape[1] - 1
    end = max(min(span[:, 1].max(), last), begin)
    longest = np.diff(first).max()
    shares = np.zeros((end - begin, _most_rounds(round_of, longest, begin, end)))
    known = np.zeros(end - begin, np.bool_)
    sums = np.zeros(shares.shape[1])
    for m in range(rows.shape[0]):
        base = round_of[min(span[m, 0], last)]
        for t in range(span[m, 0], min(span[m, 1], last)):
            p = rows[m, t] * keep
            if p < LEAST:
                continue
            if not known[t - begin]:
                known[t - begin] = True
                curve = reached[first[variant[t]] : first[variant[t] + 1]]
                _next_rounds(t, opens[round_of[t] :], curve, shares[t - begin])
            if round_of[t] != base:
                _flush(sums, out[m], base)
                base = round_of[t]
            add_multiple(sums, p, shares[t - begin])
        _flush(sums, out[m], base)


@nb.njit(cache=True, nogil=True)
def _flush(sums: Any, out: Any, base: int) -> None:
    for number in range(min(sums.size, out.size - base)):
        out[base + number] += sums[number]
    sums[:] = 0.0


@nb.njit(cache=True, nogil=True)
def mix(weights: Weights, chosen: Index, future: Index, later: Index, shares: Rows, total: Rows) -> None:
    """For each chosen row of weights the sum of its runs' futures; adds it to `total`.

    Run `j` goes on as row `future[j]` of `shares`, `later[j]` rounds later than that stands.
    """
    first, runs, parts = weights
    low, high = np.zeros(shares.shape[0], np.int32), np.zeros(shares.shape[0], np.int32)
    for row in range(shares.shape[0]):
        used = np.flatnonzero(shares[row])
        if used.size:
            low[row], high[row] = used[0], used[-1] + 1
    for i in range(chosen.size):
        for number in range(first[chosen[i]], first[chosen[i] + 1]):
            row, shift = future[runs[number]], later[runs[number]]
            end = min(high[row], total.shape[1] - shift)
            if low[row] < end:
                into = total[i, low[row] + shift : end + shift]
                add_multiple(into, parts[number], shares[row, low[row] : end])


@nb.njit(cache=True, nogil=True)
def in_hours(shares: Rows, span: Span, after: Followed) -> None:
    """Spread the shares of rounds evenly over their hours; adds them to `after`."""
    out, out_span = after
    opens, closes = span
    for m in range(shares.shape[0]):
        for number in range(shares.shape[1]):
            if shares[m, number] > 0.0:
                low, high = opens[number] + 1, closes[number] + 1
                out_span[m, 0], out_span[m, 1] = min(out_span[m, 0], low), max(out_span[m, 1], high)
                out[m, low:high] += shares[m, number] / (high - low)


@nb.njit(cache=True, nogil=True)
def cumulate(shares: Rows) -> Rows:
    """The shares of rounds as distribution functions, in place."""
    for m in range(shares.shape[0]):
        total = 0.0
        for number in range(shares.shape[1]):
            total = min(total + shares[m, number], 1.0)
            shares[m, number] = total
    return shares


@nb.njit(cache=True, nogil=True)
def means(ask: Ask, caps: Index, span: Span, reached: Rows) -> Rows:
    """For each entry the mean hours of the last of its items, what comes after its cap counted as the cap.

    Several items are taken as independent, which bounds the truth from above: they share departures.
    """
    row, begins, items = ask
    opens, closes = span
    out = np.zeros(row.size)
    for i in range(row.size):
        before, all_before, end = 0.0, 0.0, begins[i] + caps[i]
        for number in range(opens.size):
            share = reached[row[i], number] - before
            if share <= 0.0:
                continue
            if opens[number] >= end:
                break
            hours = closes[number] - opens[number]
            if items[i] == 1 and closes[number] <= end:
                out[i] += share * (opens[number] + (hours + 1) / 2 - begins[i])
                before += share
                all_before = before
                continue
            for hour in range(1, min(hours, end - opens[number]) + 1):
                all_now = (before + share * hour / hours) ** items[i]
                out[i] += (all_now - all_before) * (opens[number] + hour - begins[i])
                all_before = all_now
            before += share
        out[i] += (1.0 - all_before) * caps[i]
    return out


@nb.njit(cache=True, nogil=True)
def quantiles(ask: Ask, levels: Rows, span: Span, reached: Rows) -> Rows:
    """For each entry and level the quantile of the last of its items (-1: none) and the probability there."""
    row, begins, items = ask
    opens, closes = span
    out = np.empty((row.size, 2 * levels.size))
    for i in range(row.size):
        for index in range(levels.size):
            level = levels[index] ** (1.0 / items[i]) - ROUNDING
            number = np.searchsorted(reached[row[i]], level)
            if level <= 0.0 or number == opens.size:
                out[i, 2 * index : 2 * index + 2] = (0.0, 0.0) if level <= 0.0 else (-1.0, np.nan)
                continue
            before = reached[row[i], number - 1] if number else 0.0
            share, hours = reached[row[i], number] - before, closes[number] - opens[number]
            hour = min(max(np.ceil((level - before) / share * hours), 1), hours)
            out[i, 2 * index] = opens[number] + hour - begins[i]
            out[i, 2 * index + 1] = (before + share * hour / hours) ** items[i]
    return out


@nb.njit(cache=True, nogil=True)
def probabilities(ask: Ask, hours: Index, span: Span, reached: Rows) -> Rows:
    """For each entry the probability that all its items have arrived within its hours (negative: never)."""
    row, begins, items = ask
    opens, closes = span
    out = np.zeros(row.size)
    for i in range(row.size):
        if hours[i] < 0:
            continue
        at = begins[i] + hours[i]
        number = np.searchsorted(closes, at, side="right")
        found = reached[row[i], number - 1] if number else 0.0
        if number < opens.size and opens[number] < at:
            part = (at - opens[number]) / (closes[number] - opens[number])
            found += (reached[row[i], number] - found) * part
        out[i] = found ** items[i]
    return out

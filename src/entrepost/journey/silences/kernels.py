"""How probable it is that nothing is heard until now of an item that was heard of at each hour before.

Each kernel takes what comes after a step, as a function of the hour at which the step ends, and gives the same
as a function of the hour at which it begins; the last hour of every array is now. What comes after is the
probability that the scan which ends the step is not known, times that of being silent from there on.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Hours = NDArray[np.int32]

FINE_HOURS, COARSE = 96, 6
"""A step is looked at hour by hour for so long, then every few hours: what is done between counts at their end."""

MOST_MISSED = 12
"""Nobody misses more departures than that (assumed)."""


@nb.njit(cache=True, nogil=True)
def _next(at: int, begun: int, last: int) -> int:
    """The hour to look at after this one."""
    if at - begun < FINE_HOURS or at >= last:
        return at + 1
    return min(at + COARSE, last)


@nb.njit(cache=True, nogil=True)
def add_work(share: float, upto: Floats, opened: Hours, slow: Floats, after: Floats, out: Floats) -> None:
    """Add `share` of work that takes open hours with a distribution function `upto`.

    `opened`: (hours + 1,) the open hours before each hour; `slow`: by how much work begun at an hour takes longer.
    """
    hours = after.size
    for begun in range(hours):
        total, before, at = 0.0, 0.0, begun
        while at < hours:
            own, here = opened[at] - opened[begun], at
            at = _next(at, begun, hours - 1)
            if own == 0 and opened[here + 1] == opened[here]:
                continue
            whole = int(own / slow[begun])
            done = upto[whole] if whole < upto.size else 1.0
            total += (done - before) * after[here]
            before = done
            if whole >= upto.size - 1:
                break
        out[begun] += share * (total + 1 - before)


@nb.njit(cache=True, nogil=True)
def add_plain(share: float, upto: Floats, after: Floats, out: Floats) -> None:
    """The same where every hour counts."""
    hours = after.size
    for begun in range(hours):
        total, before, at = 0.0, 0.0, begun
        last = min(hours, begun + upto.size) - 1
        while at <= last:
            total += (upto[at - begun] - before) * after[at]
            before = upto[at - begun]
            at = _next(at, begun, last)
        out[begun] += share * (total + 1 - before)


@nb.njit(cache=True, nogil=True)
def add_travel(upto: Floats, first: Hours, run: Hours, after: Floats, out: Floats) -> None:
    """Add travel with the run that left last at each hour; `first` says where the function of each begins in `upto`."""
    hours = after.size
    for begun in range(hours):
        total, before, at = 0.0, 0.0, begun
        low = first[run[begun]]
        last = min(hours, begun + first[run[begun] + 1] - low) - 1
        while at <= last:
            total += (upto[low + at - begun] - before) * after[at]
            before = upto[low + at - begun]
            at = _next(at, begun, last)
        out[begun] += total + 1 - before


@nb.njit(cache=True, nogil=True)
def add_wait(missed: tuple[float, float], cutoff: Hours, leaves: Hours, after: Floats, out: Floats) -> None:
    """Add the wait for a departure: the first one whose cutoff is not before, or those after it where it is missed.

    `missed`: the shares that miss one departure, and two; who misses two misses each further one as probably as
    anybody misses any. Runs stand in the order of their leaving, in hours of the window.
    """
    once, twice = missed
    again = min(once + twice, 0.5)
    for begun in range(after.size):
        at = np.searchsorted(leaves, begun)
        while at < leaves.size and cutoff[at] < begun:
            at += 1
        left, share = 1.0, 1.0 - once - twice
        for number in range(MOST_MISSED):
            if at + number >= leaves.size or leaves[at + number] >= after.size:
                break
            out[begun] += share * after[max(leaves[at + number], begun)]
            left -= share
            share = once if number == 0 else twice * (1 - again) if number == 1 else share * again
        out[begun] += max(left, 0.0)


@nb.njit(cache=True, nogil=True)
def add_round(which: Hours, opens: Hours, closes: Hours, after: Floats, out: Floats) -> None:
    """Add the wait for a delivery round and the hour in it at which an attempt is made, drawn evenly.

    `which`: of each hour the number of the round that starts at or after; its hours are those of the window.
    """
    hours = after.size
    for begun in range(hours):
        if which[begun] >= opens.size:
            out[begun] += 1.0
            continue
        low, high = opens[which[begun]], closes[which[begun]]
        for at in range(low + 1, high + 1):
            out[begun] += (after[at] if at < hours else 1.0) / (high - low)

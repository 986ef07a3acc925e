"""What two cuts bring, for all pairs of cuts of a box of cells at once.

The bins of all axes stand in one row. A table holds for each pair of bins, one of each axis, what their cells cost
by each option; from it follow the best trees of up to three leaves, and of two on either side of each cut, without
looking at the cells again.

References
----------
Demirovic et al.: MurTree: optimal decision trees via dynamic programming and search, Journal of Machine Learning
Research 23, 2022 (there for features that are yes or no).
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Span(NamedTuple):
    """Where each axis begins in the row of bins, and the first and last bin of a box on each axis."""

    begin: Integers
    low: Integers
    high: Integers


class Sums(NamedTuple):
    """Costs by each option: of each pair of bins (cumulated over both), up to each bin of its axis, of all."""

    pairs: Floats
    upto: Floats
    total: Floats


class Cuts(NamedTuple):
    """For each cut (the bin after which it lies) what its two sides cost with one leaf, and with two, and their cuts.

    Infinity where a bin is no cut of the box; cut -1 where a second leaf brings nothing.
    """

    one_low: Floats
    one_high: Floats
    two_low: Floats
    two_high: Floats
    cut_low: Integers
    cut_high: Integers


@nb.njit(cache=True)
def sum_pairs(codes: NDArray[np.uint8], costs: Floats, rows: Integers, begin: Integers, pairs: Floats) -> None:
    """Write into `pairs` (bins, bins, options) the costs of the cells in each pair of bins of two axes."""
    pairs[:] = 0.0
    place = np.empty(codes.shape[1], np.int64)
    for row in rows:
        for axis in range(place.size):
            place[axis] = begin[axis] + codes[row, axis]
        for axis in range(place.size):
            for other in range(axis, place.size):
                _add(pairs[place[axis], place[other]], costs[row])


@nb.njit(cache=True, inline="always")
def _add(sums: Floats, costs: Floats) -> None:
    for option in range(sums.size):
        sums[option] += costs[option]


@nb.njit(cache=True)
def look_at_cuts(pairs: Floats, span: Span) -> Cuts:
    """All cuts of a box; `pairs` is cumulated in place."""
    bins = pairs.shape[0]
    nothing, infinity = np.full((2, bins), -1), np.full((4, bins), np.inf)
    cuts = Cuts(infinity[0], infinity[1], infinity[2], infinity[3], nothing[0], nothing[1])
    sums = _cumulate(pairs, span)
    begin, low, high = span
    for axis in range(low.size):
        for cut in range(begin[axis] + low[axis], begin[axis] + high[axis]):
            one, two = _least_of_two(sums.upto[cut], sums.total)
            cuts.one_low[cut] = cuts.two_low[cut] = one
            cuts.one_high[cut] = cuts.two_high[cut] = two
            for other in range(low.size):
                _cut_again(sums, span, axis, cut, other, cuts)
    return cuts


@nb.njit(cache=True)
def _cumulate(pairs: Floats, span: Span) -> Sums:
    begin, low, high = span
    upto = np.zeros(pairs.shape[1:])
    for axis in range(low.size):
        first, last = begin[axis] + low[axis], begin[axis] + high[axis]
        upto[first] = pairs[first, first]
        for place in range(first + 1, last + 1):
            upto[place] = upto[place - 1] + pairs[place, place]
        for other in range(axis + 1, low.size):
            block = pairs[first : last + 1, begin[other] + low[other] : begin[other] + high[other] + 1]
            _cumulate_block(block)
    return Sums(pairs, upto, upto[begin[0] + high[0]].copy())


@nb.njit(cache=True)
def _cumulate_block(block: Floats) -> None:
    for row in range(block.shape[0]):
        for column in range(1, block.shape[1]):
            _add(block[row, column], block[row, column - 1])
        if row > 0:
            for column in range(block.shape[1]):
                _add(block[row, column], block[row - 1, column])


@nb.njit(cache=True)
def _cut_again(sums: Sums, span: Span, axis: int, cut: int, other: int, cuts: Cuts) -> None:
    """Cut both sides of a cut once more, by another axis or the same; the best are kept."""
    part, rest = np.empty(sums.total.size), sums.total - sums.upto[cut]
    for second in range(span.begin[other] + span.low[other], span.begin[other] + span.high[other]):
        if other == axis:
            part[:] = sums.upto[min(second, cut)]
        else:
            part[:] = sums.pairs[cut, second] if axis < other else sums.pairs[second, cut]
        one, two = _least_of_two(part, sums.upto[cut])
        if one + two < cuts.two_low[cut]:
            cuts.two_low[cut], cuts.cut_low[cut] = one + two, second
        for option in range(part.size):
            part[option] = sums.upto[max(second, cut) if other == axis else second, option] - (
                sums.upto[cut, option] if other == axis else part[option]
            )
        one, two = _least_of_two(part, rest)
        if one + two < cuts.two_high[cut]:
            cuts.two_high[cut], cuts.cut_high[cut] = one + two, second


@nb.njit(cache=True, inline="always")
def _least_of_two(part: Floats, whole: Floats) -> tuple[float, float]:
    """What a part costs by its best option, and what is left of the whole by its own."""
    one, two = part[0], whole[0] - part[0]
    for option in range(1, part.size):
        one = min(one, part[option])
        two = min(two, whole[option] - part[option])
    return max(one, 0.0), max(two, 0.0)

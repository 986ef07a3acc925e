"""The tree of least regret with so many leaves, proved: branch and bound over boxes of bins.

A box is a run of bins on each axis. Its best tree of up to three leaves is read from a table of pairs
(`segmentation.kernel`); one of more leaves is cut somewhere, and each side is a smaller box with fewer leaves. Four
facts spare most of this work: what a box needs is kept, however it was reached; regret is never negative, so a cut
is given up when one side alone costs more than the best tree so far; with more leaves regret does not grow; and a
smaller box never needs more than one that holds it, so of one axis a side that is found dear makes all larger ones
dear (Mazumder et al. 2022; Brita et al. 2025).

References
----------
Mazumder, Meng, Wang: Quant-BnB: a scalable branch-and-bound method for optimal decision trees with continuous
features, ICML 2022.
Brita, van der Linden, Demirovic: Optimal classification trees for continuous feature data using dynamic programming
with branch-and-bound, AAAI 2025.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.segmentation.kernel import Cuts, Floats, Integers, Span, look_at_cuts, sum_pairs

Tree = tuple[int, "Tree | None", "Tree | None"]
"""A cut (the bin after which it lies), and the trees of its low and its high side; None is a leaf."""

Key = tuple[tuple[int, ...], tuple[int, ...]]
BY_TABLE = 3
"""Trees of up to so many leaves are read from the table of pairs."""

CLOSE = 1e-9
"""A tree must be better by this share to count as better."""


@dataclass
class Found:
    """What is found out of a box: for a number of leaves the regret, at least or exactly, with its tree."""

    bound: dict[int, float] = field(default_factory=dict)
    exact: dict[int, tuple[float, Tree | None]] = field(default_factory=dict)

    def at_least(self, leaves: int) -> float:
        """No tree of so many leaves has less regret."""
        exact = (value for count, (value, _) in self.exact.items() if count >= leaves)
        bound = (value for count, value in self.bound.items() if count >= leaves)
        return max((*exact, *bound), default=0.0)


class Known(NamedTuple):
    """What the table of a box tells: its regret with one leaf, and its cuts."""

    one: float
    cuts: Cuts


@dataclass(frozen=True, slots=True)
class Box:
    """Cells that lie in a run of bins on each axis."""

    rows: Integers
    low: Integers
    high: Integers

    @property
    def key(self) -> Key:
        """What names it."""
        return tuple(self.low.tolist()), tuple(self.high.tolist())


class OutOfTimeError(Exception):
    """The search ends here; what was found stands."""


class Search:
    """Best trees over boxes; `codes` (cells, axes) are bins, `costs` (cells, options) regrets, none below 0.

    `deadline` is of `perf_counter`. With a `width` only so many ways of cutting a box are tried, the most promising
    first: quick, and not exact.
    """

    def __init__(
        self, codes: NDArray[np.uint8], costs: Floats, bins: Integers, deadline: float = np.inf, width: int = 0
    ) -> None:
        self.codes, self.costs, self.deadline, self.width = codes, costs, deadline, width
        self.begin = np.concatenate([[0], np.cumsum(bins)[:-1]]).astype(np.int64)
        self.axis_of = np.repeat(np.arange(bins.size), bins)
        self.known: dict[Key, Known] = {}
        self._pairs = np.empty((int(bins.sum()), int(bins.sum()), costs.shape[1]))
        self._found: dict[Key, Found] = {}
        self.whole = self.box(np.arange(codes.shape[0]))

    def solve(self, box: Box, leaves: int, limit: float = np.inf) -> tuple[float, Tree | None]:
        """The least regret with up to so many leaves and its tree; what is not below the limit is but a bound.

        Raises
        ------
        OutOfTimeError
            When the time is over.
        """
        known, found = self.know(box), self._found.setdefault(box.key, Found())
        if leaves in found.exact:
            return found.exact[leaves]
        if leaves <= BY_TABLE:
            found.exact[leaves] = read_table(known, leaves)
            return found.exact[leaves]
        fewer = self._fewer(known, found, leaves)
        if fewer[0] == 0.0:
            return fewer
        if (bound := found.at_least(leaves)) >= limit:
            return bound, None
        value, tree = _Division(self, box, known.cuts, leaves).run(min(limit, fewer[0]))
        if tree is None and fewer[0] > limit:
            found.bound[leaves] = value
            return value, None
        found.exact[leaves] = fewer if tree is None else (value, tree)
        return found.exact[leaves]

    def know(self, box: Box) -> Known:
        """The table of a box, made where it was not before."""
        key = box.key
        if key not in self.known:
            if perf_counter() > self.deadline:
                raise OutOfTimeError
            sum_pairs(self.codes, self.costs, box.rows, self.begin, self._pairs)
            first = [self._pairs[place, place] for place in range(box.low[0], box.high[0] + 1)]
            one = max(float(np.sum(first, axis=0).min()), 0.0)
            self.known[key] = Known(one, look_at_cuts(self._pairs, Span(self.begin, box.low, box.high)))
        return self.known[key]

    def sides(self, box: Box, cut: int) -> tuple[Box, Box]:
        """The two boxes into which a cut parts one."""
        is_low = self.is_low(box.rows, cut)
        return self.box(box.rows[is_low]), self.box(box.rows[~is_low])

    def is_low(self, rows: Integers, cut: int) -> NDArray[np.bool_]:
        """Which cells lie on the low side of a cut."""
        axis = self.axis_of[cut]
        low: NDArray[np.bool_] = self.codes[rows, axis] <= cut - self.begin[axis]
        return low

    def box(self, rows: Integers) -> Box:
        """The smallest box about some cells."""
        codes = self.codes[rows]
        return Box(rows, codes.min(axis=0).astype(np.int64), codes.max(axis=0).astype(np.int64))

    def _fewer(self, known: Known, found: Found, leaves: int) -> tuple[float, Tree | None]:
        """The best tree that is known with fewer leaves."""
        count = max((each for each in found.exact if BY_TABLE < each < leaves), default=0)
        return found.exact[count] if count else read_table(known, BY_TABLE)


class _Division:
    """All ways of cutting a box first here and then there, with so many leaves on either side."""

    def __init__(self, search: Search, box: Box, cuts: Cuts, leaves: int) -> None:
        self.search, self.box, self.leaves = search, box, leaves
        size = cuts.one_low.size
        self.low, self.high = np.zeros((leaves, size)), np.zeros((leaves, size))
        self.low[:], self.high[:] = np.where(np.isinf(cuts.one_low), np.inf, 0.0), 0.0
        self.low[1], self.low[2] = cuts.one_low, cuts.two_low
        self.high[1], self.high[2] = cuts.one_high, cuts.two_high
        self.cuts, self.done = cuts, np.zeros((leaves, size), dtype=bool)

    def run(self, limit: float) -> tuple[float, Tree | None]:
        """The best below the limit, or at least what no way is below."""
        best, tree = limit, None
        hope = self._hope()
        while True:
            value = self._values()
            open_ = (value < best * (1 - CLOSE)) & ~self.done[1:]
            if not open_.any() or 0 < self.search.width <= self.done.sum():
                return best, tree
            place = int(np.where(open_, hope, np.inf).argmin())
            left, cut = place // value.shape[1] + 1, place % value.shape[1]
            self.done[left, cut] = True
            found, sides = self._try(left, cut, best)
            if sides is not None and found < best:
                best, tree = found, (cut, *sides)

    def _values(self) -> Floats:
        """For each number of leaves on the low side and each cut, what it costs at least."""
        values: Floats = self.low[1:] + self.high[:0:-1]
        return values

    def _hope(self) -> Floats:
        """What it costs at most: with two leaves where there may be more."""
        low = np.stack([self.cuts.one_low] + [self.cuts.two_low] * (self.leaves - 2))
        high = np.stack([self.cuts.one_high] + [self.cuts.two_high] * (self.leaves - 2))
        hope: Floats = low + high[::-1]
        return hope

    def _try(self, left: int, cut: int, best: float) -> tuple[float, tuple[Tree | None, Tree | None] | None]:
        """Work a way out, the side with fewer leaves first; no tree where it is not better."""
        low, high = self.search.sides(self.box, cut)
        right = self.leaves - left
        value, trees = 0.0, {}
        for name, side, leaves in sorted([("low", low, left), ("high", high, right)], key=lambda each: each[2]):
            other = self.high[right, cut] if name == "low" else self.low[left, cut]
            found, trees[name] = self.search.solve(side, leaves, best - other)
            self._learn(name, leaves, cut, found)
            value = self.low[left, cut] + self.high[right, cut]
            if value >= best * (1 - CLOSE):  # What is equal but for rounding may be a bound without a tree.
                return value, None
        return value, (trees["low"], trees["high"])

    def _learn(self, name: str, leaves: int, cut: int, value: float) -> None:
        """What a side costs, every larger side of the axis costs at least, and with fewer leaves too."""
        axis = self.search.axis_of == self.search.axis_of[cut]
        place = np.arange(axis.size)
        bound, larger = (self.low, place >= cut) if name == "low" else (self.high, place <= cut)
        where = axis & larger
        bound[3 : leaves + 1, where] = np.maximum(bound[3 : leaves + 1, where], value)


def read_table(known: Known, leaves: int) -> tuple[float, Tree | None]:
    """The best tree of up to three leaves, from the cuts of a box."""
    cuts, best = known.cuts, known.one
    tree: Tree | None = None
    if leaves >= 2 and (two := cuts.one_low + cuts.one_high).min(initial=np.inf) < best * (1 - CLOSE):
        best, tree = float(two.min()), (int(two.argmin()), None, None)
    if leaves >= 3:
        for is_low, three in ((True, cuts.two_low + cuts.one_high), (False, cuts.one_low + cuts.two_high)):
            if three.min(initial=np.inf) < best * (1 - CLOSE):
                cut = int(three.argmin())
                again = int(cuts.cut_low[cut] if is_low else cuts.cut_high[cut])
                side: Tree = (again, None, None)
                best, tree = float(three.min()), (cut, side if is_low else None, None if is_low else side)
    return best, tree

"""Segments: a few readable rules in place of the best option of each cell, and what that costs at most.

The rules form a tree: each question parts the cells by one feature, and each leaf, a *segment*, serves all of its
cells by one option. Found is the smallest tree whose regret (what it costs more than the best option of every
cell) is at most a given share of the saving (what those best options cost less than today), and of the trees with
so many leaves the one of least regret: exactly, over the cuts of `segmentation.axes`, for up to `EXACT_LEAVES` leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.axes import Floats
from entrepost.planning.segmentation.problem import SegmentProblem, list_axes, price_of_forbidden
from entrepost.planning.segmentation.search import OutOfTimeError, Search, Tree

EXACT_LEAVES = 6
WIDTH = 4
"""So many ways of cutting a box are tried for a first tree, before the proof."""

Progress = Callable[[int, float, bool], None]
"""Told after each number of leaves: leaves, regret as a share of the saving, whether it is proved."""


@dataclass(frozen=True, slots=True)
class SegmentParams:
    """How good the rules must be, and how many there may be.

    `regret_share_max` of the saving is good enough; `bins` of each feature; of each category the `alone_max` largest
    can be asked for alone; after `seconds_max` the best tree so far is taken, unproved.
    """

    leaves_max: int = EXACT_LEAVES
    regret_share_max: float = 0.1
    bins: int = 16
    alone_max: int = 3
    seconds_max: float = 60.0

    def __post_init__(self) -> None:
        if not 1 <= self.leaves_max <= 30 or not 2 <= self.bins <= 64 or self.alone_max < 0:
            raise MisuseError("leaves_max is from 1 to 30, bins from 2 to 64, alone_max not below 0")
        if not self.regret_share_max >= 0 or not self.seconds_max > 0:
            raise MisuseError("regret_share_max must not be negative, seconds_max must be more than 0")


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a figure is at most `upto`, or a category one of `among`."""

    column: int
    upto: float = float("nan")
    among: tuple[int, ...] = ()

    def holds(self, features: Floats) -> NDArray[np.bool_]:
        """For which cells it does."""
        values = features[:, self.column]
        holds: NDArray[np.bool_] = np.isin(values, self.among) if self.among else values <= self.upto
        return holds


@dataclass(frozen=True, slots=True)
class Segment:
    """A leaf: the questions that lead to it with their answers, its option, and what it holds."""

    asked: tuple[tuple[Question, bool], ...]
    option: int
    cells: int
    weight: float
    regret: float

    def holds(self, features: Floats) -> NDArray[np.bool_]:
        """Which cells are its own."""
        inside = np.ones(len(features), dtype=bool)
        for question, answer in self.asked:
            inside &= question.holds(features) == answer
        return inside


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segments that part the market; `status` is ``proved`` (no tree of so many leaves has less regret) or ``stopped``.

    `regret` and `saving` are of all items; `share` is one over the other. `names` and `labels` are the problem's.
    """

    segments: tuple[Segment, ...]
    status: str
    regret: float
    saving: float
    names: tuple[str, ...]
    labels: Mapping[int, Sequence[str]]
    seconds: float
    params: SegmentParams

    @property
    def share(self) -> float:
        """The regret as a share of the saving."""
        return share_of(self.regret, self.saving)

    def place(self, features: ArrayLike) -> NDArray[np.int64]:
        """The number of the segment of each cell."""
        rows = np.array(features, dtype=float, ndmin=2)
        return np.select([each.holds(rows) for each in self.segments], list(range(len(self.segments))), -1)

    def choose(self, features: ArrayLike) -> NDArray[np.int64]:
        """The option of each cell."""
        options = np.array([each.option for each in self.segments])
        chosen: NDArray[np.int64] = options[self.place(features)]
        return chosen


def find_segments(
    problem: SegmentProblem, params: SegmentParams | None = None, progress: Progress | None = None
) -> Segmentation:
    """The smallest tree of rules that is good enough, and of its size the best.

    Interrupting it (Ctrl-C) ends the search; the best tree so far is returned, unproved.

    Parameters
    ----------
    problem : SegmentProblem
        Cells and their options.
    params : SegmentParams, optional
        When rules are good enough.
    progress : callable, optional
        Told after each number of leaves.

    Returns
    -------
    Segmentation
        Where no tree of `leaves_max` leaves is good enough, the best one with so many; above `EXACT_LEAVES` leaves
        are cut one by one, which is not exact.

    Raises
    ------
    MisuseError
        When in no tree that was looked at every cell is served by an option that is allowed.

    Examples
    --------
    >>> rows = SegmentProblem([[0.1], [0.2], [0.3], [0.9]], [[1, 5], [1, 4], [2, 3], [9, 2]], names=["weight"])
    >>> found = find_segments(rows)
    >>> found.status, found.regret, [(each.option, each.cells) for each in found.segments]
    ('proved', 0.0, [(0, 3), (1, 1)])
    """
    return _Finder(problem, params or SegmentParams(), progress).find()


def share_of(regret: float, saving: float) -> float:
    """Regret as a share of the saving; where nothing can be saved, 0 without regret and infinity with it."""
    if saving > 0:
        return regret / saving
    return 0.0 if regret <= 0 else float("inf")


class _Finder:
    """One search, from one leaf to as many as are needed."""

    def __init__(self, problem: SegmentProblem, params: SegmentParams, progress: Progress | None) -> None:
        self.begin, self.problem, self.params, self.progress = perf_counter(), problem, params, progress
        self.features: Floats = problem.features  # type: ignore[assignment]
        self.regrets = problem.regrets()
        self.forbidden = price_of_forbidden(self.regrets)
        self.axes = list_axes(problem, self.regrets, params.bins, params.alone_max)
        codes, costs = _merged(self._codes(), np.where(np.isinf(self.regrets), self.forbidden, self.regrets))
        bins = np.array([axis.bins for axis in self.axes])
        self.exact = Search(codes, costs, bins, self.begin + params.seconds_max)
        self.quick = Search(codes, costs, bins, width=WIDTH)
        self.quick.known = self.exact.known
        self.saving = problem.saving()

    def find(self) -> Segmentation:
        best: tuple[float, Tree | None, bool] = (np.inf, None, True)
        for leaves in range(1, self.params.leaves_max + 1):
            with suppress(KeyboardInterrupt):
                best = self._least(leaves, best)
            share = share_of(best[0], self.saving)
            if self.progress:
                self.progress(leaves, share, best[2])
            if share <= self.params.regret_share_max or best[0] <= 0:
                break
        if best[0] >= self.forbidden:
            raise MisuseError(
                "no tree of so many leaves serves every cell by an option that is allowed: give an option that always "
                "is, such as stock where it lies and direct mail elsewhere"
            )
        return self._describe(best)

    def _least(self, leaves: int, before: tuple[float, Tree | None, bool]) -> tuple[float, Tree | None, bool]:
        """The best tree of so many leaves: a quick one, then the proof that none is better, or a better one."""
        if leaves > EXACT_LEAVES:
            value, tree = self._cut_further(before[0], before[1])
            return value, tree, False
        value, tree = self.quick.solve(self.quick.whole, leaves)
        try:
            proved, better = self.exact.solve(self.exact.whole, leaves, value)
        except OutOfTimeError:
            return min((value, tree, False), before, key=lambda each: each[0])
        return (proved, better, True) if better is not None and proved < value else (value, tree, True)

    def _cut_further(self, value: float, tree: Tree | None) -> tuple[float, Tree | None]:
        """The tree with the leaf cut that gains most by it."""
        tried = [
            (gain, path, cut)
            for path, rows in _leaves(self.exact, tree, self.exact.whole.rows)
            for gain, cut in [_best_cut(self.quick, rows)]
        ]
        gain, path, cut = max(tried)
        return (value - gain, _grafted(tree, path, cut)) if gain > 0 else (value, tree)

    def _codes(self) -> NDArray[np.uint8]:
        return np.stack([axis.code(self.features) for axis in self.axes], axis=1)

    def _describe(self, found: tuple[float, Tree | None, bool]) -> Segmentation:
        rows = np.ones(len(self.features), dtype=bool)
        segments = tuple(self._segments(found[1], (), rows))
        return Segmentation(
            segments,
            "proved" if found[2] else "stopped",
            float(sum(each.regret for each in segments)),
            self.saving,
            tuple(self.problem.names),
            self.problem.labels,
            perf_counter() - self.begin,
            self.params,
        )

    def _segments(
        self, tree: Tree | None, asked: tuple[tuple[Question, bool], ...], inside: NDArray[np.bool_]
    ) -> list[Segment]:
        if tree is None:
            sums = self.regrets[inside].sum(axis=0)
            option = int(sums.argmin())
            weight = float(np.asarray(self.problem.weight)[inside].sum())
            return [Segment(asked, option, int(inside.sum()), weight, float(sums[option]))]
        cut, low, high = tree
        question = self._question(cut)
        holds = question.holds(self.features)
        return [
            *self._segments(low, (*asked, (question, True)), inside & holds),
            *self._segments(high, (*asked, (question, False)), inside & ~holds),
        ]

    def _question(self, cut: int) -> Question:
        number = int(self.exact.axis_of[cut])
        axis, place = self.axes[number], cut - int(self.exact.begin[number])
        if not axis.groups:
            return Question(axis.column, axis.thresholds[place])
        return Question(axis.column, among=tuple(sorted(each for group in axis.groups[: place + 1] for each in group)))


def _merged(codes: NDArray[np.uint8], costs: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Cells that lie in the same bin of every axis as one."""
    names = np.ascontiguousarray(codes).view(np.dtype((np.void, codes.shape[1]))).ravel()
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    if first.size == len(codes):
        return codes, np.ascontiguousarray(costs)
    sums = np.stack([np.bincount(number, column, first.size).astype(float) for column in costs.T], axis=1)
    return codes[first], sums


def _leaves(
    search: Search, tree: Tree | None, rows: NDArray[np.int64], path: tuple[bool, ...] = ()
) -> list[tuple[tuple[bool, ...], NDArray[np.int64]]]:
    """The leaves of a tree: the way to each (True: low) and its cells."""
    if tree is None:
        return [(path, rows)]
    low = search.is_low(rows, tree[0])
    return [
        *_leaves(search, tree[1], rows[low], (*path, True)),
        *_leaves(search, tree[2], rows[~low], (*path, False)),
    ]


def _best_cut(search: Search, rows: NDArray[np.int64]) -> tuple[float, int]:
    """What the best cut of some cells gains, and the cut."""
    box = search.box(rows)
    one, tree = search.solve(box, 1)[0], search.solve(box, 2)
    return (one - tree[0], tree[1][0]) if tree[1] else (0.0, -1)


def _grafted(tree: Tree | None, path: tuple[bool, ...], cut: int) -> Tree:
    if tree is None:
        return cut, None, None
    at, low, high = tree
    return (at, _grafted(low, path[1:], cut), high) if path[0] else (at, low, _grafted(high, path[1:], cut))


def measure_segments(found: Segmentation, problem: SegmentProblem) -> Segmentation:
    """The same segments on other cells, such as those of later weeks: against their own best options and saving."""
    features: Floats = problem.features  # type: ignore[assignment]
    regrets, weight = problem.regrets(), np.asarray(problem.weight)
    measured = []
    for each in found.segments:
        inside = each.holds(features)
        regret = float(regrets[inside, each.option].sum())
        measured.append(replace(each, cells=int(inside.sum()), weight=float(weight[inside].sum()), regret=regret))
    total = float(sum(each.regret for each in measured))
    return replace(found, segments=tuple(measured), regret=total, saving=problem.saving())

"""Gaps of three steps and more, or with a wait for a departure inside, divided step by step.

From the scan before, the chance of having passed each step by each hour is followed to the scan after; from there
back, an hour is drawn for each step in proportion to how many ways led there. With what that gives the steps are
learned again, as in `learning.gaps`.

References
----------
Carter, Kohn: On Gibbs sampling for state space models, Biometrika 1994 (filter forwards, draw backwards).
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.gaps import FEW, Course, Gaps, chance, draw_even, infer, step_at, thin
from entrepost.journey.learning.hazard import WIDTHS
from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.scans import History
from entrepost.journey.learning.spells import COMPLETED, SPELL, Stages
from entrepost.journey.learning.stages import CLEAR, DEPART, OFFICE, PASS, TRAVEL, WORK

MOST = (60, 20, 7, 2)
"""So many gaps that begin with the same step are divided: the first number for which there is time."""

TIME = 2_000_000
"""So many ways are followed in one round: a gap has some for each pair of its hours and each of its steps."""

LONGEST = 14 * 24
"""Longer gaps are left alone: there are too many ways through them, and little is learned from one."""

MISSES = 0.1
"""The share of ready items that miss a departure, and of those the next, when nobody scans them (assumed)."""


def list_long_gaps(history: History) -> Gaps:
    """The gaps of three steps and more, or with a departure, of which a step is hardly ever seen by itself."""
    spells, stages, gaps = history.spells.spells, history.stages, history.spells.gaps
    seen = np.bincount(spells["step"], spells["outcome"] == COMPLETED, len(history.tables.steps)).astype(np.float64)
    rows = stages.first[history.journey[gaps["item"]]] + gaps["after"]
    ways = _count_ways(stages, gaps, rows, seen)
    chosen = np.flatnonzero(ways)
    some, weights = _choose(rows[chosen], ways[chosen])
    return Gaps(gaps[chosen][some], rows[chosen][some], weights)


def _choose(rows: NDArray[np.int64], ways: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """As many gaps of each step as there is time for, and for how many each stands: for no more than were chosen."""
    for most in MOST:
        some, weights = thin(rows, most)
        if ways[some].sum() <= TIME:
            break
    stride = -(-int(ways[some].sum()) // TIME) if some.size else 1
    some, weights = some[:: max(stride, 1)], weights[:: max(stride, 1)]
    return some, np.minimum(weights, most)


@nb.njit(cache=True)
def _count_ways(stages: Stages, gaps: NDArray[Any], rows: NDArray[np.int64], seen: Floats) -> NDArray[np.int64]:
    """How many ways lead through each gap; none where it is not for here."""
    found = np.zeros(gaps.size, dtype=np.int64)
    for number in range(gaps.size):
        size = gaps[number]["until"] - gaps[number]["after"]
        span = gaps[number]["ended"] - gaps[number]["begun"]
        rare, waits, whole, steps = False, False, span <= LONGEST, 0
        for row in range(rows[number], rows[number] + size):
            stage = stages.rows[row]
            steps += max(stage["count"], 1)
            waits = waits or stage["kind"] == DEPART
            whole = whole and stage["kind"] in (PASS, WORK, DEPART, TRAVEL, CLEAR, OFFICE)
            if stage["first"] >= 0 and stage["kind"] != DEPART:
                rare = rare or seen[stage["first"]] < FEW
        if rare and whole and (size > 2 or waits):
            found[number] = steps * (span + 1) * (span + 2) // 2
    return found


def divide_long_gaps(history: History, gaps: Gaps, hazards: Floats, shares: Floats, turn: int) -> NDArray[Any]:
    """A spell for each step of each gap, divided by draws; `turn` makes the draws of one round differ from the last."""
    left = np.cumprod(1 - hazards, axis=1)
    before = np.concatenate([np.ones((hazards.shape[0], 1)), left[:, :-1]], axis=1)
    course = Course(gaps.gaps, gaps.rows, history.stages, hazards * before / WIDTHS, shares)
    sizes = gaps.gaps["until"] - gaps.gaps["after"]
    found = np.zeros(int(sizes.sum()), dtype=SPELL)
    return found[: _divide(course, gaps.weights, turn, found)]


@nb.njit(cache=True)
def _divide(course: Course, weights: Floats, turn: int, found: NDArray[Any]) -> int:
    count = 0
    for number in range(course.gaps.size):
        gap = course.gaps[number]
        size, span = gap["until"] - gap["after"], gap["ended"] - gap["begun"]
        ways = np.zeros((size + 1, span + 1))
        ways[0, 0] = 1.0
        for stage in range(size):
            _go_on(course, (course.rows[number] + stage, gap["begun"]), ways[stage], ways[stage + 1])
        if ways[size, span] <= 0:
            continue
        end = span
        for stage in range(size - 1, -1, -1):
            even = draw_even(gap["item"], gap["after"] + stage, turn)
            begin, step = _come_from(course, (course.rows[number] + stage, gap["begun"]), (ways[stage], end), even)
            if step >= 0:
                infer(course.stages, found[count], step, (gap["begun"] + begin, gap["begun"] + end))
                found[count]["weight"] = weights[number]
                count += 1
            end = begin
    return count


@nb.njit(cache=True)
def _go_on(course: Course, at: tuple[int, int], before: Floats, after: Floats) -> None:
    """From the ways that lead to the begin of a stage by each hour to those that lead to its end."""
    row, first = at
    for begin in range(before.size):
        if before[begin] <= 0:
            continue
        for end in range(begin, before.size):
            for number in range(max(course.stages.rows[row]["count"], 1)):
                after[end] += before[begin] * _passes(course, row, number, (first + begin, first + end))


@nb.njit(cache=True)
def _come_from(course: Course, at: tuple[int, int], ways: tuple[Floats, int], even: float) -> tuple[int, int]:
    """The hour at which a stage began that ended at another, and its step; drawn by how many ways lead through."""
    row, first = at
    before, end = ways
    count = max(course.stages.rows[row]["count"], 1)
    total = 0.0
    for cell in range((end + 1) * count):
        total += before[cell // count] * _passes(course, row, cell % count, (first + cell // count, first + end))
    left, begin, step = even * total, end, -1
    for cell in range((end + 1) * count):
        way = before[cell // count] * _passes(course, row, cell % count, (first + cell // count, first + end))
        if way > 0:
            begin, step = cell // count, _named(course.stages, row, cell % count, first + cell // count)
            left -= way
        if left < 0:
            break
    return begin, step


@nb.njit(cache=True)
def _named(stages: Stages, row: int, number: int, begun: int) -> int:
    """The step of a stage; -1 for one that has none of its own."""
    if stages.rows[row]["kind"] in (PASS, DEPART):
        return -1
    return step_at(stages, stages.rows[row], number, begun)


@nb.njit(cache=True)
def _passes(course: Course, row: int, number: int, span: tuple[int, int]) -> float:
    """How probable it is that a stage begun at an hour ends at another, through one of its steps."""
    kind = course.stages.rows[row]["kind"]
    if kind == PASS:
        return 1.0 if span[0] == span[1] else 0.0
    if kind == DEPART:
        return _leaves(course.stages, course.stages.rows[row]["leg"], span)
    step = step_at(course.stages, course.stages.rows[row], number, span[0])
    return chance(course, step, span[0], span[1]) if step >= 0 else 0.0


@nb.njit(cache=True)
def _leaves(stages: Stages, leg: int, span: tuple[int, int]) -> float:
    """How probable it is that an item that is ready at an hour leaves at another."""
    low, end = stages.leg_first[leg], stages.leg_first[leg + 1]
    at = low + np.searchsorted(stages.runs["leaves"][low:end], span[0])
    likely, last = 1.0 - MISSES, -1
    while at < end and stages.runs[at]["leaves"] <= span[1]:
        run = stages.runs[at]
        at += 1
        if run["cutoff"] < span[0] or run["leaves"] == last:
            continue
        if run["leaves"] == span[1]:
            return likely
        likely, last = likely * MISSES, run["leaves"]
    return 0.0

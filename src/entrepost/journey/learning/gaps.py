"""Where a scan between two others is missing, the time is divided as the two steps usually take it.

A place whose code is never scanned shows only the sum of two steps. Each sum is divided at an hour drawn
from its posterior under what is believed of both steps; with what that gives the steps are learned again,
and so on: an expectation-maximisation in which the expectation is a draw. The draws are fixed by the item
and the round, so the same history gives the same answer.

References
----------
Celeux, Diebolt: The SEM algorithm, Computational Statistics Quarterly 1985.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.hazard import BIN_OF, LONGEST, WIDTHS
from entrepost.journey.learning.hazard_pool import Floats
from entrepost.journey.learning.scans import History
from entrepost.journey.learning.spell_walk import own_hours, step_of_run
from entrepost.journey.learning.spells import COMPLETED, SPELL, Stages
from entrepost.journey.learning.stages import CLEAR, OFFICE, TRAVEL, WORK

FEW = 30
"""A step with fewer spells that were scanned at both ends is learned from gaps as well."""

MOST = 500
"""So many gaps that begin with the same step are divided; each stands for as many as are left out."""

INFERRED = -1
"""The item of a spell that was not scanned."""

SINGLE, UNIT = np.uint64(0x9E3779B97F4A7C15), 1.0 / 2**53


class Gaps(NamedTuple):
    """Gaps to be divided, the first stage of each, and how many each stands for."""

    gaps: NDArray[Any]
    rows: NDArray[np.int64]
    weights: Floats


class Course(NamedTuple):
    """The gaps with the first of their two stages, and what is believed: probabilities by hour, shares."""

    gaps: NDArray[Any]
    rows: NDArray[np.int64]
    stages: Stages
    hourly: Floats
    shares: Floats


def list_gaps(history: History) -> Gaps:
    """The gaps of two steps of which one is hardly ever seen by itself; of many alike some stand for all."""
    spells, stages, gaps = history.spells.spells, history.stages, history.spells.gaps
    double = gaps[gaps["until"] - gaps["after"] == 2]
    if not double.size:
        return Gaps(double, np.empty(0, dtype=np.int64), np.empty(0))
    rows = stages.first[history.journey[double["item"]]] + double["after"]
    seen = np.bincount(spells["step"], spells["outcome"] == COMPLETED, len(history.tables.steps))
    kinds, first = stages.rows["kind"], stages.rows["first"]
    kept = np.ones(double.size, dtype=np.bool_)
    rare = np.zeros(double.size, dtype=np.bool_)
    for stage in (rows, rows + 1):
        kept &= np.isin(kinds[stage], (WORK, CLEAR, OFFICE, TRAVEL)) & (first[stage] >= 0)
        rare |= seen[np.maximum(first[stage], 0)] < FEW
    kept &= rare & (double["ended"] - double["begun"] <= LONGEST)
    chosen, weights = thin(first[rows[kept]])
    return Gaps(double[kept][chosen], rows[kept][chosen], weights)


def thin(groups: NDArray[Any], most: int = MOST) -> tuple[NDArray[np.int64], Floats]:
    """Of each group at most so many members, evenly spaced, and how many each of them stands for."""
    order = np.argsort(groups, kind="stable")
    _, begins, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    rank = np.arange(groups.size) - np.repeat(begins, sizes)
    stride = np.repeat(-(-sizes // most), sizes)
    kept = rank % stride == 0
    whole = np.repeat(sizes / -(-sizes // -(-sizes // most)), sizes)
    return order[kept], whole[kept]


def divide_gaps(history: History, gaps: Gaps, hazards: Floats, shares: Floats, turn: int) -> NDArray[Any]:
    """Two spells for each gap, divided by a draw; `turn` makes the draws of one round differ from the last."""
    left = np.cumprod(1 - hazards, axis=1)
    before = np.concatenate([np.ones((hazards.shape[0], 1)), left[:, :-1]], axis=1)
    course = Course(gaps.gaps, gaps.rows, history.stages, hazards * before / WIDTHS, shares)
    found = np.zeros(2 * gaps.gaps.size, dtype=SPELL)
    return found[: _divide(course, gaps.weights, turn, found)]


@nb.njit(cache=True)
def _divide(course: Course, weights: Floats, turn: int, found: NDArray[Any]) -> int:
    count = 0
    for number in range(course.gaps.size):
        gap = course.gaps[number]
        even = draw_even(gap["item"], gap["after"], turn)
        split, one, two = _draw_split(course, number, even)
        if split < 0:
            continue
        infer(course.stages, found[count], one, (gap["begun"], split))
        infer(course.stages, found[count + 1], two, (split, gap["ended"]))
        found[count]["weight"] = found[count + 1]["weight"] = weights[number]
        count += 2
    return count


@nb.njit(cache=True)
def infer(stages: Stages, spell: Any, step: int, span: tuple[int, int]) -> None:
    """Write down a spell that was not scanned."""
    spell["item"], spell["step"], spell["begun"], spell["ended"] = INFERRED, step, span[0], span[1]
    spell["hours"] = own_hours(stages, step, span[0], span[1])
    spell["outcome"], spell["first"] = COMPLETED, True


@nb.njit(cache=True)
def _draw_split(course: Course, number: int, even: float) -> tuple[int, int, int]:
    """The hour at which a gap is divided, and the steps before and after it; -1 where none can be."""
    total, first, last = _walk(course, number, np.inf)[0], -1, -1
    if total <= 0:
        return -1, first, last
    _, split, pair = _walk(course, number, even * total)
    return split, pair // course.shares.size, pair % course.shares.size


@nb.njit(cache=True)
def _walk(course: Course, number: int, until: float) -> tuple[float, int, int]:
    """Add up the weights of all divisions; stop at the one in which the sum passes `until`."""
    gap = course.gaps[number]
    count = max(course.stages.rows[course.rows[number]]["count"], 1)
    total, split, pair = 0.0, -1, 0
    for at in range((gap["ended"] - gap["begun"] + 1) * count):
        hour = gap["begun"] + at // count
        total, found = _walk_on(course, number, (hour, at % count), (total, until))
        if found >= 0:
            split, pair = hour, found
        if total > until:
            break
    return total, split, pair


@nb.njit(cache=True)
def _walk_on(course: Course, number: int, at: tuple[int, int], sums: tuple[float, float]) -> tuple[float, int]:
    """The same for the divisions at one hour, with one of the first steps; and the pair of steps that was reached."""
    gap, row = course.gaps[number], course.rows[number]
    total, until = sums
    step = step_at(course.stages, course.stages.rows[row], at[1], gap["begun"])
    early = chance(course, step, gap["begun"], at[0])
    pair = -1
    if early <= 0:
        return total, pair
    for after in range(max(course.stages.rows[row + 1]["count"], 1)):
        then = step_at(course.stages, course.stages.rows[row + 1], after, at[0])
        weight = early * chance(course, then, at[0], gap["ended"])
        if weight > 0:
            total, pair = total + weight, step * course.shares.size + then
        if total > until:
            break
    return total, pair


@nb.njit(cache=True)
def step_at(stages: Stages, row: Any, number: int, begun: int) -> int:
    """The step of a stage: of a ride that of its departure, of a clearance one channel after the other."""
    return step_of_run(stages, row["leg"], begun) if row["kind"] == TRAVEL else int(row["first"]) + number


@nb.njit(cache=True)
def chance(course: Course, step: int, begun: int, ended: int) -> float:
    """How probable it is that a step begun at an hour is done at another; none when the place is closed."""
    if course.stages.refused[step]:
        return 0.0
    hours = own_hours(course.stages, step, begun, ended)
    if ended > begun and own_hours(course.stages, step, begun, ended - 1) == hours:
        return 0.0
    return float(course.shares[step] * course.hourly[step, BIN_OF[min(int(hours + 0.5), LONGEST)]])


@nb.njit(cache=True)
def draw_even(item: int, slot: int, turn: int) -> float:
    """An even draw from 0 to 1 that belongs to an item, a slot of it and a round."""
    bits = np.uint64(item * 64 + slot) * SINGLE + np.uint64(turn) * np.uint64(0xD1B54A32D192ED03)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((bits ^ (bits >> np.uint64(31))) >> np.uint64(11)) * UNIT

"""Monte Carlo of a journey in NumPy: what is written in `entrepost.journey.step`, by look-up tables.

All samples of a start take a step at once. A step is a look-up or two by hour and one addition. What is
lost, refused or too late is at the last hour, and stays there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.calendars import Hours, Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.step import Clear, Itinerary, Ride, Step, Work
from entrepost.network.regime import Regime

LEVELS = 1 << 14
"""A duration is drawn as one of so many equally likely quantiles: wrong by 0.006 points at most."""

NEVER = 1_000_000
MILLION = 1_000_000

Whole = NDArray[np.int32]
Move = Callable[[Whole], Whole]
"""From the hours at which the samples are there to those at which they have passed a step."""

Draw = Callable[[np.random.Generator, int], Move]
"""Draws what a step needs for so many samples; the result moves them."""


class Walker:
    """Walks one itinerary from the 168 hours of the ordinary week, in every regime."""

    def __init__(self, timeline: Timeline, steps: Itinerary, longest: int) -> None:
        self._longest, self._end = longest, timeline.hours + 1
        self._regimes = [
            (regime.share_per_million / MILLION, [_step(timeline, regime, step) for step in steps])
            for regime in timeline.network.regimes
        ]
        starts, first = np.arange(WEEK_HOURS), steps[0]
        self._openings = _hours_of_work(timeline, first).reopens[starts] if isinstance(first, Work) else starts

    def walk(self, samples: int, seed: int) -> NDArray[np.float64]:
        """For each start (row) the share of its samples that has arrived within so many hours (column)."""
        arrived = np.zeros((WEEK_HOURS, self._end + 1), np.int64)
        dice = np.random.default_rng(seed)
        for size, steps in self._sizes(samples):
            for start in range(WEEK_HOURS):
                arrived[start] += self._arrive(start, size, [draw(dice, size) for draw in steps])
        return self._shares(arrived, np.arange(WEEK_HOURS))

    def walk_shared(self, samples: int, seed: int) -> NDArray[np.float64]:
        """The same with what is drawn shared by all starts, and starts that wait for one opening walked once."""
        openings, opening_of = np.unique(self._openings, return_inverse=True)
        arrived = np.zeros((openings.size, self._end + 1), np.int64)
        dice = np.random.default_rng(seed)
        for size, steps in self._sizes(samples):
            moves = [draw(dice, size) for draw in steps]
            for number, opening in enumerate(openings):
                arrived[number] += self._arrive(int(opening), size, moves)
        return self._shares(arrived, opening_of)

    def _sizes(self, samples: int) -> list[tuple[int, list[Draw]]]:
        """The samples of each regime by its share."""
        return [(round(samples * share), steps) for share, steps in self._regimes]

    def _arrive(self, start: int, size: int, moves: list[Move]) -> NDArray[np.int64]:
        there = np.full(size, start, np.int32)
        for move in moves:
            there = move(there)
        return np.bincount(there, minlength=self._end + 1)

    def _shares(self, arrived: NDArray[np.int64], row_of: NDArray[np.int64]) -> NDArray[np.float64]:
        shares = np.cumsum(arrived[:, : self._end], axis=1) / arrived[0].sum()
        hours = self._longest + 1
        return np.stack([shares[row_of[start], start : start + hours] for start in range(WEEK_HOURS)])


def _step(timeline: Timeline, regime: Regime, step: Step) -> Draw:
    end = timeline.hours + 1
    if isinstance(step, Work):
        levels = _levels([(1 - step.row.lost_per_million / MILLION, discretise(step.row.duration, regime.work_factor))])
        return _work(_hours_of_work(timeline, step), levels, end)
    if isinstance(step, Clear):
        return _clear(timeline, step, regime.clear_factor)
    if isinstance(step, Ride):
        return _ride(timeline, step, regime.travel_factor)
    kept = 1 - step.row.lost_per_million / MILLION
    levels = _levels([(kept, discretise(step.row.duration, regime.deliver_factor))])
    row = step.row
    hours = timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
    return _deliver(hours, levels, end)


def _work(hours: Hours, levels: Whole, end: int) -> Draw:
    """With `k` hours of work the end of the `k`-th open hour; with none the next hour that is open."""
    count = np.append(hours.count, hours.done.size + 1).astype(np.int32)
    finish = np.concatenate([[0], hours.done, [end, end]]).astype(np.int32)
    reopens = np.append(np.minimum(hours.reopens, end), end).astype(np.int32)

    def draw(dice: np.random.Generator, size: int) -> Move:
        needed = _any(levels, dice, size)

        def move(there: Whole) -> Whole:
            slot = count.take(there, mode="clip")
            slot += needed
            return np.maximum(finish.take(slot, mode="clip"), reopens.take(there, mode="clip"))

        return move

    return draw


def _clear(timeline: Timeline, step: Clear, factor: float) -> Draw:
    """Channels that keep the same hours are drawn as one; each sample belongs to one group of channels."""
    groups: dict[str, list[tuple[float, NDArray[np.float64]]]] = {}
    for row in (row for row in step.channels if not row.refused):
        part = row.share_per_million / MILLION, discretise(row.duration, factor)
        groups.setdefault(row.open_hours, []).append(part)
    refused = sum(row.share_per_million for row in step.channels if row.refused) / MILLION
    shares, works = [], []
    for number, (text, parts) in enumerate(groups.items()):
        share = sum(part[0] for part in parts) + (refused if number == 0 else 0.0)
        hours = timeline.open_hours(text, step.time_zone, step.country, step.channels[0].facility, "clearance")
        works.append(_work(hours, _levels([(part[0] / share, part[1]) for part in parts]), timeline.hours + 1))
        shares.append(share)
    return works[0] if len(works) == 1 else _one_of(np.cumsum(shares), works)


def _one_of(upto: NDArray[np.float64], works: list[Draw]) -> Draw:
    def draw(dice: np.random.Generator, size: int) -> Move:
        group = np.searchsorted(upto[:-1], dice.random(size), side="right")
        members = [np.flatnonzero(group == number) for number in range(len(works))]
        moves = [work(dice, each.size) for work, each in zip(works, members, strict=True)]

        def move(there: Whole) -> Whole:
            for each, its_move in zip(members, moves, strict=True):
                there[each] = its_move(there[each])
            return there

        return move

    return draw


def _ride(timeline: Timeline, step: Ride, factor: float) -> Draw:
    """The first run that can be caught, or one or two later, and its hours; beyond the last run there is none."""
    end = timeline.hours + 1
    runs = timeline.departures(step.departures, step.time_zone)
    first_run = np.searchsorted(runs.cutoff, np.arange(end + 1)).astype(np.int32)
    first_run[end] = runs.cutoff.size
    leaves = np.append(runs.leaves, [end] * 3).astype(np.int32)
    missed = [(row.missed_1_per_million, row.missed_2_per_million) for row in step.departures]
    figures = np.array(missed, np.float32)[np.append(runs.row, [0] * 3)] / np.float32(MILLION)
    twice, any_missed = np.ascontiguousarray(figures[:, 1]), figures.sum(axis=1)
    durations = sorted({row.duration for row in step.departures}, key=repr)
    levels = np.concatenate([_levels([(1.0, discretise(duration, factor))]) for duration in durations])
    kinds = np.array([durations.index(row.duration) for row in step.departures])
    begins = (LEVELS * kinds[np.append(runs.row, [0] * 3)]).astype(np.int32)

    def draw(dice: np.random.Generator, size: int) -> Move:
        luck = dice.random(size, np.float32)
        level = dice.integers(0, LEVELS, size, np.int32)

        def move(there: Whole) -> Whole:
            first = first_run.take(there, mode="clip")
            run = first + (luck < any_missed.take(first, mode="clip"))
            run += luck < twice.take(first, mode="clip")
            hours = levels.take(begins.take(run, mode="clip") + level, mode="clip")
            hours += leaves.take(run, mode="clip")
            return np.minimum(hours, end, out=hours)

        return move

    return draw


def _deliver(hours: Hours, levels: Whole, end: int) -> Draw:
    """To the delivery office, then the first round that begins there or later, at any of its hours."""
    opens = np.append(hours.round_from, end)
    width = np.append(hours.round_to - hours.round_from, 0)
    which = np.append(hours.round_of, opens.size - 1)
    opens, width = opens[which].astype(np.int32), width[which].astype(np.float32)

    def draw(dice: np.random.Generator, size: int) -> Move:
        on_the_way, part = _any(levels, dice, size), dice.random(size, np.float32)

        def move(there: Whole) -> Whole:
            there = there + on_the_way
            within = (part * width.take(there, mode="clip")).astype(np.int32)
            within += opens.take(there, mode="clip")
            within += 1
            return np.minimum(within, end, out=within)

        return move

    return draw


def _levels(parts: Iterable[tuple[float, NDArray[np.float64]]]) -> Whole:
    """The whole hours at equally likely levels of a mixture; what is missing to 1 takes for ever."""
    curves = [share * curve for share, curve in parts]
    total = np.zeros(max(curve.size for curve in curves))
    for curve in curves:
        total[: curve.size] += curve
    upto = np.cumsum(total)
    found = np.searchsorted(upto, (np.arange(LEVELS) + 0.5) / LEVELS, side="right")
    return np.where(found == total.size, NEVER, found).astype(np.int32)


def _any(levels: Whole, dice: np.random.Generator, size: int) -> Whole:
    drawn: Whole = levels.take(dice.integers(0, LEVELS, size, np.int32))
    return drawn


def _hours_of_work(timeline: Timeline, step: Work) -> Hours:
    row: Any = step.row
    return timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)

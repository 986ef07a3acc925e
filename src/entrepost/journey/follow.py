"""Follow many routes at once, so that each computes only what no other has in common with it.

Routes with the same steps up to their last ride are followed up to it together; routes with the same
steps from it on share the futures of its runs; those with the same last mile as well share those
futures' rounds. What remains for each route is to add up the futures of its starts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels, rounds
from entrepost.journey.desk import Desk, Futures, Parts, first_part, split
from entrepost.journey.distribution import Distribution
from entrepost.journey.engine import MILLION
from entrepost.journey.step import Deliver, Itinerary

Progress = Callable[[int, int], None]
Done = Callable[[int, Distribution], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A route to follow: its steps, its starts as indices of the desk's timeline, the hours that matter."""

    steps: Itinerary
    starts: NDArray[np.int32]
    longest: int


@dataclass(frozen=True, slots=True)
class _Boarding:
    """Which openings leave with which runs of a last ride, for each regime; see `Desk.board`."""

    openings: NDArray[np.int32]
    weights: Sequence[kernels.Weights]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A wanted route, its number, and its steps in parts."""

    number: int
    wanted: Wanted
    parts: Parts


def follow(
    desk: Desk, wanted: Sequence[Wanted], done: Done, threads: int = 2, progress: Progress | None = None
) -> None:
    """Call ``done(number, distribution)`` for each wanted route, in any order and from several threads."""
    numbered = [_Numbered(number, each, split(each.steps)) for number, each in enumerate(wanted)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(desk.prepare, {first_part(each.parts.before) for each in numbered}))
        alike = _together(numbered, lambda each: (each.parts.before, () if each.parts.before else each.parts.behind))
        boardings: dict[tuple[Itinerary, Itinerary], _Boarding] = {}
        for found in pool.map(lambda same: _board(desk, same), alike):
            boardings.update(found)
        alike = sorted(_together(numbered, lambda each: each.parts.behind), key=len, reverse=True)
        for number, _ in enumerate(pool.map(lambda same: _arrive(desk, same, boardings, done), alike)):
            if progress is not None:
                progress(number + 1, len(alike))


def follow_one(desk: Desk, wanted: Wanted) -> Distribution:
    """The distribution of one route."""
    found: list[Distribution] = []
    follow(desk, [wanted], lambda _, distribution: found.append(distribution), threads=1)
    return found[0]


def _together(routes: Iterable[_Numbered], key: Callable[[_Numbered], Hashable]) -> list[list[_Numbered]]:
    groups: dict[Hashable, list[_Numbered]] = {}
    for each in routes:
        groups.setdefault(key(each), []).append(each)
    return list(groups.values())


def _board(desk: Desk, same: list[_Numbered]) -> dict[tuple[Itinerary, Itinerary], _Boarding]:
    """Follow routes that are alike up to their last ride until they board it."""
    before = same[0].parts.before
    every = _openings(desk, same)
    ready = desk.ready(before, every)
    boardings = {}
    for alike in _together(same, lambda each: each.parts.behind):
        behind = alike[0].parts.behind
        openings = _openings(desk, alike)
        positions = np.searchsorted(every, openings)
        boardings[before, behind] = _Boarding(
            openings, desk.board(behind, openings, [curves[positions] for curves in ready])
        )
    return boardings


def _openings(desk: Desk, same: list[_Numbered]) -> NDArray[np.int32]:
    """At which indices any of these routes goes on."""
    starts = np.unique(np.concatenate([each.wanted.starts for each in same]))
    return np.unique(desk.openings(same[0].wanted.steps, starts))


def _arrive(
    desk: Desk, same: list[_Numbered], boardings: dict[tuple[Itinerary, Itinerary], _Boarding], done: Done
) -> None:
    """From the runs of one ride on: their futures once, their last miles once, then each route."""
    behind = same[0].parts.behind
    boarded = [boardings[before, behind].weights for before in {each.parts.before for each in same}]
    by_regime = zip(*boarded, strict=True)
    futures = desk.futures(behind, [np.concatenate([runs for _, runs, _ in weights]) for weights in by_regime])
    for alike in _together(same, lambda each: each.parts.last_mile):
        arrivals = _arrivals(desk, futures, alike[0].parts.last_mile)
        for each in alike:
            done(each.number, _add_up(desk, each, boardings[each.parts.before, behind], futures, arrivals))


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """The rounds of an area, how many there are in a week, and for each regime which share of a run goes with each."""

    span: rounds.Span
    a_week: int
    shares: Sequence[kernels.Rows]


def _arrivals(desk: Desk, futures: Sequence[Futures], step: Deliver) -> _Arrivals:
    hours = desk.engines[0].rounds_of(step)
    opens = hours.round_from
    every = []
    for engine, future in zip(desk.engines, futures, strict=True):
        shares = np.zeros((len(future.cleared[0]), opens.size))
        engine.hand_over(future.cleared, step, engine.regime.share_per_million / MILLION, shares)
        every.append(shares)
    a_week = int(np.searchsorted(opens, 2 * WEEK_HOURS) - np.searchsorted(opens, WEEK_HOURS))
    return _Arrivals((opens, hours.round_to), a_week, every)


def _add_up(
    desk: Desk, route: _Numbered, boarding: _Boarding, futures: Sequence[Futures], arrivals: _Arrivals
) -> Distribution:
    """For each start of a route the sum of its runs' futures in every regime."""
    starts = route.wanted.starts
    begins = desk.openings(route.wanted.steps, starts)
    positions, back = np.unique(np.searchsorted(boarding.openings, begins), return_inverse=True)
    chosen, row = positions.astype(np.int32), back.astype(np.int32)
    total = np.zeros((chosen.size, arrivals.span[0].size))
    for weights, future, shares in zip(boarding.weights, futures, arrivals.shares, strict=True):
        rounds.mix(weights, chosen, future.future, future.weeks * np.int32(arrivals.a_week), shares, total)
    return Distribution(row, starts, arrivals.span, rounds.cumulate(total), route.wanted.longest)

"""The book of silences: of each journey and milestone how probable it is to be silent since each hour until now.

Backwards from the last stage: an item is silent if its stage is not done by now, or done but the scan that ends
it is not known and the item is silent from there on. Journeys that are alike in this stage and the next share
what comes after; where they differ counts only with the probability that two scans in a row are missing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.learning.spell_walk import alike
from entrepost.journey.learning.stages import ATTEMPT, CHANGE, CLEAR, CODES, DEPART, TRAVEL
from entrepost.journey.silences import kernels
from entrepost.journey.silences.known import Known
from entrepost.journey.silences.parts import Part, Parts, Timed, list_upto
from entrepost.journey.silences.read import Watch
from entrepost.network.duration import Duration
from entrepost.network.regime import Regime

Floats = NDArray[np.float64]

THREADS = 2
HOLDS = 4
"""Variants of a clearance: not held as far as is known, or held for one of three reasons."""

EXPORT, HELD_CODES, REFUSED_CODES = CODES.index("EXC"), ("EXB", "EME"), ("EXX", "EDX")
Pair = tuple[int, int]
"""The numbers of a part and of the one after it; -1 after the last."""


@dataclass(frozen=True)
class Book:
    """`table`: (rows, hours) of probabilities, the last hour is now; `row`: (journeys, milestones, holds) its rows.

    `first` is the hour of the timeline at which the table begins.
    """

    table: NDArray[np.float32]
    row: NDArray[np.int32]
    first: int

    def look_up(
        self,
        journeys: NDArray[np.int32],
        milestones: NDArray[np.int32],
        hours: NDArray[np.int32],
        holds: NDArray[np.int8],
    ) -> NDArray[np.float32]:
        """How probable silence is since these hours."""
        rows = self.row[journeys, milestones, holds]
        found: NDArray[np.float32] = self.table[rows, np.clip(hours - self.first, 0, self.table.shape[1] - 1)]
        return found


def write_book(parts: Parts, known: Known, hours: int) -> Book:
    """Compute what every journey of a watch needs.

    Parameters
    ----------
    parts : Parts
        The journeys' stages.
    known : Known
        How often scans are missing, and how late.
    hours : int
        So many hours back from now.
    """
    watch, journeys = parts.watch, parts.list_parts()
    window = Window(parts, known, watch.history.as_of - hours, hours + 1)
    regimes = list(enumerate(parts.network.regimes))
    with ThreadPoolExecutor(THREADS) as pool:
        solved = list(pool.map(lambda each: _solve(window, journeys, each[0]), regimes))
    return _gather(journeys, window, solved, [each for _, each in regimes], watch)


@dataclass(frozen=True)
class Window:
    """The hours that are looked at, from `first` on the timeline, and what is known of scans."""

    parts: Parts
    known: Known
    first: int
    size: int

    def unknown(self, part: Part, code: int | None = None) -> Floats:
        """Of each hour how probable it is that the scan of a part's end at that hour is not known now."""
        ages = np.arange(self.size - 1, -1, -1)
        return self.known.unknown(part.place, part.code if code is None else code, ages, part.kind == ATTEMPT)


@dataclass
class Spread:
    """The distribution functions of durations in a regime's weeks, each computed once."""

    regime: int
    hours: int
    _uptos: dict[tuple[Duration, float], Floats] = field(default_factory=dict)

    def upto(self, duration: Duration, factors: tuple[float, ...]) -> Floats:
        """The distribution function of a duration."""
        key = duration, factors[self.regime]
        if key not in self._uptos:
            low, median, high = (each * key[1] for each in (duration.hours_min, duration.hours_p50, duration.hours_p90))
            self._uptos[key] = list_upto(low, median, high, self.hours)
        return self._uptos[key]


def _solve(window: Window, journeys: list[list[int]], regime: int) -> dict[Pair, list[Floats]]:
    """Of each pair of a part and the next one the probabilities from each hour, for each hold."""
    spread = Spread(regime, window.size)
    found: dict[Pair, list[Floats]] = {}
    for parts in journeys:
        later = np.ones(window.size)
        for pair in _pairs(parts):
            if pair not in found:
                found[pair] = _pass(window, window.parts.parts[pair[0]], later, spread)
            later = found[pair][0]
    return found


def _pairs(parts: list[int]) -> list[Pair]:
    """Each part with the one after it, from the last one on backwards."""
    return list(zip(reversed(parts), [-1, *reversed(parts)], strict=False))


def _pass(window: Window, part: Part, later: Floats, spread: Spread) -> list[Floats]:
    out = np.zeros(window.size)
    after = window.unknown(part) * later
    if part.kind == CLEAR:
        return _pass_clearance(window, part, after, spread)
    if part.kind in (DEPART, CHANGE):
        runs = _runs(window, part.leg)
        kernels.add_wait(part.missed, runs[0], runs[1], after, out)
        if part.timed:
            waited, out = out, np.zeros(window.size)
            _add(window, part.timed[0], spread, waited, out)
    elif part.kind == TRAVEL:
        _add_travel(window, part, spread, after, out)
    elif part.kind == ATTEMPT:
        which, opens, closes = window.parts.rounds[part.rounds]
        hours = which[window.first : window.first + window.size]
        kernels.add_round(hours, opens - window.first, closes - window.first, after, out)
    elif part.timed:
        _add(window, part.timed[0], spread, after, out)
    else:
        out += later
    return [np.minimum(out, 1.0)]


def _add(window: Window, timed: Timed, spread: Spread, after: Floats, out: Floats, share: float = 1.0) -> None:
    """Add what takes a duration in its calendar."""
    if timed.calendar < 0:
        kernels.add_plain(share, spread.upto(timed.duration, timed.factors), after, out)
        return
    stages, span = window.parts.watch.history.stages, slice(window.first, window.first + window.size + 1)
    opened, slow = stages.opened[timed.calendar, span], stages.slow[timed.calendar, span]
    kernels.add_work(share, spread.upto(timed.duration, timed.factors), opened, slow, after, out)


def _pass_clearance(window: Window, part: Part, after: Floats, spread: Spread) -> list[Floats]:
    """Not held as far as is known; then held for each reason, by the channels that give it."""
    abroad = part.code != EXPORT
    refused = window.unknown(part, CODES.index(REFUSED_CODES[abroad]))
    unheld = window.unknown(part, CODES.index(HELD_CODES[abroad]))
    whole = sum(timed.share for timed in part.timed) or 1.0
    stays = []
    for timed in part.timed:
        stay = np.zeros(window.size)
        _add(window, timed, spread, refused if timed.refused else after, stay, timed.share / whole)
        stays.append(stay)
    free = np.zeros(window.size)
    for timed, stay in zip(part.timed, stays, strict=True):
        free += stay * unheld if timed.held else stay
    found = [np.minimum(free, 1.0)]
    for reason in range(1, HOLDS):
        members = [at for at, timed in enumerate(part.timed) if timed.held and alike(timed.held, reason)]
        members = members or [at for at, timed in enumerate(part.timed) if timed.held] or list(range(len(stays)))
        weight = sum(part.timed[at].share for at in members) / whole
        held = sum((stays[at] for at in members), np.zeros(window.size))
        found.append(np.minimum(held / weight, 1.0) if weight else found[0])
    return found


def _runs(window: Window, leg: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The cutoffs and departures of a leg in hours of the window, those from its beginning on."""
    runs = window.parts.watch.history.tables.legs[leg]
    return runs["cutoff"] - np.int32(window.first), runs["leaves"] - np.int32(window.first)


def _add_travel(window: Window, part: Part, spread: Spread, after: Floats, out: Floats) -> None:
    runs, steps = window.parts.watch.history.tables.legs[part.leg], window.parts.watch.history.tables.steps
    if not runs.size:
        out += 1.0
        return
    distinct, number = np.unique(runs["step"], return_inverse=True)
    uptos = [spread.upto(steps[step].old, steps[step].factors) for step in distinct]
    first = np.concatenate([[0], np.cumsum([each.size for each in uptos])]).astype(np.int32)
    hours = np.arange(window.first, window.first + window.size)
    left = np.maximum(np.searchsorted(runs["leaves"], hours, side="right") - 1, 0)
    kernels.add_travel(np.concatenate(uptos), first, number[left].astype(np.int32), after, out)


def _gather(
    journeys: list[list[int]],
    window: Window,
    solved: list[dict[Pair, list[Floats]]],
    regimes: list[Regime],
    watch: Watch,
) -> Book:
    """Mix the regimes' weeks by their shares, and number the rows."""
    shares = np.array([each.share_per_million for each in regimes], dtype=np.float64)
    shares /= shares.sum()
    rows: list[Floats] = []
    begins: dict[Pair, tuple[int, int]] = {}
    for pair, variants in solved[0].items():
        begins[pair] = len(rows), len(variants)
        for hold in range(len(variants)):
            mixed = [share * each[pair][hold] for share, each in zip(shares, solved, strict=True)]
            rows.append(np.sum(mixed, axis=0))
    row = np.zeros((max(len(journeys), 1), watch.scans.hours.shape[1], HOLDS), dtype=np.int32)
    for number, parts in enumerate(journeys):
        for back, pair in enumerate(_pairs(parts)):
            first, count = begins[pair]
            row[number, len(parts) - 1 - back] = [first + min(hold, count - 1) for hold in range(HOLDS)]
    table = np.array(rows, dtype=np.float32) if rows else np.ones((1, window.size), dtype=np.float32)
    return Book(table, row, window.first)

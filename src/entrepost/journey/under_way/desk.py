"""The desk of the forecast: where items are and when they arrive, by the exact filter, or else by wider ones."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.under_way.arrive import FOUND, LIVING
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.filter import STATE, locate
from entrepost.journey.under_way.frame import BASES, EXACT, WIDENED
from entrepost.journey.under_way.milestones import UNKNOWN, Milestones, weigh_regimes
from entrepost.journey.under_way.onward import Onward
from entrepost.journey.under_way.params import MILLION, Scanning
from entrepost.journey.under_way.parents import fall_back
from entrepost.journey.under_way.read import NO_HOUR
from entrepost.journey.under_way.tables import Course, make_room

Where = tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]]
"""Of each item where it was last heard of (`STATE`), its path and last mile, and how many stages that path has."""

Said = tuple[NDArray[np.float64], NDArray[np.int8]]
"""Of each item what was found (columns as in `arrive`), and whose distribution it is (`BASES`)."""


Items = Callable[[NDArray[np.int64]], pl.DataFrame]

NOBODY_SAYS = len(BASES) - 1


@dataclass(frozen=True, slots=True)
class Located:
    """Items where they were last heard of, how probable each regime is, what was said, and who is left to ask about."""

    states: NDArray[Any]
    likely: NDArray[np.float64]
    said: Said
    left: NDArray[np.int64]

    @property
    def is_whole(self) -> bool:
        """Whether something was said of every item."""
        return not (self.said[1] == NOBODY_SAYS).any()


@dataclass(frozen=True)
class EtaDesk:
    """Items under way with their milestones, and what is needed to forecast them."""

    tables: CourseTables
    scanning: Scanning
    milestones: Milestones
    paths: NDArray[Any]
    now: int
    onward: Onward | None = None
    """What was followed of all paths at this present, where single items are asked for one after another."""

    def locate(self, promised: NDArray[np.int64], items: Items) -> tuple[Where, Said]:
        """Find each item: by the exact filter, where that says nothing by a wider one, and so on.

        `promised` is the hour that was promised; `items` gives the rows of those that no filter finds.
        """
        return self.locate_others(self.locate_exactly(promised), items)

    def locate_exactly(self, promised: NDArray[np.int64]) -> Located:
        """What the exact filter says."""
        states, known = self._list_states(promised)
        course = self.tables.with_scanning(self.scanning)
        found = np.full((states.size, FOUND), np.nan), np.full(states.size, NOBODY_SAYS, dtype=np.int8)
        located = Located(states, self._weigh(course), found, known)
        return self._ask(course, located, EXACT, self.onward)

    def locate_others(self, located: Located, items: Items) -> tuple[Where, Said]:
        """What is said of the items of which the exact filter says nothing; those take far longer."""
        course = self.tables.with_scanning(self.scanning)
        if located.left.size:
            located = self._ask(self.tables.widened(self.scanning), located, WIDENED)
        states, (found, basis) = located.states, located.said
        rows = np.flatnonzero(basis == NOBODY_SAYS)
        if rows.size:
            found[rows], basis[rows] = fall_back(self.tables, items(rows), states["promised"][rows], self.now)
        stages = np.append(np.diff(course.first), 0)[self.paths["path"]]
        return (states, self.paths, stages), (found, basis)

    def _ask(self, course: Course, located: Located, basis: int, onward: Onward | None = None) -> Located:
        """Ask a filter about the items that are left; who is believed to be under way at all is left no more."""
        rows, least = located.left, self.scanning.params.least_per_million / MILLION
        if not rows.size:
            return located
        said = locate(course, located.states[rows], located.likely[rows], self.now, onward)
        believed = np.nan_to_num(said[:, LIVING]) >= least
        found, bases = located.said
        found[rows[believed]], bases[rows[believed]] = said[believed], basis
        return replace(located, left=rows[~believed])

    def _list_states(self, promised: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Where each item was last heard of, and which items the filter can follow from there."""
        states = np.zeros(self.paths.size, dtype=STATE)
        states["path"], states["mile"] = self.paths["path"], self.paths["mile"]
        slot = self.milestones.slot
        states["slot"] = slot
        states["hour"] = np.take_along_axis(self.milestones.hours, np.maximum(slot, 0)[:, None], axis=1)[:, 0]
        for column, name in enumerate(("held_stage", "held_hour", "held_reason")):
            states[name] = self.milestones.held[:, column]
        by_then = np.clip(promised - self.tables.timeline.first_hour, 0, self.tables.timeline.hours)
        states["promised"] = np.where(promised == NO_HOUR, UNKNOWN, by_then)
        whole = (states["path"] >= 0) & (states["mile"] >= 0) & (slot >= 0)
        inside = (states["hour"] >= 0) & (states["hour"] < self.tables.timeline.hours)
        return states, np.flatnonzero(whole & inside)

    def _weigh(self, course: Any) -> NDArray[np.float64]:
        """How probable the history of each item makes each regime."""
        likely = np.empty((self.paths.size, course.regimes.size))
        halves = np.array_split(np.arange(self.paths.size), 2 if self.paths.size > 1000 else 1)

        def work(rows: NDArray[np.int64]) -> None:
            known = self.milestones.hours[rows], self.milestones.held[rows], self.now
            part = likely[rows[0] : rows[-1] + 1]
            weigh_regimes(course, make_room(course), self.paths[rows], known, part)

        if len(halves) == 1:
            work(halves[0])
            return likely
        with ThreadPoolExecutor(len(halves)) as pool:
            list(pool.map(work, halves))
        return likely

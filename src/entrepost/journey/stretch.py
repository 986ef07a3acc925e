"""A stretch of work at one place, followed once for every hour at which an item may come to it.

In the ordinary week that is 168 rows. On real dates only the hours from which an exceptional day is
likely to be met get rows of their own; all others keep those of the ordinary week.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey import kernels
from entrepost.journey.calendars import Timeline
from entrepost.journey.engine import Engine
from entrepost.journey.exceptional import Exceptions
from entrepost.journey.kernels import Followed
from entrepost.journey.step import Itinerary, Work

STRETCH_HOURS = 60 * 24
"""How far a stretch is followed; what takes longer counts as not arrived."""

MET = 0.02
"""An exceptional day is met by those of whom more than this share is still there when it begins."""


REMEMBERED = 8
"""Stretches of which all but the last step are remembered: areas behind one office differ only there."""

WEEK = np.arange(WEEK_HOURS, dtype=np.int32)


@dataclass(frozen=True)
class Stretch:
    """For every index of a timeline the hours that a stretch takes from there.

    `tables[regime][row_of_hour[t], x]` is the probability that what comes at `t` is done `x` hours later.
    """

    tables: tuple[NDArray[np.float32], ...]
    row_of_hour: NDArray[np.int32]

    @property
    def reach(self) -> int:
        """Hours after which every row has at most the share `MET` left of what gets done at all."""
        longest = 0
        for table in self.tables:
            done = np.cumsum(table, axis=1, dtype=np.float64)
            longest = max(longest, int((done < (1 - MET) * done[:, -1:]).sum(axis=1).max(initial=0)))
        return longest


@dataclass(frozen=True)
class Ordinary:
    """Follows stretches from the 168 hours of the ordinary week."""

    engines: tuple[Engine, ...]
    _cleared: dict[object, Followed] = field(default_factory=dict, repr=False)

    def stretch(self, steps: Itinerary, needed: NDArray[np.int32] = WEEK) -> Stretch:
        """A stretch from each hour of the week, whichever are needed."""
        row_of_hour = (np.arange(self.engines[0].timeline.hours + 1) % WEEK_HOURS).astype(np.int32)
        return Stretch(rows_from(self.engines, steps, WEEK, self._cleared), row_of_hour)


@dataclass(frozen=True)
class Dated:
    """Follows stretches on real dates."""

    engines: tuple[Engine, ...]
    usual: Ordinary
    exceptions: Exceptions
    _cleared: dict[object, Followed] = field(default_factory=dict, repr=False)

    @property
    def timeline(self) -> Timeline:
        """The timeline of all engines."""
        return self.engines[0].timeline

    def stretch(self, steps: Itinerary, needed: NDArray[np.int32]) -> Stretch:
        """A stretch from every index; `needed` are those for which an exceptional day is looked for.

        Of these the ones from which such a day is likely to be met are followed on their own; all others
        keep the rows of the ordinary week.
        """
        usual = self.usual.stretch(steps)
        shift = self.timeline.first_hour - self.usual.engines[0].timeline.first_hour
        row_of_hour = ((np.arange(self.timeline.hours + 1) + shift) % WEEK_HOURS).astype(np.int32)
        last = self.timeline.hours - 1
        met = needed[self.exceptions.met(steps, usual.reach)[np.minimum(needed, last)]]
        if not met.size:
            return Stretch(usual.tables, row_of_hour)
        row_of_hour[met] = WEEK_HOURS + np.arange(met.size, dtype=np.int32)
        own = rows_from(self.engines, steps, met, self._cleared)
        return Stretch(tuple(_stack(left, right) for left, right in zip(usual.tables, own, strict=True)), row_of_hour)


def rows_from(
    engines: tuple[Engine, ...], steps: Itinerary, hours: NDArray[np.int32], cleared: dict[object, Followed]
) -> tuple[NDArray[np.float32], ...]:
    """For each regime the hours until a stretch is done, a row for each index at which it begins.

    Who waits for the same opening shares a row; `cleared` remembers all but the last step, which
    differs from area to area.
    """
    opening, back = np.unique(opening_of(engines[0], steps, hours), return_inverse=True)
    found = []
    for engine in engines:
        key = (engine.regime.regime, steps[:-1], opening.tobytes())
        if key not in cleared:
            while len(cleared) >= REMEMBERED * len(engines):
                cleared.pop(next(iter(cleared)), None)
            cleared[key] = engine.push_all(engine.start(opening), steps[:-1])
        followed = engine.push_all(cleared[key], steps[-1:])
        width = int(np.clip((followed[1][back, 1] - hours).max(initial=1), 1, STRETCH_HOURS + 1))
        found.append(kernels.relative(followed, back.astype(np.int32), hours, width))
    return tuple(found)


def opening_of(engine: Engine, steps: Itinerary, hours: NDArray[np.int32]) -> NDArray[np.int32]:
    """The indices from which starts go on: where the first work waits for its opening, that one."""
    first = steps[0] if steps else None
    if not isinstance(first, Work):
        return hours
    reopens = engine.hours_of(first).reopens[hours]
    return np.minimum(np.maximum(reopens, hours), engine.timeline.hours).astype(np.int32)


def _stack(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    table = np.zeros((len(left) + len(right), max(left.shape[1], right.shape[1])), np.float32)
    table[: len(left), : left.shape[1]] = left
    table[len(left) :, : right.shape[1]] = right
    return table

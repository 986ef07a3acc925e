"""What a benchmark hands back: two sides that did the same work, and the goals that the contract sets."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from time import perf_counter
from types import ModuleType

Say = Callable[[str], None]
"""Where a benchmark tells what it does, line by line."""


class PeerMissingError(RuntimeError):
    """A library that a benchmark compares with is not installed."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: who it is, what is timed, how many units a run does, and the seconds of each run."""

    name: str
    timed: str
    units: float
    seconds: tuple[float, ...]

    @property
    def speed(self) -> float:
        """Units a second, of the median run."""
        return self.units / median(self.seconds)


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that was reached beside what the contract says it must be; some must not be above it."""

    name: str
    reached: float
    must: float
    extreme: float | None = None
    at_most: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the figure is what it must be."""
        return self.reached <= self.must if self.at_most else self.reached >= self.must


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of one work; `figures` are other numbers by name, worth keeping beside them."""

    work: str
    unit: str
    seed: int
    ours: Side
    peer: Side
    goals: tuple[Goal, ...]
    figures: dict[str, float]

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer we are."""
        return self.ours.speed / self.peer.speed


def time_runs(work: Callable[[], object], runs: int, warm_ups: int = 1) -> tuple[float, ...]:
    """The seconds of each of several runs after those that warm up; no garbage is collected in between."""
    for _ in range(warm_ups):
        work()
    seconds = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        begin = perf_counter()
        work()
        seconds.append(perf_counter() - begin)
        gc.enable()
    return tuple(seconds)


def load_peer(name: str) -> ModuleType:
    """A module of a library that we compare ourselves with; raises `PeerMissingError` where it is absent."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise PeerMissingError(
            f"{error.name} is not installed; make bench installs it, as does the extra bench"
        ) from None


def require_equal(holds: bool, what: str) -> None:
    """Stop a benchmark whose sides disagree: a time without equal answers says nothing."""
    if not holds:
        raise AssertionError(f"the answers differ: {what}")

"""When a search ends: how close bound and value must be, and the time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter

EXACT = 5e-9
"""Bounds are not told apart more closely than by this share: with whole costs it counts above 200 million."""


@dataclass(slots=True)
class Limits:
    """When a search ends: the relative gap, whole values, the clock."""

    gap_max: float
    whole: bool
    end: float

    def cutoff(self, value: float) -> float:
        """The bound at which nothing better than the value is left that counts."""
        if not math.isfinite(value):
            return math.inf
        return value - (max(1.0 - 1e-6, EXACT * abs(value)) if self.whole else 0.99 * self.gap_max * abs(value))

    def is_late(self) -> bool:
        """Whether the time is over."""
        return perf_counter() > self.end

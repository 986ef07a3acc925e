"""How often somebody may ask: a bucket of tokens each, which fills at a steady rate."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

CALLERS_MAX = 100_000
"""So many buckets are remembered; the one that was not asked for longest is full again and goes."""


@dataclass(frozen=True, slots=True)
class RateParams:
    """How many requests a second are let in on end, and how many at once. Each process counts for itself."""

    per_second: float = 100.0
    burst: int = 300


class Buckets:
    """The buckets of all who asked lately."""

    def __init__(self, params: RateParams) -> None:
        self._params = params
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, now: float | None = None) -> int:
        """Take a token; 0, or after how many whole seconds there is one."""
        return self._take(name, time.monotonic() if now is None else now, 1.0)

    def peek(self, name: str, now: float | None = None) -> int:
        """As `take`, and leave the token."""
        return self._take(name, time.monotonic() if now is None else now, 0.0)

    def _take(self, name: str, now: float, tokens: float) -> int:
        rate, burst = self._params.per_second, float(self._params.burst)
        with self._lock:
            left, since = self._left.pop(name, (burst, now))
            left = min(burst, left + (now - since) * rate)
            wait = 0 if left >= 1.0 else math.ceil((1.0 - left) / rate)
            self._left[name] = (left - tokens if wait == 0 else left, now)
            if len(self._left) > CALLERS_MAX:
                self._left.popitem(last=False)
        return wait

"""How far apart two words are: letters put in, left out, changed, or two neighbours swapped (compiled)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Letters = Any
"""An array of bytes: a slice of the letters of many words."""


@njit(cache=True, nogil=True)
def distance(one: Letters, other: Letters, limit: int) -> int:
    """The fewest changes that make one word the other, no letter changed twice; `limit + 1` where more are needed."""
    n, m = one.size, other.size
    if abs(n - m) > limit:
        return limit + 1
    rows = np.empty((3, m + 1), dtype=np.int32)
    before, last, now = rows[0], rows[1], rows[2]
    for j in range(m + 1):
        last[j] = j
    for i in range(1, n + 1):
        now[0] = i
        least = i
        for j in range(1, m + 1):
            cost = 0 if one[i - 1] == other[j - 1] else 1
            value = min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                value = min(value, before[j - 2] + 1)
            now[j] = value
            least = min(least, value)
        if least > limit:
            return limit + 1
        before, last, now = last, now, before
    return min(int(last[m]), limit + 1)


@njit(cache=True, nogil=True)
def likeness(one: Letters, other: Letters) -> float:
    """From 0 (nothing in common) to 1 (equal): the share of the longer word that needs no change."""
    longest = max(one.size, other.size)
    return 1.0 - distance(one, other, longest) / longest if longest else 0.0


@njit(cache=True, nogil=True)
def half_alike(one: Letters, other: Letters) -> float:
    """The likeness of two words, 0 where it is less than a half."""
    longest = max(one.size, other.size)
    if longest == 0:
        return 0.0
    changes = distance(one, other, longest // 2)
    return 0.0 if changes > longest // 2 else 1.0 - changes / longest

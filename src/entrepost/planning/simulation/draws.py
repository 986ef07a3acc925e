"""Random numbers that belong to a key instead of a sequence: two scenarios draw the same for the same thing.

The generator is the finaliser of SplitMix64 over chained keys.

References
----------
Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
LOST, HOURS, ROUNDING, CHANNEL, MISSED, OFFLOADED, LATE = map(np.uint64, range(1, 8))
ROUND, FAILED, PICKUP, COLLECTED, SLOW_DAY, WITHIN_HOUR, UNSCANNED, REPORT = map(np.uint64, range(8, 16))
"""What a number is drawn for; added to the key, so that draws for different things are independent."""


@nb.njit(cache=True)
def mix(left: np.uint64, right: np.uint64) -> np.uint64:
    """One key out of two."""
    state = (left ^ (right * SECOND)) + GOLDEN
    state = (state ^ (state >> np.uint64(30))) * FIRST
    state = (state ^ (state >> np.uint64(27))) * SECOND
    return state ^ (state >> np.uint64(31))


@nb.njit(cache=True)
def draw(key: np.uint64, purpose: np.uint64) -> float:
    """The even draw from 0 (included) to 1 (excluded) of a key for a purpose."""
    mixed: float = (mix(key, purpose) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
    return mixed


@nb.njit(cache=True)
def happens(key: np.uint64, purpose: np.uint64, share: float) -> bool:
    """Whether what happens with this probability does; what never happens is not drawn."""
    return share > 0 and draw(key, purpose) < share


@nb.njit(cache=True)
def draw_each(keys: NDArray[np.uint64], others: NDArray[np.uint64], purpose: np.uint64) -> NDArray[np.float64]:
    """The draws of pairs of keys, element by element."""
    drawn = np.empty(keys.size)
    for index in range(keys.size):
        drawn[index] = draw(mix(keys[index], others[index]), purpose)
    return drawn


@nb.njit(cache=True)
def mix_each(keys: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One key out of each pair."""
    mixed = np.empty(keys.size, dtype=np.uint64)
    for index in range(keys.size):
        mixed[index] = mix(keys[index], others[index])
    return mixed


@nb.njit(cache=True)
def round_evenly(value: float, even: float) -> int:
    """A whole number whose mean is the value: rounded up with the probability of the fraction."""
    whole = int(np.floor(value))
    return whole + 1 if even < value - whole else whole

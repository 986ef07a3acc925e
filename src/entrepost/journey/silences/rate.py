"""Which of many improbable things are told, so that of those told only a stated share is chance.

References
----------
Benjamini, Hochberg: Controlling the false discovery rate, Journal of the Royal Statistical Society B, 1995. Storey:
A direct approach to false discovery rates, the same B, 2002 (expected false ones over those found, at a threshold).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Threshold(NamedTuple):
    """The first bin of improbable chances that is told (as many as there are bins: none), and how many are false."""

    bin: int
    expected_false: float


def find_threshold(expected: Floats, seen: Floats, share: float) -> Threshold:
    """The widest tail in which chance alone would give at most `share` of what is seen.

    Parameters
    ----------
    expected, seen : numpy.ndarray
        By bins from probable to improbable: how many there would be if all went as usual, and how many there are.
    share : float
        How much of what is told may be chance.
    """
    would, are = np.cumsum(expected[::-1])[::-1], np.cumsum(seen[::-1])[::-1]
    good = np.flatnonzero((would <= share * are) & (are > 0))
    if not good.size:
        return Threshold(expected.size, 0.0)
    return Threshold(int(good[0]), float(would[good[0]]))


def find_improbable(chances: Floats, share: float) -> NDArray[np.bool_]:
    """Which of some tests are told after Benjamini and Hochberg, so that at most `share` of them is chance."""
    order = np.argsort(chances, kind="stable")
    ranks = np.arange(1, chances.size + 1)
    good = np.flatnonzero(chances[order] * chances.size <= share * ranks)
    found = np.zeros(chances.size, dtype=np.bool_)
    found[order[: good[-1] + 1 if good.size else 0]] = True
    return found

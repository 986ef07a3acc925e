"""What lies on a warehouse's shelves: base stocks of many articles at once, of which a wanted share is met.

An article's stock is ordered again at each review; what finds the shelf empty goes direct and does not wait. Then
the share that is met depends on demand during lead time and half a review by Erlang's formula, whatever the
distribution of lead times (Palm; see `inventory_fallback`). A share between those of two levels is met by keeping
the lower level for some articles of a class and the higher for the others, so stock is piecewise linear in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.tables.rules import compile_kernel

Floats = NDArray[np.float64]


def keep_shares(load: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """Base stock levels and mean units on hand, so that shares of demand are met.

    Parameters
    ----------
    load : array (articles)
        Units that are asked for during lead time and half a review.
    shares : array (shares)
        Shares of demand to be met, between 0 and 1, ascending.

    Returns
    -------
    (array, array) of shape (articles, shares)
        Levels (on hand and on order), which need not be whole, and units on hand on average. Units on hand for a
        unit of load fall as the load grows: that is what pooling saves, and what chords below the cost rest on.
    """
    levels, on_hand = compile_kernel(_keep_shares)(np.ascontiguousarray(load, np.float64), shares)
    return levels, on_hand


def _keep_shares(load: Any, shares: Any) -> Any:
    levels = np.zeros((load.size, shares.size))
    on_hand = np.zeros((load.size, shares.size))
    for article in range(load.size):
        wanted, level, lost = 0, 0, 1.0
        while wanted < shares.size and load[article] > 0:
            before = lost
            level += 1
            lost = load[article] * before / (level + load[article] * before)
            while wanted < shares.size and 1 - lost >= shares[wanted]:
                part = (shares[wanted] - (1 - before)) / (before - lost)
                kept = level - 1 + part
                levels[article, wanted] = kept
                on_hand[article, wanted] = kept - load[article] * shares[wanted]
                wanted += 1
    return levels, on_hand

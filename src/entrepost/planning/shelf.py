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
    load, shares = np.asarray(load, np.float64)[:, None], np.asarray(shares, np.float64)[None]
    return keep_each(load, shares)


def keep_each(load: Floats, share: Floats) -> tuple[Floats, Floats]:
    """The same for articles that each have a share of their own: arrays of one shape, or that broadcast to one."""
    load, share = np.broadcast_arrays(load, share)
    levels, on_hand = compile_kernel(_keep_each)(
        np.ascontiguousarray(load, np.float64).ravel(), np.ascontiguousarray(share, np.float64).ravel()
    )
    return levels.reshape(load.shape), on_hand.reshape(load.shape)


def _keep_each(load: Any, share: Any) -> Any:
    levels, on_hand = np.zeros(load.size), np.zeros(load.size)
    for article in range(load.size):
        if load[article] > 0:
            kept = keep_one(load[article], share[article])
            levels[article], on_hand[article] = kept, kept - load[article] * share[article]
    return levels, on_hand


def keep_one(load: float, share: float) -> float:
    """The level at which one article meets a share of its demand; a kernel, called by others."""
    level, lost, before = 0, 1.0, 1.0
    while 1 - lost < share:
        before = lost
        level += 1
        lost = load * before / (level + load * before)
    return level - 1 + (share - (1 - before)) / (before - lost)

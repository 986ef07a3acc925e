"""Good choices for large problems with volumes: annealing over the coarse copy of `location.coarse`.

A move exchanges, opens or closes sites and is worked out exactly on the copy. What it may cost at most is drawn
before, so that most moves are given up at their first bound. What is found is worked out on the whole problem.

References
----------
.. [1] S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Optimization by simulated annealing, Science 220 (1983).
"""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Facts
from entrepost.planning.location.transport import transport

NEIGHBOURS = 12
ELITE = 24
"""So many of the best choices that are met on the copy are worth working out on the whole problem."""
COOLED = 0.02
"""The last temperature as a share of the first."""


class Annealer:
    """Walks on the coarse copy of a problem, and what is known of its sites: neighbours, prices of volume."""

    def __init__(self, facts: Facts, fixing: NDArray[np.int8]) -> None:
        self.facts, self.fixing = facts, fixing
        unit = self.facts.cost / np.maximum(self.facts.demand, 1e-300)
        apart = np.array([np.abs(unit - one).sum(axis=1) for one in unit])
        np.fill_diagonal(apart, np.inf)
        apart[:, fixing == 0] = np.inf
        self.near = np.argsort(apart, axis=1, kind="stable")[:, : min(NEIGHBOURS, fixing.size - 1)]
        self.price = np.zeros(fixing.size)

    def run(self, sites: NDArray[np.int64], heat: float, rounds: int, seed: int) -> list[NDArray[np.int64]]:
        """The best choices on the copy that are met on a walk from these sites; heat is a share of their value."""
        opened = np.zeros(self.fixing.size, np.bool_)
        opened[sites] = True
        met, value = anneal(self.facts, self.fixing, opened, (self.price, self.near), (heat, rounds, seed))
        return [np.flatnonzero(met[k]) for k in np.argsort(value, kind="stable") if met[k].any()]


@nb.njit(cache=True)
def anneal(facts: Facts, fixing: Any, opened: Any, known: Any, walk: Any) -> Any:
    """Walk from the open sites; the masks of the best choices met, and their values."""
    price, near = known
    heat, rounds, seed = walk
    np.random.seed(seed)
    sites, tried = np.flatnonzero(opened), opened.copy()
    present = work_out(facts, sites, price, np.inf)
    best, least, hot = np.zeros((ELITE, fixing.size), np.bool_), np.full(ELITE, np.inf), heat * abs(present)
    best[0], least[0] = opened, present
    for k in range(rounds if present < np.inf else 0):
        limit = present - hot * COOLED ** (k / rounds) * np.log(np.random.random())
        tried[:] = opened
        if not change(facts, fixing, sites, near, tried):
            continue
        chosen = np.flatnonzero(tried)
        value = work_out(facts, chosen, price, limit)
        if value <= limit:
            opened[:] = tried
            sites, present = chosen, value
            worst = int(np.argmax(least))
            if value < least[worst] and not (least == value).any():
                best[worst], least[worst] = opened, value
    return best, least


@nb.njit(cache=True)
def change(facts: Facts, fixing: Any, sites: Any, near: Any, tried: Any) -> bool:
    """Exchange one site or two for neighbours, or open or close one; false where the choice is none."""
    kind, size = np.random.random(), 1 if np.random.random() < 0.85 else 2
    if facts.number < 0 and kind < 0.15:
        at = np.random.randint(fixing.size) if kind < 0.1 else sites[np.random.randint(sites.size)]
        if fixing[at] >= 0 or tried[at] != (kind >= 0.1):
            return False
        tried[at] = not tried[at]
    else:
        for _ in range(size):
            out = sites[np.random.randint(sites.size)]
            far = np.random.random() < 0.2
            into = np.random.randint(fixing.size) if far else near[out, np.random.randint(near.shape[1])]
            if not tried[out] or fixing[out] == 1 or tried[into] or fixing[into] == 0:
                return False
            tried[out], tried[into] = False, True
    held = 0.0
    for i in range(fixing.size):
        held += facts.capacity[i] if tried[i] else 0.0
    return bool(held >= facts.total * (1.0 - 1e-9))


@nb.njit(cache=True)
def work_out(facts: Facts, sites: Any, price: Any, limit: float) -> Any:
    """The value of a choice, infinite above the limit; keeps the prices of volume."""
    fixed, prices = 0.0, np.empty(sites.size)
    for a in range(sites.size):
        fixed += facts.fixed[sites[a]]
        prices[a] = price[sites[a]]
    cost, _ = transport(facts, sites, prices, limit - fixed)
    if cost < np.inf:
        for a in range(sites.size):
            price[sites[a]] = prices[a]
    return cost + fixed

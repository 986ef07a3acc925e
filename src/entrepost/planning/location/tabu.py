"""Good choices without volumes: sites are opened or closed one at a time, even if it costs more, and not back at once.

The nearest and the second nearest open site of each region are kept, and with them what every flip would change;
a flip looks only at the regions that it concerns.

References
----------
.. [1] L. Michel and P. Van Hentenryck, A simple tabu search for warehouse location,
   European Journal of Operational Research 157 (2004).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Floats

TENURE = (6, 16)
"""A site that was flipped stays for so many flips, drawn anew each time."""
PATIENCE = 400
"""After so many flips without a better value the walk goes on from the best choice, shaken."""
SHAKEN = 0.15
"""The share of open sites that are flipped then."""


class Standing(NamedTuple):
    """A choice, its two nearest open sites by region, and what closing or opening each site would change."""

    opened: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    lost: Floats
    gained: Floats


@nb.njit(cache=True)
def roam(cost: Any, fixed: Any, fixing: Any, opened: Any, walk: Any) -> Any:
    """Walk so many flips (`cost` has a row for each region), keep the best mask in `opened`; its value."""
    flips, seed = walk
    np.random.seed(seed)
    regions, sites = cost.shape
    at = Standing(
        opened.copy(), np.zeros(regions, np.int64), np.zeros(regions, np.int64), np.zeros(sites), np.zeros(sites)
    )
    value = stand(cost, fixed, at)
    best, tabu, stall = value, np.zeros(sites, np.int64), 0
    for k in range(flips):
        if stall > PATIENCE:
            at.opened[:] = opened
            shake_flips(fixing, at.opened)
            value, stall = stand(cost, fixed, at), 0
        i = choose_flip(fixed, fixing, at, tabu, (k, best - value))
        if i < 0:
            continue
        value += flip(cost, fixed, at, i)
        tabu[i] = k + np.random.randint(TENURE[0], TENURE[1])
        stall += 1
        if value < best * (1 - np.sign(best) * 1e-12):
            best, stall = value, 0
            opened[:] = at.opened
    return best


@nb.njit(cache=True)
def choose_flip(fixed: Any, fixing: Any, at: Standing, tabu: Any, now: Any) -> int:
    """The free flip that changes the value least, or a tabu one that reaches a new best; -1 for none."""
    k, wanted = now
    least, chosen, ties, size = np.inf, -1, 1, at.opened.sum()
    for i in range(fixed.size):
        if fixing[i] >= 0 or (at.opened[i] and size == 1):
            continue
        change = at.lost[i] - fixed[i] if at.opened[i] else fixed[i] - at.gained[i]
        if change > least or (tabu[i] > k and not change < wanted - 1e-9 * abs(wanted)):
            continue
        ties = ties + 1 if change == least else 1
        if ties == 1 or np.random.random() * ties < 1.0:
            least, chosen = change, i
    return chosen


@nb.njit(cache=True)
def flip(cost: Any, fixed: Any, at: Standing, i: int) -> Any:
    """Open or close a site; what it changes the value by."""
    if at.opened[i]:
        change = at.lost[i] - fixed[i]
        at.opened[i] = False
        for j in range(at.first.size):
            if at.first[j] == i or at.second[j] == i:
                weigh_region(cost, at, j, -1.0)
                find_two(cost, at, j)
                weigh_region(cost, at, j, 1.0)
        return change
    change = fixed[i] - at.gained[i]
    at.opened[i] = True
    for j in range(at.first.size):
        if at.second[j] < 0 or cost[j, i] < cost[j, at.second[j]]:
            weigh_region(cost, at, j, -1.0)
            if cost[j, i] < cost[j, at.first[j]]:
                at.second[j], at.first[j] = at.first[j], i
            else:
                at.second[j] = i
            weigh_region(cost, at, j, 1.0)
    return change


@nb.njit(cache=True)
def weigh_region(cost: Any, at: Standing, j: int, sign: float) -> None:
    """Put a region's part into what flips would change (`sign` 1), or take it out (-1)."""
    here = cost[j, at.first[j]]
    if at.second[j] >= 0:
        at.lost[at.first[j]] += sign * (cost[j, at.second[j]] - here)
    for i in range(at.gained.size):
        at.gained[i] += sign * max(0.0, here - cost[j, i])


@nb.njit(cache=True)
def find_two(cost: Any, at: Standing, j: int) -> None:
    """The two nearest open sites of a region; -1 where there is no second."""
    near, next_near = np.inf, np.inf
    first, second = -1, -1
    for i in range(at.opened.size):
        if at.opened[i] and cost[j, i] < next_near:
            if cost[j, i] < near:
                second, next_near = first, near
                first, near = i, cost[j, i]
            else:
                second, next_near = i, cost[j, i]
    at.first[j], at.second[j] = first, second


@nb.njit(cache=True)
def stand(cost: Any, fixed: Any, at: Standing) -> Any:
    """Work a choice out from the beginning; its value."""
    at.lost[:] = 0.0
    at.gained[:] = 0.0
    value = (fixed * at.opened).sum()
    for j in range(at.first.size):
        find_two(cost, at, j)
        weigh_region(cost, at, j, 1.0)
        value += cost[j, at.first[j]]
    return value


@nb.njit(cache=True)
def shake_flips(fixing: Any, opened: Any) -> None:
    """Flip some sites at random; one stays open."""
    size = opened.sum()
    for _ in range(max(3, int(SHAKEN * size))):
        i = np.random.randint(opened.size)
        if fixing[i] < 0 and not (opened[i] and size == 1):
            opened[i] = not opened[i]
            size += 1 if opened[i] else -1

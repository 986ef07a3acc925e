"""Good choices of sites: open one, close one, or exchange two, as long as it pays.

Prices of the volumes at the present choice give a lower bound for each move (`weigh_moves`). Only moves whose
bound lies below the present value are worked out (`transport`). Without volumes the bound is the value, and
the whole descent runs in one kernel (`descend`).

References
----------
.. [1] M. Resende and R. Werneck, A fast swap-based local search procedure for location problems,
   Annals of Operations Research 150 (2007).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Facts, Floats, Work, find_edge
from entrepost.planning.location.tabu import roam
from entrepost.planning.location.transport import transport

Mask = NDArray[np.bool_]
FLIPS, SHAKES = 4000, 20
"""How many flips, or exchanges that are followed by a descent, are made at a time without volumes."""
BETTER = 1e-9
"""By so much of its size a value must fall for a move to count."""


@dataclass(frozen=True, slots=True)
class Found:
    """A choice of open sites: its value, the prices of a unit of volume, and who serves which share."""

    value: float
    sites: NDArray[np.int64]
    price: Floats
    share: Floats


Late = Callable[[Found], bool]
"""Whether to go on from a choice that was found."""


def is_bounded(facts: Facts) -> bool:
    """Whether some volume can matter: a capacity below the whole demand, or a least volume."""
    return bool((facts.capacity < facts.total).any() or (facts.least > 0).any())


def settle(facts: Facts, sites: NDArray[np.int64], price: Floats | None = None, limit: float = math.inf) -> Found:
    """Serve all regions from these sites as cheaply as can be.

    The value is infinite where that is impossible, or where it is proved to be above the limit.
    """
    prices = np.zeros(sites.size) if price is None else price.copy()
    cost, share = transport(facts, sites, prices, limit - float(facts.fixed[sites].sum()))
    return Found(float(cost + facts.fixed[sites].sum()), sites, prices, share)


def first_prices(facts: Facts, fixing: NDArray[np.int8]) -> Floats:
    """Each region's cheapest cost with its part of the fixed cost."""
    open_or_free = fixing != 0
    share = facts.fixed[open_or_free] / np.maximum(facts.capacity[open_or_free], 1e-300)
    return np.asarray((facts.cost[open_or_free] + share[:, None] * facts.demand).min(axis=0))


def first_sites(facts: Facts, fixing: NDArray[np.int8]) -> NDArray[np.int64]:
    """So many sites as are counted: the forced ones, then those that are cheapest on average."""
    order = np.lexsort((facts.fixed + facts.cost.mean(axis=1), fixing != 1))
    return np.sort(order[fixing[order] != 0][: facts.number])


@dataclass(slots=True)
class Effort:
    """How long to try: until when, how many moves in a row; and by how much each move missed its bound before."""

    is_late: Late
    most: int
    missed: Floats


def make_missed(sites: int) -> Floats:
    """Nothing is known of any move yet; the last row and column stand for closing and opening none."""
    return np.zeros((sites + 1, sites + 1))


def improve(facts: Facts, fixing: NDArray[np.int8], found: Found, work: Work, effort: Effort) -> Found:
    """The local optimum that is reached from a choice; of bounded problems the most promising moves are tried."""
    if not is_bounded(facts):
        mask = np.zeros(facts.fixed.size, np.bool_)
        mask[found.sites] = True
        descend(facts, fixing, mask)
        return settle(facts, np.flatnonzero(mask))
    while not effort.is_late(found):
        better = try_moves(facts, fixing, found, work, effort)
        if better is None:
            return found
        found = better
    return found


def try_moves(facts: Facts, fixing: NDArray[np.int8], found: Found, work: Work, effort: Effort) -> Found | None:
    """The first of the most promising moves that betters the value, or None.

    A move promises its bound and what it missed it by when it was tried last, or moves of the same sites did.
    """
    others = np.setdiff1d(np.flatnonzero(fixing != 0), found.sites)
    bounds, prices = weigh_moves(facts, fixing, found.sites, found.price, others, work)
    limit = found.value - BETTER * abs(found.value)
    closing, opening = np.append(found.sites, facts.fixed.size), np.append(others, facts.fixed.size)
    expected = bounds + expect_missed(effort.missed, closing, opening)
    promising = np.flatnonzero(bounds.ravel() < limit)
    for move in promising[np.argsort(expected.ravel()[promising])][: effort.most]:
        if effort.is_late(found):
            return None
        out, into = divmod(int(move), bounds.shape[1])
        stay = np.arange(found.sites.size) != out
        sites, price = found.sites[stay], found.price[stay]
        if into < others.size:
            sites, price = np.append(sites, others[into]), np.append(price, prices[into])
        order = np.argsort(sites)
        tried = settle(facts, sites[order], price[order], limit)
        if tried.value < limit:
            return tried
        effort.missed[closing[out], opening[into]] = min(tried.value, limit) - bounds[out, into]
    return None


def expect_missed(missed: Floats, closing: NDArray[np.int64], opening: NDArray[np.int64]) -> Floats:
    """What moves missed their bounds by; for those never tried, the mean of those that share a site with them."""
    tried = missed > 0
    by_row = missed.sum(axis=1) / np.maximum(tried.sum(axis=1), 1)
    by_column = missed.sum(axis=0) / np.maximum(tried.sum(axis=0), 1)
    known = missed[np.ix_(closing, opening)]
    return np.where(known > 0, known, 0.5 * (by_row[closing][:, None] + by_column[opening]))


@nb.njit(cache=True)
def weigh_moves(facts: Facts, fixing: Any, sites: Any, price: Any, others: Any, work: Work) -> Any:
    """Lower bounds of the value after closing a site (row, the last: none) and opening another (column)."""
    size, regions = sites.size, facts.demand.size
    best, second, at = np.empty(regions), np.empty(regions), np.empty(regions, np.int64)
    base = rank_sites(facts, sites, price, (best, second, at))
    bounds, prices = np.full((size + 1, others.size + 1), np.inf), np.zeros(others.size)
    relief, loss, held = np.empty(size + 1), np.zeros(size + 1), 0.0
    for a in range(size):
        i = sites[a]
        base += facts.fixed[i] - charge(facts, i, price[a])
        held += facts.capacity[i]
        relief[a] = charge(facts, i, price[a]) - facts.fixed[i]
    relief[size] = 0.0
    for j in range(regions):
        loss[at[j]] += second[j] - best[j]
    ease = 1e-9 * facts.total
    if facts.number < 0:
        for a in range(size):
            if fixing[sites[a]] < 0 and held - facts.capacity[sites[a]] >= facts.total - ease and size > 1:
                bounds[a, others.size] = base + relief[a] + loss[a]
    for o in range(others.size):
        i = others[o]
        prices[o] = guess_price(facts, i, best, work)
        gain = weigh_entry(facts, i, prices[o], (best, second, at), loss)
        value = base + facts.fixed[i] - charge(facts, i, prices[o]) - gain
        if facts.number < 0:
            bounds[size, o] = value
        for a in range(size):
            if fixing[sites[a]] < 0 and held - facts.capacity[sites[a]] + facts.capacity[i] >= facts.total - ease:
                bounds[a, o] = value + relief[a] + loss[a]
    return bounds, prices


@nb.njit(cache=True)
def rank_sites(facts: Facts, sites: Any, price: Any, ranks: Any) -> Any:
    """The cheapest and the second cheapest priced cost of each region, and where; the sum of the cheapest."""
    best, second, at = ranks
    best[:] = np.inf
    second[:] = np.inf
    for a in range(sites.size):
        for j in range(facts.demand.size):
            priced = facts.cost[sites[a], j] + facts.demand[j] * price[a]
            if priced < best[j]:
                second[j], best[j], at[j] = best[j], priced, a
            elif priced < second[j]:
                second[j] = priced
    return best.sum()


@nb.njit(cache=True)
def charge(facts: Facts, i: int, price: float) -> Any:
    """What the volume of a site is worth at a price: its capacity above zero, its least volume below."""
    return price * (facts.capacity[i] if price > 0.0 else facts.least[i])


@nb.njit(cache=True)
def guess_price(facts: Facts, i: int, best: Any, work: Work) -> Any:
    """The price at which a new site would be filled by the regions that gain most from it."""
    kept, load = 0, 0.0
    for j in range(facts.demand.size):
        reduced = facts.cost[i, j] - best[j]
        if reduced < 0.0:
            work.slot[kept] = j
            work.reduced[kept] = reduced
            kept += 1
            load += facts.demand[j]
    return -find_edge(kept, facts.capacity[i], facts, work) if load > facts.capacity[i] else 0.0


@nb.njit(cache=True)
def weigh_entry(facts: Facts, i: int, price: float, ranks: Any, loss: Any) -> Any:
    """What regions gain from a new site; `loss` becomes what they lose beside it when their own closes."""
    best, second, at = ranks
    gain = 0.0
    loss[:] = 0.0
    for j in range(facts.demand.size):
        priced = facts.cost[i, j] + facts.demand[j] * price
        if priced < best[j]:
            gain += best[j] - priced
        else:
            loss[at[j]] += min(second[j], priced) - best[j]
    return gain


@nb.njit(cache=True)
def descend(facts: Facts, fixing: Any, opened: Any) -> None:
    """Without volumes: carry out the best move until none betters the value; changes the mask of open sites."""
    regions, sites = facts.demand.size, facts.fixed.size
    best, second, at = np.empty(regions), np.empty(regions), np.empty(regions, np.int64)
    loss, drop = np.empty(sites), np.empty(sites)
    while True:
        listed = np.flatnonzero(opened)
        rank_sites(facts, listed, np.zeros(listed.size), (best, second, at))
        at = listed[at]
        drop[:] = -facts.fixed
        for j in range(regions):
            drop[at[j]] += second[j] - best[j]
        least, out, into = best_close(facts, fixing, opened, drop, -BETTER * abs(best.sum()))
        for i in range(sites):
            if opened[i] or fixing[i] == 0:
                continue
            change = facts.fixed[i] - enter(facts, i, (best, second, at), loss)
            if facts.number < 0 and change < least:
                least, out, into = change, -1, i
            change, a = best_exchange(fixing, opened, drop, loss, change)
            if change < least:
                least, out, into = change, a, i
        if out < 0 and into < 0:
            return
        if out >= 0:
            opened[out] = False
        if into >= 0:
            opened[into] = True


def stir(facts: Facts, fixing: NDArray[np.int8], sites: NDArray[np.int64], seed: int) -> Found:
    """Without volumes: roam from a choice by single flips; where sites are counted, exchange some and descend."""
    mask = np.zeros(facts.fixed.size, np.bool_)
    mask[sites] = True
    if facts.number < 0:
        roam(np.ascontiguousarray(facts.cost.T), facts.fixed, fixing, mask, (FLIPS, seed))
    else:
        shake(facts, fixing, mask, SHAKES, seed)
    return settle(facts, np.flatnonzero(mask))


@nb.njit(cache=True)
def shake(facts: Facts, fixing: Any, opened: Any, rounds: int, seed: int) -> Any:
    """Without volumes: exchange two to five sites at random and descend, so many times; keeps the best mask."""
    np.random.seed(seed)
    free, best = np.flatnonzero(fixing < 0), whole_cost(facts, opened)
    for _ in range(rounds if free.size > 1 else 0):
        tried = opened.copy()
        for _ in range(np.random.randint(2, 6)):
            out, into = free[np.random.randint(free.size)], free[np.random.randint(free.size)]
            if tried[out] and not tried[into]:
                tried[out], tried[into] = False, True
        descend(facts, fixing, tried)
        value = whole_cost(facts, tried)
        if value < best:
            best = value
            opened[:] = tried


@nb.njit(cache=True)
def whole_cost(facts: Facts, opened: Any) -> Any:
    """Without volumes: what the open sites cost, and serving each region from the nearest."""
    value = (facts.fixed * opened).sum()
    for j in range(facts.demand.size):
        best = np.inf
        for a in range(opened.size):
            if opened[a] and facts.cost[a, j] < best:
                best = facts.cost[a, j]
        value += best
    return value


@nb.njit(cache=True)
def best_close(facts: Facts, fixing: Any, opened: Any, drop: Any, least: float) -> Any:
    """The site whose closing changes the value to less than `least`, the change, and no site to open."""
    out, size = -1, opened.sum()
    for a in range(opened.size):
        if opened[a] and fixing[a] < 0 and facts.number < 0 and size > 1 and drop[a] < least:
            least, out = drop[a], a
    return least, out, -1


@nb.njit(cache=True)
def best_exchange(fixing: Any, opened: Any, drop: Any, loss: Any, change: float) -> Any:
    """The least change of an exchange whose entry alone brings `change`, and the site that is closed."""
    least, out = np.inf, -1
    for a in range(opened.size):
        if opened[a] and fixing[a] < 0 and change + drop[a] + loss[a] < least:
            least, out = change + drop[a] + loss[a], a
    return least, out


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def enter(facts: Facts, i: int, ranks: Any, loss: Any) -> Any:
    """What a new site gains; `loss` becomes what it spares beside the loss of closing another (not above zero)."""
    best, second, at = ranks
    loss[:] = 0.0
    gain = 0.0
    for j in range(facts.demand.size):
        cost = facts.cost[i, j]
        if cost < second[j]:
            if cost < best[j]:
                gain += best[j] - cost
                loss[at[j]] -= second[j] - best[j]
            else:
                loss[at[j]] -= second[j] - cost
    return gain

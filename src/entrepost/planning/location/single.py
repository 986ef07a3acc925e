"""Facility location where every region has one site, and sites have volumes.

The bound is first that of split sourcing. Choices are rounded from its solutions and improved by moving and
exchanging regions (`assign`); what then remains goes to HiGHS.
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.branch import Fixing, Search, Tell
from entrepost.planning.location.dual import Facts, weigh
from entrepost.planning.location.groups import Node
from entrepost.planning.location.limits import Limits
from entrepost.planning.location.mip import Ending, Rest, reduce, solve_rest
from entrepost.planning.location.search import Found, rank_sites

PAIRS = 400_000
"""More pairs than these are not given to HiGHS: it would not come to an end."""


class SingleSearch:
    """A search under way, for whole regions; the same face as `Search`."""

    def __init__(self, facts: Facts, fixing: Fixing, limits: Limits, tell: Tell) -> None:
        self.facts, self.limits, self.tell = facts, limits, tell
        split = Limits(limits.gap_max, False, limits.end)
        self.split = Search(facts, fixing, split, lambda value, bound, parts: self.tell(self.found.value, bound, parts))
        self.found = Found(math.inf, np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 0)))
        self.proved = -math.inf

    @property
    def bound(self) -> float:
        """What no choice can undercut, now."""
        return min(self.found.value, max(self.proved, self.split.bound))

    @property
    def looked(self) -> int:
        """Parts looked at."""
        return self.split.looked

    def run(self) -> None:
        """Bound split sourcing, round its choices, and let HiGHS finish."""
        self.split.begin(divide=False)
        if self.split.bound == math.inf:
            self.proved = math.inf
            return
        self.round()
        self.tell(self.found.value, self.bound, 0)
        self.finish()

    def round(self) -> None:
        """Assign whole regions to the sites of each choice that was tried."""
        for key in [self.split.found.sites.tobytes(), *self.split.tried]:
            if self.limits.is_late():
                return
            self.keep(np.frombuffer(key, np.int64).copy())

    def keep(self, sites: NDArray[np.int64]) -> None:
        """Assign whole regions to these sites; remember it if it is better."""
        chosen = np.zeros(self.facts.demand.size, np.int64)
        if not sites.size or not assign(self.facts, sites, chosen):
            return
        self.remember(sites, chosen)

    def remember(self, sites: NDArray[np.int64], chosen: NDArray[np.int64]) -> None:
        """Keep an assignment (by place in the list of sites) if it is better."""
        regions = np.arange(chosen.size)
        value = math.fsum(self.facts.cost[sites[chosen], regions]) + math.fsum(self.facts.fixed[sites])
        if value < self.found.value:
            share = np.zeros((sites.size, chosen.size))
            share[chosen, regions] = 1.0
            self.found = Found(value, sites, np.zeros(sites.size), share)

    def finish(self) -> None:
        """Give the pairs that are left to HiGHS, and keep what it finds."""
        cutoff = self.limits.cutoff(self.found.value)
        split, bound = self.split, self.split.bound
        if bound >= cutoff or self.limits.is_late():
            return
        work = split.work
        work.price[:] = work.best_price
        weigh(self.facts, split.pairs, split.root, work)
        work.best_value[:] = work.value
        node = Node(bound, 0, split.root.copy(), work.best_price, work.mean_opened, work.mean_slope)
        if math.isfinite(cutoff):
            split.decide(node, work.best_value, cutoff)
        rest = reduce(self.facts, node, work, cutoff)
        rest = Rest(rest.facts, rest.fixing, rest.site, rest.region, True)
        if rest.site.size > PAIRS:
            return
        ending = solve_rest(rest, self.found.value, self.limits.end - perf_counter(), 0.5 * self.limits.gap_max)
        self.take(rest, ending)
        self.proved = max(self.proved, min(ending.bound, cutoff))
        ending.go_on()

    def take(self, rest: Rest, ending: Ending) -> None:
        """Keep what HiGHS found, if it holds to the last unit."""
        used = np.flatnonzero(ending.share > 0.5)
        chosen = np.zeros(self.facts.demand.size, np.int64)
        if used.size != chosen.size:
            return
        chosen[rest.region[used]] = np.searchsorted(ending.sites, rest.site[used])
        self.remember(ending.sites, chosen)


@nb.njit(cache=True)
def assign(facts: Facts, sites: Any, chosen: Any) -> bool:
    """Give each region one of the sites within their volumes: those with most to lose first, then exchanges.

    `chosen` receives the place in the list of sites; false where no assignment was found.
    """
    size, regions = sites.size, facts.demand.size
    load, ease = np.zeros(size), 1e-9 * facts.total
    best, second, at = np.empty(regions), np.empty(regions), np.empty(regions, np.int64)
    rank_sites(facts, sites, load, (best, second, at))
    for j in np.argsort(np.where(second < np.inf, best - second, -facts.demand)):
        least, place = np.inf, -1
        for a in range(size):
            if load[a] + facts.demand[j] <= facts.capacity[sites[a]] + ease and facts.cost[sites[a], j] < least:
                least, place = facts.cost[sites[a], j], a
        if place < 0:
            return False
        chosen[j] = place
        load[place] += facts.demand[j]
    for _ in range(50):
        if not move_regions(facts, sites, chosen, load) and not exchange_regions(facts, sites, chosen, load):
            break
    return bool((load >= facts.least[sites] - ease).all())


@nb.njit(cache=True)
def move_regions(facts: Facts, sites: Any, chosen: Any, load: Any) -> bool:
    """Move regions to cheaper sites that have room; whether any was moved."""
    moved, ease = False, 1e-9 * facts.total
    for j in range(chosen.size):
        here, demand = chosen[j], facts.demand[j]
        if load[here] - demand < facts.least[sites[here]] - ease:
            continue
        for a in range(sites.size):
            cheaper = facts.cost[sites[a], j] < facts.cost[sites[chosen[j]], j]
            if cheaper and load[a] + demand <= facts.capacity[sites[a]] + ease:
                load[chosen[j]] -= demand
                load[a] += demand
                chosen[j] = a
                moved = True
    return moved


@nb.njit(cache=True)
def exchange_regions(facts: Facts, sites: Any, chosen: Any, load: Any) -> bool:
    """Exchange two regions where it pays and both sites keep within their volumes; whether any was."""
    changed, ease = False, 1e-9 * facts.total
    for j in range(chosen.size):
        for k in range(j + 1, chosen.size):
            a, b, more = chosen[j], chosen[k], facts.demand[k] - facts.demand[j]
            if a == b:
                continue
            now = facts.cost[sites[a], j] + facts.cost[sites[b], k]
            then = facts.cost[sites[b], j] + facts.cost[sites[a], k]
            fits_a = facts.least[sites[a]] - ease <= load[a] + more <= facts.capacity[sites[a]] + ease
            fits_b = facts.least[sites[b]] - ease <= load[b] - more <= facts.capacity[sites[b]] + ease
            if then < now - 1e-9 * abs(now) and fits_a and fits_b:
                chosen[j], chosen[k] = b, a
                load[a] += more
                load[b] -= more
                changed = True
    return changed

"""Lower bounds for facility location: the demand rows are priced, each site is then a knapsack of its own.

With a price `u` for each region the problem falls apart. A site that is opened serves the regions whose cost
lies below their price, within its volumes (`weigh_sites`); which sites open is a small problem of covering
(`location.cover`). Any prices give a valid bound; `ascend` looks for good ones along averaged subgradients
[1]_. Sums are rounded down by `ROUNDING` times the sum of the prices.

References
----------
.. [1] F. Barahona and R. Anbil, The volume algorithm, Mathematical Programming 87 (2000).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.cover import choose_sites

Floats = NDArray[np.float64]
ROUNDING = 1e-11
"""A bound is lowered by so much of the absolute sum of its prices: more than float sums of it can be off."""
LEAST_SCALE = 0.01
"""A region's price is stepped as if its demand were at least so much of the mean one."""


class Facts(NamedTuple):
    """What a problem is, ready for the kernels: volumes are clipped to the total demand, `number` is -1 for any."""

    cost: Floats
    fixed: Floats
    demand: Floats
    capacity: Floats
    least: Floats
    total: float
    number: int


class Pairs(NamedTuple):
    """The regions that each site may serve, with the cost, a site's behind one another; prices stay below `guard`."""

    start: NDArray[np.int64]
    region: NDArray[np.int32]
    cost: Floats
    guard: Floats


class RuleBook(NamedTuple):
    """Rules on how many sites of a group open: their sites behind one another, multipliers as the prices are."""

    start: NDArray[np.int64]
    site: NDArray[np.int64]
    sign: Floats
    need: Floats
    price: Floats
    best_price: Floats
    slope: Floats
    mean_slope: Floats
    scale: float


def no_rules() -> RuleBook:
    """The book without a rule."""
    none = np.zeros(0)
    return RuleBook(np.zeros(1, np.int64), np.zeros(0, np.int64), none, none, none, none, none, none, 1.0)


class Work(NamedTuple):
    """What an ascent reads and writes: prices, the best found, mean subgradient, the sites' values and choices.

    `mean_above` (one number) is how far the plane of the mean subgradient lies above the bound at the prices.
    """

    price: Floats
    best_price: Floats
    slope: Floats
    mean_slope: Floats
    value: Floats
    best_value: Floats
    opened: Floats
    mean_opened: Floats
    mean_above: Floats
    edge: Floats
    width: Floats
    scale: Floats
    slot: NDArray[np.int32]
    reduced: Floats
    weight: Floats
    rules: RuleBook


def make_work(facts: Facts) -> Work:
    """Arrays for ascents of a problem; prices are stepped in the measure of the regions' demand."""
    sites, regions = facts.cost.shape
    u, best, slope, mean = np.zeros((4, regions))
    value, best_value, opened, mean_opened, edge, width = np.zeros((6, sites))
    scale = np.maximum(facts.demand / max(facts.total / regions, 1e-300), LEAST_SCALE)
    slot, ratio, weight = np.zeros(regions + 1, np.int32), np.zeros(regions + 1), np.zeros(regions + 1)
    by_region, by_site = (u, best, slope, mean), (value, best_value, opened, mean_opened, np.zeros(1), edge, width)
    return Work(*by_region, *by_site, scale, slot, ratio, weight, no_rules())


class Pace(NamedTuple):
    """How an ascent walks: rounds at most, where it may stop, its first step and when the step is halved.

    A warm one goes on from the mean subgradients that it finds.
    """

    rounds: int
    cutoff: float
    target: float
    step: float
    patience: int
    least_step: float
    warm: bool = False


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def ascend(facts: Facts, pairs: Pairs, fixing: Any, work: Work, pace: Pace) -> Any:
    """Improve the prices; returns the best bound, the last step, and the rounds walked.

    `work.price` is where it begins, `work.best_price` and `best_value` where the bound was best;
    `mean_opened` averages the choices. Infinity: no choice of sites can hold the demand.
    """
    best, step, stall, rounds = -np.inf, pace.step, 0, 0
    rules = work.rules
    for rounds in range(pace.rounds):
        bound = weigh(facts, pairs, fixing, work)
        if bound == np.inf:
            return bound, step, rounds
        if bound > best:
            stall = 0 if bound > best + 1e-5 * abs(best) else stall + 1
            best = bound
            work.best_price[:] = work.price
            rules.best_price[:] = rules.price
            work.best_value[:] = work.value
        else:
            stall += 1
        if best >= pace.cutoff:
            return best, step, rounds
        if stall >= pace.patience:
            step, stall = step * 0.66, 0
            work.price[:] = work.best_price
            rules.price[:] = rules.best_price
            if step < pace.least_step:
                break
        share = 0.1 if rounds or pace.warm else 1.0
        work.mean_opened[:] += (0.06 if rounds or pace.warm else 1.0) * (work.opened - work.mean_opened)
        norm = average(work, share)
        if norm <= 1e-18:
            break
        ahead = max(min(pace.target, best + 0.03 * abs(best)) - bound, 1e-6 * abs(best))
        walk(work, pairs.guard, step * ahead / norm)
    return best, step, rounds


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def average(work: Work, share: float) -> Any:
    """Take the last subgradient into the mean ones; their squared length in the measure of the scale."""
    norm, rules = 0.0, work.rules
    for j in range(work.price.size):
        work.mean_slope[j] += share * (work.slope[j] - work.mean_slope[j])
        norm += work.scale[j] * work.mean_slope[j] ** 2
    for r in range(rules.price.size):
        rules.mean_slope[r] += share * (rules.slope[r] - rules.mean_slope[r])
        if rules.price[r] > 0.0 or rules.mean_slope[r] > 0.0:
            norm += rules.scale * rules.mean_slope[r] ** 2
    return norm


@nb.njit(cache=True)
def walk(work: Work, guard: Any, length: float) -> None:
    """Change prices and multipliers along the mean subgradients; prices stay below the guard."""
    rules = work.rules
    for j in range(work.price.size):
        work.price[j] = min(work.price[j] + length * work.scale[j] * work.mean_slope[j], guard[j])
    for r in range(rules.price.size):
        rules.price[r] = max(0.0, rules.price[r] + length * rules.scale * rules.mean_slope[r])


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def weigh(facts: Facts, pairs: Pairs, fixing: Any, work: Work) -> Any:
    """The bound at `work.price`; leaves the sites' values, the choice of sites and the subgradient."""
    for i in range(facts.fixed.size):
        if fixing[i] == 0:
            continue
        if facts.capacity[i] >= facts.total and facts.least[i] <= 0.0:
            work.value[i] = facts.fixed[i] + weigh_roomy(i, pairs, work)
        else:
            work.value[i] = facts.fixed[i] + weigh_site(i, facts, pairs, work)
    priced, size = charge_rules(work)
    chosen = choose_sites(work.value, fixing, facts.capacity, facts.total, facts.number, work.opened)
    work.slope[:] = 1.0
    for i in range(facts.fixed.size):
        if work.opened[i] > 0.0:
            serve(i, facts, pairs, work)
    for j in range(work.price.size):
        priced += work.price[j]
        size += abs(work.price[j])
    count_rules(work)
    return priced + chosen - ROUNDING * size


@nb.njit(cache=True)
def charge_rules(work: Work) -> Any:
    """Take what rules give for each site from the sites' values; what they charge in all, and its size."""
    rules, priced, size = work.rules, 0.0, 0.0
    for r in range(rules.price.size):
        charged = rules.sign[r] * rules.price[r]
        priced += charged * rules.need[r]
        for q in range(rules.start[r], rules.start[r + 1]):
            work.value[rules.site[q]] -= charged
            size += abs(charged)
    return priced, size


@nb.njit(cache=True)
def count_rules(work: Work) -> None:
    """By how much the choice of sites misses each rule."""
    rules = work.rules
    for r in range(rules.price.size):
        count = 0.0
        for q in range(rules.start[r], rules.start[r + 1]):
            count += work.opened[rules.site[q]]
        rules.slope[r] = rules.sign[r] * (rules.need[r] - count)


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def weigh_roomy(i: int, pairs: Pairs, work: Work) -> Any:
    """What `weigh_site` says of a site whose volumes never bind."""
    value = 0.0
    work.edge[i] = 0.0
    for q in range(pairs.start[i], pairs.start[i + 1]):
        value += min(pairs.cost[q] - work.price[pairs.region[q]], 0.0)
    return value


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def weigh_site(i: int, facts: Facts, pairs: Pairs, work: Work) -> Any:
    """The least of cost less price that site `i` can reach within its volumes; keeps the marginal ratio.

    Where the volume binds, the marginal ratio is looked for near the last one first.
    """
    held, value, load, last = 0, 0.0, 0.0, work.edge[i]
    below, taken = 0.0, 0.0
    low, high = last - work.width[i], min(0.0, last + work.width[i])
    for q in range(pairs.start[i], pairs.start[i + 1]):
        j = pairs.region[q]
        reduced, demand = pairs.cost[q] - work.price[j], facts.demand[j]
        value += min(reduced, 0.0)
        load += demand if reduced < 0.0 else 0.0
        is_below = reduced < low * demand
        below += demand if is_below else 0.0
        taken += reduced if is_below else 0.0
        work.slot[held], work.reduced[held] = j, reduced
        held += (reduced < high * demand) & (not is_below)
    inside = 0.0
    for q in range(held):
        inside += facts.demand[work.slot[q]]
    work.edge[i] = 0.0
    bounded = facts.capacity[i]
    if load <= bounded and load >= facts.least[i]:
        return value
    if load > bounded and held and below <= bounded <= below + inside:
        edge = find_edge(held, bounded - below, facts, work)
        value = taken + edge * (bounded - below)
        for q in range(held):
            value += work.weight[q] * min(0.0, work.reduced[q] - edge)
    else:
        value, edge = weigh_whole(i, load, facts, pairs, work)
    work.edge[i] = edge
    work.width[i] = max(0.7 * work.width[i], 2.0 * abs(edge - last), 1e-9 * abs(edge))
    return value


@nb.njit(cache=True, fastmath={"reassoc", "contract"})
def weigh_whole(i: int, load: float, facts: Facts, pairs: Pairs, work: Work) -> Any:
    """What `weigh_site` says where a volume binds, and the marginal ratio, from all pairs of the site."""
    bounded, kept, lacks = facts.capacity[i], 0, load < facts.least[i]
    if lacks:
        bounded = facts.least[i]
    for q in range(pairs.start[i], pairs.start[i + 1]):
        reduced = pairs.cost[q] - work.price[pairs.region[q]]
        if lacks or reduced < 0.0:
            work.slot[kept], work.reduced[kept] = pairs.region[q], reduced
            kept += 1
    edge = find_edge(kept, bounded, facts, work)
    value = edge * bounded
    for q in range(pairs.start[i], pairs.start[i + 1]):
        j = pairs.region[q]
        value += min(0.0, pairs.cost[q] - work.price[j] - edge * facts.demand[j])
    return value, edge


@nb.njit(cache=True)
def find_edge(kept: int, bounded: float, facts: Facts, work: Work) -> float:
    """The ratio of reduced cost to demand at which the best regions in the slots fill the volume."""
    ratio, weight, size = work.reduced, work.weight, 0
    for q in range(kept):
        demand = facts.demand[work.slot[q]]
        if demand > 0.0:
            ratio[size] = ratio[q] / demand
            weight[size] = demand
            size += 1
    low, high, need = 0, size, bounded
    while high - low > 1:
        pivot = _median(ratio[low], ratio[(low + high) // 2], ratio[high - 1])
        less, more, q, below, equal = low, high, low, 0.0, 0.0
        while q < more:
            if ratio[q] < pivot:
                below += weight[q]
                ratio[q], ratio[less] = ratio[less], ratio[q]
                weight[q], weight[less] = weight[less], weight[q]
                less += 1
                q += 1
            elif ratio[q] > pivot:
                more -= 1
                ratio[q], ratio[more] = ratio[more], ratio[q]
                weight[q], weight[more] = weight[more], weight[q]
            else:
                equal += weight[q]
                q += 1
        if below > need:
            high = less
        elif below + equal >= need:
            return float(pivot)
        else:
            need -= below + equal
            low = more
    return float(ratio[min(low, size - 1)]) if size else 0.0


@nb.njit(cache=True)
def _median(a: float, b: float, c: float) -> float:
    return max(min(a, b), min(max(a, b), c))


@nb.njit(cache=True)
def serve(i: int, facts: Facts, pairs: Pairs, work: Work) -> None:
    """Take from the subgradient what site `i` serves at these prices; regions at the edge fill what is left."""
    edge, left = work.edge[i], facts.capacity[i] if work.edge[i] < 0.0 else facts.least[i]
    ties, first, share = 0, pairs.start[i], work.opened[i]
    near = 1e-9 * abs(edge)
    for q in range(first, pairs.start[i + 1]):
        j = pairs.region[q]
        reduced, demand = pairs.cost[q] - work.price[j], facts.demand[j]
        over = reduced - edge * demand
        if over < -near * demand or (demand == 0.0 and reduced < 0.0):
            work.slope[j] -= share
            left -= demand
        elif edge != 0.0 and demand > 0.0 and over <= near * demand:
            work.slot[ties] = j
            ties += 1
    for q in range(ties):
        j = work.slot[q]
        part = max(0.0, min(1.0, left / facts.demand[j]))
        work.slope[j] -= share * part
        left -= part * facts.demand[j]


def make_pairs(facts: Facts, fixing: NDArray[np.int8], guard: Floats) -> Pairs:
    """The pairs whose cost lies below the guard of the region, of sites that are not closed."""
    start, region, cost = list_pairs(facts.cost, fixing, guard)
    return Pairs(start, region, cost, guard)


@nb.njit(cache=True)
def list_pairs(cost: Any, fixing: Any, guard: Any) -> Any:
    """The arrays of `Pairs`."""
    sites, regions = cost.shape
    start = np.zeros(sites + 1, np.int64)
    for i in range(sites):
        kept = 0
        if fixing[i] != 0:
            for j in range(regions):
                kept += cost[i, j] < guard[j]
        start[i + 1] = start[i] + kept
    region, listed = np.empty(start[sites], np.int32), np.empty(start[sites])
    for i in range(sites):
        q = start[i]
        for j in range(regions if fixing[i] != 0 else 0):
            if cost[i, j] < guard[j]:
                region[q], listed[q] = j, cost[i, j]
                q += 1
    return start, region, listed

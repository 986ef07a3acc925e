"""Which sites to open, given what each would bring: a covering knapsack, or so many sites."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

NODES = 400
"""Sets that the search for the best cover looks at; after that the bound of the linear relaxation holds."""
EASE = 1e-9
"""Of the total demand: by so much capacity may fall short in float sums."""


@nb.njit(cache=True)
def choose_sites(value: Any, fixing: Any, capacity: Any, total: float, count: int, opened: Any) -> Any:
    """The least sum of values of sites that hold the demand; never more than the true least.

    `fixing` is 1 for open, 0 for closed, -1 for free; `opened` receives the choice, perhaps with one
    fraction. Infinity when no choice will do.
    """
    if count >= 0:
        return choose_count(value, fixing, capacity, total, count, opened)
    base, have, free = 0.0, 0.0, 0
    order, ratio = np.empty(value.size, np.int64), np.empty(value.size)
    for i in range(value.size):
        opened[i] = 0.0
        if fixing[i] == 1 or (fixing[i] < 0 and value[i] <= 0.0):
            opened[i] = 1.0
            base += value[i]
            have += capacity[i]
        elif fixing[i] < 0:
            order[free], ratio[free] = i, value[i] / max(capacity[i], 1e-300)
            free += 1
    need = total - have - EASE * total
    if need <= 0.0 and have > 0.0:
        return base
    order = order[np.argsort(ratio[:free])]
    return base + cover(value, capacity, order, need, opened)


@nb.njit(cache=True)
def cover(value: Any, capacity: Any, order: Any, need: float, opened: Any) -> Any:
    """The least sum of positive values of the ordered sites whose capacity reaches the need."""
    left, relaxed, last = need, 0.0, 0
    for i in order:
        part = min(1.0, left / capacity[i])
        relaxed += part * value[i]
        opened[i] = part
        left -= part * capacity[i]
        last = i
        if left <= 1e-12 * need:
            break
    if left > 1e-12 * need:
        return np.inf
    if opened[last] == 1.0:
        return relaxed
    fewest = cover_count(value, capacity, order, need, opened)
    if fewest < 0.0:
        return -fewest
    found = cover_whole(value, capacity, order, need, opened)
    return max(relaxed, fewest) if found < 0.0 else found


@nb.njit(cache=True)
def cover_count(value: Any, capacity: Any, order: Any, need: float, opened: Any) -> Any:
    """The cheapest sites of the fewest that can reach the need: a bound; negative where they are the optimum."""
    largest = np.sort(capacity[order])[::-1]
    size, left = 0, need
    while left > 1e-12 * need and size < largest.size:
        left -= largest[size]
        size += 1
    cheap = order[np.argsort(value[order])][:size]
    if capacity[cheap].sum() < need * (1.0 - 1e-12):
        return value[cheap].sum()
    opened[order] = 0.0
    opened[cheap] = 1.0
    return -value[cheap].sum()


@nb.njit(cache=True)
def cover_whole(value: Any, capacity: Any, order: Any, need: float, opened: Any) -> Any:
    """Depth first through the sets, bounded by the linear relaxation; -1 when there are too many."""
    size, best, nodes = order.size, np.inf, 0
    taken, found = np.zeros(size + 1, np.bool_), np.zeros(size, np.bool_)
    depth, got, spent = 0, 0.0, 0.0
    while True:
        nodes += 1
        if nodes > NODES * 8:
            return -1.0
        left, bound, k = need - got, spent, depth
        while left > 1e-12 * need and k < size:
            part = min(1.0, left / capacity[order[k]])
            bound += part * value[order[k]]
            left -= part * capacity[order[k]]
            k += 1
        reached = got >= need * (1.0 - 1e-12)
        if reached and spent < best:
            best = spent
            found[:] = False
            found[:depth] = taken[:depth]
        if not reached and left <= 1e-12 * need and bound < best * (1.0 - 1e-12):
            taken[depth] = True
            got += capacity[order[depth]]
            spent += value[order[depth]]
            depth += 1
            continue
        depth -= 1
        while depth >= 0 and not taken[depth]:
            depth -= 1
        if depth < 0:
            break
        taken[depth] = False
        got -= capacity[order[depth]]
        spent -= value[order[depth]]
        depth += 1
    opened[order] = 0.0
    opened[order[found]] = 1.0
    return best


@nb.njit(cache=True)
def choose_count(value: Any, fixing: Any, capacity: Any, total: float, count: int, opened: Any) -> Any:
    """The least sum of values of exactly `count` sites; capacity is priced, by bisection, where it lacks."""
    bound = pick(value, fixing, count, opened)
    if bound == np.inf or (opened * capacity).sum() >= total * (1.0 - EASE):
        return bound
    low, high = 0.0, 1.0
    for _ in range(60):
        pick(value - high * capacity, fixing, count, opened)
        if (opened * capacity).sum() >= total * (1.0 - EASE):
            break
        high *= 4.0
    if (opened * capacity).sum() < total * (1.0 - EASE):
        return np.inf
    for _ in range(40):
        middle = 0.5 * (low + high)
        priced = pick(value - middle * capacity, fixing, count, opened) + middle * total * (1.0 - EASE)
        bound = max(bound, priced)
        if (opened * capacity).sum() >= total * (1.0 - EASE):
            high = middle
        else:
            low = middle
    pick(value - high * capacity, fixing, count, opened)
    return bound


@nb.njit(cache=True)
def pick(value: Any, fixing: Any, count: int, opened: Any) -> Any:
    """Open the forced sites and the least of the free ones up to the count; their sum."""
    chosen, least = 0, 0.0
    ordered = np.empty(value.size)
    for i in range(value.size):
        opened[i] = 1.0 if fixing[i] == 1 else 0.0
        ordered[i] = value[i] if fixing[i] < 0 else np.inf
        if fixing[i] == 1:
            chosen += 1
            least += value[i]
    order = np.argsort(ordered)
    if chosen > count or (count > chosen and not ordered[order[min(count - chosen, value.size) - 1]] < np.inf):
        return np.inf
    for i in order[: count - chosen]:
        opened[i] = 1.0
        least += value[i]
    return least


@nb.njit(cache=True)
def weigh_choices(value: Any, fixing: Any, capacity: Any, total: float, count: int) -> Any:
    """What `choose_sites` would say after closing, and after opening, each free site; a bound of it."""
    closed, opened = np.full(value.size, -np.inf), np.full(value.size, -np.inf)
    chosen, fixed = np.empty(value.size), fixing.copy()
    if capacity.min() >= total and fixing.size > 20:
        base = choose_sites(value, fixing, capacity, total, count, chosen)
        last, first = -np.inf, np.inf
        for i in range(value.size):
            if fixing[i] < 0 and chosen[i] > 0.0:
                last = max(last, value[i])
            elif fixing[i] < 0:
                first = min(first, value[i])
        for i in range(value.size):
            if count < 0:
                closed[i] = base - min(0.0, value[i])
                opened[i] = base + max(0.0, value[i]) - max(0.0, last)
            else:
                closed[i] = base if chosen[i] == 0.0 else base - value[i] + first
                opened[i] = base if chosen[i] > 0.0 else base + value[i] - last
        return closed, opened
    for i in range(value.size):
        if fixing[i] < 0:
            fixed[i] = 0
            closed[i] = choose_sites(value, fixed, capacity, total, count, chosen)
            fixed[i] = 1
            opened[i] = choose_sites(value, fixed, capacity, total, count, chosen)
            fixed[i] = -1
    return closed, opened

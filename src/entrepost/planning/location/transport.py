"""The cheapest way to serve all regions from given open sites, exactly, by successive shortest paths.

Nodes are the open sites and the *pool*, whose arcs hold each site's load between its least and its full
volume. To move demand from one site to another costs what the region that minds least would pay. Site
prices that are given (from a neighbouring set of sites) are a warm start: every region begins where it is
cheapest with them, and only the surplus is moved.

References
----------
.. [1] R. Ahuja, T. Magnanti, J. Orlin, Network Flows (1993), section 9.7.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.dual import Facts

Floats = NDArray[np.float64]
EASE = 1e-11
"""Of the total demand: smaller amounts are nothing."""


class Flow(NamedTuple):
    """What is on the way: amounts by open site and region, who serves whom, the cheapest moves between sites."""

    unit: Floats
    amount: Floats
    member: NDArray[np.int32]
    members: NDArray[np.int64]
    listed: NDArray[np.bool_]
    move: Floats
    mover: NDArray[np.int32]
    excess: Floats
    pooled: Floats


@nb.njit(cache=True)
def transport(facts: Facts, sites: Any, price: Any, limit: float) -> Any:
    """Serve every region from these sites at the least cost.

    `price` (one for each of the sites; zero will do) is changed into optimal prices of a unit of
    volume. Returns the cost, infinity when the volumes do not allow it or when it is proved to be
    above the limit, and the shares.
    """
    size, regions = sites.size, facts.demand.size
    flow = Flow(
        np.empty((regions, size)), np.zeros((size, regions)), np.empty((size, regions), np.int32),
        np.zeros(size, np.int64), np.zeros((size, regions), np.bool_), np.full((size + 1, size + 1), np.inf),
        np.zeros((size + 1, size + 1), np.int32), np.zeros(size + 1), np.zeros(size),
    )  # fmt: skip
    bound = begin(facts, sites, price, flow)
    ease, held, kept = EASE * facts.total, 0.0, 0.0
    for a in range(size):
        held += facts.capacity[sites[a]]
        kept += facts.least[sites[a]]
    if held < facts.total - 100 * ease or kept > facts.total + 100 * ease or size == 0:
        return np.inf, flow.amount
    potential = np.zeros(size + 1)
    potential[:size] = price
    distance, before, done = np.empty(size + 1), np.empty(size + 1, np.int64), np.empty(size + 1, np.bool_)
    while True:
        source = int(np.argmax(flow.excess))
        if flow.excess[source] <= ease:
            break
        sink = find_path(facts, sites, flow, potential, (source, distance, before, done))
        if sink < 0 or bound > limit:
            return np.inf, flow.amount
        reach = distance[sink]
        for v in range(size + 1):
            if done[v]:
                potential[v] += reach - distance[v]
                bound += flow.excess[v] * (reach - distance[v])
        send(facts, sites, flow, (source, sink), before)
    for a in range(size):
        price[a] = potential[a] - potential[size]
    return finish(facts, sites, flow), flow.amount


@nb.njit(cache=True)
def begin(facts: Facts, sites: Any, price: Any, flow: Flow) -> Any:
    """Serve each region where it is cheapest at the given prices; list surplus, members and moves; a bound."""
    size, bound = sites.size, 0.0
    load = np.zeros(size)
    for a in range(size):
        for j in range(facts.demand.size):
            flow.unit[j, a] = facts.cost[sites[a], j] / (facts.demand[j] if facts.demand[j] > 0.0 else 1.0)
    for j in range(facts.demand.size):
        demand, best, chosen = facts.demand[j], np.inf, 0
        for a in range(size):
            priced = flow.unit[j, a] + (price[a] if demand > 0.0 else 0.0)
            if priced < best:
                best, chosen = priced, a
        bound += best * (demand if demand > 0.0 else 1.0)
        if demand > 0.0:
            flow.amount[chosen, j] = demand
            load[chosen] += demand
            join(flow, chosen, j)
        else:
            flow.amount[chosen, j] = 1.0
    flow.excess[size] = -facts.total
    for a in range(size):
        low, high = facts.least[sites[a]], facts.capacity[sites[a]]
        pooled = high if price[a] > 0.0 else (low if price[a] < 0.0 else min(max(load[a], low), high))
        flow.pooled[a] = pooled
        flow.excess[a] = load[a] - pooled
        flow.excess[size] += pooled
        bound -= pooled * price[a]
    return bound


@nb.njit(cache=True)
def join(flow: Flow, a: int, j: int) -> None:
    """Region `j` is now served by site `a`: its moves away may be the cheapest."""
    if not flow.listed[a, j]:
        flow.listed[a, j] = True
        flow.member[a, flow.members[a]] = j
        flow.members[a] += 1
    here = flow.unit[j, a]
    for b in range(flow.members.size):
        gain = flow.unit[j, b] - here
        if gain < flow.move[a, b]:
            flow.move[a, b] = gain
            flow.mover[a, b] = j


@nb.njit(cache=True)
def leave(flow: Flow, a: int, gone: int) -> None:
    """Region `gone` is no longer served by site `a`: find the moves again of which it was the cheapest."""
    kept = 0
    for q in range(flow.members[a]):
        j = flow.member[a, q]
        if flow.amount[a, j] > 0.0:
            flow.member[a, kept] = j
            kept += 1
        else:
            flow.listed[a, j] = False
    flow.members[a] = kept
    for b in range(flow.members.size):
        if b == a or flow.mover[a, b] != gone or flow.move[a, b] == np.inf:
            continue
        best, mover = np.inf, -1
        for q in range(kept):
            j = flow.member[a, q]
            gain = flow.unit[j, b] - flow.unit[j, a]
            if gain < best:
                best, mover = gain, j
        flow.move[a, b] = best
        flow.mover[a, b] = mover


@nb.njit(cache=True)
def find_path(facts: Facts, sites: Any, flow: Flow, potential: Any, search: Any) -> int:
    """The nearest node that lacks volume, from the source, by Dijkstra's method; -1 for none."""
    source, distance, before, done = search
    size, ease = sites.size, EASE * facts.total
    distance[:] = np.inf
    done[:] = False
    distance[source] = 0.0
    while True:
        a, near = -1, np.inf
        for v in range(size + 1):
            if not done[v] and distance[v] < near:
                a, near = v, distance[v]
        if a < 0:
            return -1
        done[a] = True
        if flow.excess[a] < -ease or (flow.excess[a] < 0.0 and a != source):
            return a
        for b in range(size + 1):
            if done[b]:
                continue
            cost = step_cost(facts, sites, flow, a, b)
            if cost == np.inf:
                continue
            length = near + max(0.0, cost + potential[b] - potential[a])
            if length < distance[b]:
                distance[b], before[b] = length, a


@nb.njit(cache=True)
def step_cost(facts: Facts, sites: Any, flow: Flow, a: int, b: int) -> Any:
    """What it costs to move a unit from one node to the other; infinity where nothing can be moved."""
    size, ease = sites.size, EASE * facts.total
    if b == size:
        return 0.0 if flow.pooled[a] < facts.capacity[sites[a]] - ease else np.inf
    if a == size:
        return 0.0 if flow.pooled[b] > facts.least[sites[b]] + ease else np.inf
    return flow.move[a, b]


@nb.njit(cache=True)
def send(facts: Facts, sites: Any, flow: Flow, ends: Any, before: Any) -> None:
    """Move as much along the path as its tightest step allows."""
    source, sink = ends
    size, ease = sites.size, EASE * facts.total
    amount, b = min(flow.excess[source], -flow.excess[sink]), sink
    while b != source:
        a = before[b]
        if b == size:
            amount = min(amount, facts.capacity[sites[a]] - flow.pooled[a])
        elif a == size:
            amount = min(amount, flow.pooled[b] - facts.least[sites[b]])
        else:
            amount = min(amount, flow.amount[a, flow.mover[a, b]])
        b = a
    flow.excess[source] -= amount
    flow.excess[sink] += amount
    b = sink
    while b != source:
        a = before[b]
        if b == size:
            flow.pooled[a] += amount
        elif a == size:
            flow.pooled[b] -= amount
        else:
            shift(flow, (a, b), amount, ease)
        b = a


@nb.njit(cache=True)
def shift(flow: Flow, ends: Any, amount: float, ease: float) -> None:
    """Move so much of the cheapest region from one site to another."""
    a, b = ends
    j = flow.mover[a, b]
    flow.amount[a, j] -= amount
    flow.amount[b, j] += amount
    if flow.amount[a, j] <= ease:
        flow.amount[a, j] = 0.0
        leave(flow, a, j)
    join(flow, b, j)


@nb.njit(cache=True)
def finish(facts: Facts, sites: Any, flow: Flow) -> Any:
    """Turn amounts into shares that sum to one; the cost of what they serve."""
    cost = 0.0
    for j in range(facts.demand.size):
        whole = 0.0
        for a in range(sites.size):
            whole += flow.amount[a, j]
        for a in range(sites.size):
            if flow.amount[a, j] > 0.0:
                flow.amount[a, j] /= whole
                cost += flow.amount[a, j] * facts.cost[sites[a], j]
    return cost

"""A coarse copy of a large problem, in which neighbouring regions are one: what is tried there costs a tenth.

Its values and bounds are other ones than those of the whole. But what a division raises the bound by is much the
same on both, so that divisions are chosen by climbs on the copy, and only the chosen one is climbed on the whole.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from entrepost.planning.location.bundle import climb
from entrepost.planning.location.dual import Facts, Floats, Pace, Pairs, Work, make_pairs, make_work
from entrepost.planning.location.groups import Node, write_book

COARSE = 600
"""Regions of the copy."""
FEATURES = 25
"""Sites by whose costs regions are compared."""
GUARDS = (1.6, 1.3)
"""Prices of the copy may become so many times those of the whole, and then of its own root."""
ROOT_CLIMBS, ROUNDS = 8, 40
"""Climbs at the root, and the rounds of every climb."""
REACH = 0.08
"""The first step of a climb, as a share of the mean price."""


class Copy:
    """A problem with `COARSE` regions in place of many, and which of them stands for each region."""

    facts: Facts
    label: NDArray[np.int64]
    pairs: Pairs
    work: Work

    def __init__(self, facts: Facts) -> None:
        self.facts, self.label = merge_regions(facts)

    def begin(self, whole: Node) -> Node:
        """The root, climbed from the prices of the whole."""
        price, slope = (
            self.add(whole.price),
            self.add(whole.slope) / np.maximum(self.add(np.ones(self.label.size)), 1.0),
        )
        self.work, self.pairs = make_work(self.facts), self.list(whole.fixing, GUARDS[0] * price)
        root = replace(whole, price=price, slope=slope)
        for _ in range(ROOT_CLIMBS):
            root = self.climb(root)
        self.pairs = self.list(whole.fixing, GUARDS[1] * root.price)
        return root

    def add(self, each: Floats) -> Floats:
        """What the regions have together that one stands for."""
        summed: Floats = np.bincount(self.label, each, self.facts.demand.size).astype(np.float64)
        return summed

    def list(self, fixing: NDArray[np.int8], guard: Floats) -> Pairs:
        """The pairs that cost less than the guard; least volumes may need every pair."""
        if (self.facts.least > 0).any():
            guard = np.full(guard.size, np.inf)
        return make_pairs(self.facts, fixing, guard)

    def climb(self, node: Node) -> Node:
        """A part after a climb from where it stands; its bound is one of the copy."""
        work = self.work = self.work._replace(rules=write_book(node))
        work.price[:] = np.minimum(node.price, self.pairs.guard)
        work.mean_opened[:], work.mean_slope[:], work.mean_above[0] = node.opened, node.slope, 0.0
        pace = Pace(ROUNDS, math.inf, math.inf, REACH, 0, 0.0, True)
        bound = float(climb(self.facts, self.pairs, node.fixing, work, pace)[0])
        price, charges = work.best_price.copy(), work.rules.best_price.copy()
        opened, slope = work.mean_opened.copy(), work.mean_slope.copy()
        return replace(node, bound=bound, price=price, charges=charges, opened=opened, slope=slope)


def merge_regions(facts: Facts) -> tuple[Facts, NDArray[np.int64]]:
    """Regions that are alike in what they cost a unit from each site, as one, and which one each has become."""
    sites, regions = facts.cost.shape
    if regions <= COARSE:
        return facts, np.arange(regions)
    random = np.random.default_rng(regions)
    some = np.sort(random.choice(sites, min(FEATURES, sites), replace=False))
    unit = np.ascontiguousarray((facts.cost[some] / np.where(facts.demand > 0, facts.demand, 1.0)).T)
    label = nearest(unit, unit[random.choice(regions, COARSE, replace=False)])
    demand = np.bincount(label, facts.demand, COARSE).astype(float)
    cost = np.array([np.bincount(label, row, COARSE) for row in facts.cost])
    return facts._replace(cost=np.ascontiguousarray(cost), demand=demand), label


@nb.njit(cache=True)
def nearest(points: Floats, centres: Floats) -> Any:
    """For each point the nearest centre."""
    label = np.zeros(len(points), np.int64)
    for j in range(len(points)):
        least = np.inf
        for k in range(len(centres)):
            apart = ((points[j] - centres[k]) ** 2).sum()
            if apart < least:
                least, label[j] = apart, k
    return label

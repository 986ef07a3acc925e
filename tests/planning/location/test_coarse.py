"""The coarse copy: nothing is lost in merging, its bounds hold for it, and divisions gain on it as on the whole."""

from __future__ import annotations

import math

import numpy as np
import pytest

from entrepost.planning.location.bundle import climb
from entrepost.planning.location.coarse import COARSE, Copy, merge_regions
from entrepost.planning.location.dual import Pace, make_pairs, make_work
from entrepost.planning.location.groups import Node, write_book
from entrepost.planning.location.search import settle
from tests.planning.facility_scenes import facts_of

SITES = 20
PACE = Pace(300, math.inf, math.inf, 0.08, 0, 0.0)


def scene(regions: int):
    g = np.random.default_rng(4)
    places, homes = g.random((SITES, 2)), g.random((regions, 2))
    demand = g.integers(0, 9, regions).astype(float)
    cost = np.linalg.norm(places[:, None] - homes[None], axis=2) * np.maximum(demand, 1)
    return facts_of(cost, np.full(SITES, 0.02 * cost.mean() * regions), demand, np.full(SITES, demand.sum() / 5.5))


def node(facts, fixing) -> Node:
    regions = facts.demand.size
    return Node(0.0, 0, fixing, facts.cost.min(axis=0), np.full(SITES, 0.5), np.zeros(regions))


def climb_whole(facts, part: Node) -> Node:
    work = make_work(facts)._replace(rules=write_book(part))
    work.price[:] = part.price
    pairs = make_pairs(facts, part.fixing, np.full(facts.demand.size, np.inf))
    bound = float(climb(facts, pairs, part.fixing, work, PACE)[0])
    return Node(bound, 0, part.fixing, work.best_price, work.mean_opened, work.mean_slope)


def test_merged_regions_keep_the_whole_demand_and_cost() -> None:
    facts = scene(2 * COARSE)
    merged, label = merge_regions(facts)
    assert merged.cost.shape == (SITES, COARSE)
    assert merged.demand.sum() == facts.demand.sum()
    assert merged.cost.sum(axis=1) == pytest.approx(facts.cost.sum(axis=1))
    assert np.bincount(label, facts.demand, COARSE).tolist() == merged.demand.tolist()


def test_few_regions_are_not_merged() -> None:
    facts = scene(200)
    merged, label = merge_regions(facts)
    assert merged is facts
    assert label.tolist() == list(range(200))


def test_what_a_division_gains_on_the_copy_is_near_to_what_it_gains_on_the_whole() -> None:
    facts, fixing = scene(2 * COARSE), np.full(SITES, -1, np.int8)
    whole, copy = climb_whole(facts, node(facts, fixing)), Copy(facts)
    low, gains = copy.begin(whole), []
    for site in np.argsort(-whole.opened)[:6]:
        narrowed = fixing.copy()
        narrowed[site] = 0
        there = copy.climb(Node(0.0, 0, narrowed, low.price, low.opened, low.slope))
        here = climb_whole(facts, Node(0.0, 0, narrowed, whole.price, whole.opened, whole.slope))
        gains.append((there.bound - low.bound, here.bound - whole.bound))
    on_copy, on_whole = np.array(gains).T
    assert np.corrcoef(on_copy, on_whole)[0, 1] > 0.8


def test_a_bound_on_the_copy_is_not_above_a_value_on_the_copy() -> None:
    facts, fixing = scene(2 * COARSE), np.full(SITES, -1, np.int8)
    copy = Copy(facts)
    low = copy.begin(node(facts, fixing))
    value = min(settle(copy.facts, np.sort(np.argsort(-low.opened)[:count])).value for count in (6, 7, 8))
    assert low.bound <= value < math.inf

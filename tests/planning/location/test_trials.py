"""Divisions that are tried on the copy: the best first, by what both sides gain, under the rules of the part."""

from __future__ import annotations

import math

import numpy as np
import pytest

from entrepost.planning.location.coarse import Copy
from entrepost.planning.location.groups import Node, Rule, find_groups, make_gains, narrow_part
from entrepost.planning.location.trials import LEAST, follow, score_gain, try_groups
from tests.planning.location.test_branch import scene


def root(facts) -> Node:
    sites, regions = facts.cost.shape
    free, price = np.full(sites, -1, np.int8), facts.cost.min(axis=0)
    whole = Node(0.0, 0, free, price, np.full(sites, 0.5), np.zeros(regions))
    low = Copy(facts).begin(whole)
    return Node(low.bound, 0, free, low.price, low.opened, low.slope, low=low)


def test_the_best_division_comes_first_and_what_it_gained_is_remembered() -> None:
    facts = scene()
    node, groups = root(facts), find_groups(facts, np.full(25, -1, np.int8))
    gains, copy = make_gains(groups), Copy(facts)
    copy.begin(node)
    trials = try_groups(copy, node, groups, gains, 50.0)
    assert [trial.score for trial in trials] == sorted((trial.score for trial in trials), reverse=True)
    assert trials[0].score > trials[-1].score
    assert {trial.number for trial in trials} == set(np.flatnonzero(gains.tried).tolist())
    best = trials[0]
    assert all(side.bound >= node.low.bound - 1e-9 for side in best.low)
    assert all(side.rules or (side.fixing >= 0).any() for side in best.low)


def test_a_gain_counts_up_to_the_room_and_never_nothing() -> None:
    assert score_gain(7.0, 100.0, 5.0) == 5.0
    assert score_gain(math.inf, 100.0, 5.0) == 5.0
    assert score_gain(0.0, 100.0, 5.0) == pytest.approx(100 * LEAST)


def test_on_the_copy_a_new_rule_takes_the_multiplier_of_the_one_that_asked_for_less() -> None:
    facts = scene()
    node, groups = root(facts), find_groups(facts, np.full(25, -1, np.int8))
    number = int(np.flatnonzero(groups.size == 3)[0])
    node.opened[groups.sites[number]] = 0.5
    ruled = Node(0.0, 0, node.fixing, node.price, node.opened, node.slope, (Rule(number, groups.sites[number], 1, 1),))
    ruled.charges = np.array([1.0])
    part, _ = narrow_part(ruled, groups, number, 1)
    low = Node(0.0, 0, node.fixing, node.price, node.opened, node.slope, ruled.rules, np.array([4.0]))
    assert follow(low, part, True).charges.tolist() == [4.0]
    assert follow(low, part, True).rules == part.rules
    assert follow(low, part, False).charges.tolist() == [4.0]

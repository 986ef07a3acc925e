"""Groups of sites and rules on their number: neighbours come first, and bounds under rules are never too high."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.dual import make_pairs, make_work, weigh
from entrepost.planning.location.groups import Node, Rule, find_groups, make_book, narrow_part, undecided
from entrepost.planning.location.search import settle
from tests.planning.facility_scenes import facts_of

SITES, REGIONS = 6, 12


def scene():
    places = np.array([0.0, 0.1, 4.0, 4.2, 9.0, 9.3])
    homes = np.linspace(0, 10, REGIONS)
    demand = np.arange(1.0, REGIONS + 1)
    cost = np.abs(places[:, None] - homes[None]) * demand
    return facts_of(cost, np.full(SITES, 9.0), demand, np.full(SITES, demand.sum() / 2.5))


def node(opened: list[float], *rules: Rule) -> Node:
    none = np.zeros(REGIONS)
    return Node(0.0, 0, np.full(SITES, -1, np.int8), none, np.array(opened), none, rules, np.zeros(len(rules)))


def test_groups_begin_with_single_sites_then_join_the_nearest() -> None:
    groups = find_groups(scene(), np.full(SITES, -1, np.int8))
    assert groups.size.tolist()[:SITES] == [1] * SITES
    assert groups.sites[SITES].tolist() == [0, 1]
    assert groups.size.max() == SITES


def test_closed_sites_are_in_no_group() -> None:
    groups = find_groups(scene(), np.array([-1, 0, -1, -1, -1, 1], np.int8))
    assert not groups.member[:, 1].any()


@given(st.lists(st.integers(0, 60), min_size=REGIONS, max_size=REGIONS), st.integers(0, 30), st.integers(1, 3))
def test_a_bound_under_a_rule_is_not_above_the_best_choice_that_keeps_it(prices, charge, need) -> None:
    facts, free = scene(), np.full(SITES, -1, np.int8)
    pairs = make_pairs(facts, free, np.full(REGIONS, np.inf))
    for sign in (1, -1):
        rule = Rule(0, np.array([0, 1, 2]), sign, need)
        book = make_book((rule,), np.array([float(charge)]), np.full(SITES, 0.5), 1.0)
        work = make_work(facts)._replace(rules=book)
        work.price[:] = prices
        assert weigh(facts, pairs, free, work) <= best_under(facts, rule) + 1e-6


def best_under(facts, rule: Rule) -> float:
    choices = (np.flatnonzero(opened) for opened in itertools.product((0, 1), repeat=SITES))
    kept = (sites for sites in choices if rule.sign * (np.isin(rule.sites, sites).sum() - rule.need) >= 0)
    return min((settle(facts, sites).value for sites in kept if sites.size), default=math.inf)


def test_a_group_whose_number_is_ruled_already_is_not_offered_again() -> None:
    groups = find_groups(scene(), np.full(SITES, -1, np.int8))
    opened = [0.2, 0.3, 1.0, 0.0, 1.0, 0.0]
    assert SITES in undecided(groups, node(opened))[0]
    for sign, need in ((1, 1), (-1, 0)):
        assert SITES not in undecided(groups, node(opened, Rule(SITES, np.array([0, 1]), sign, need)))[0]


def test_both_parts_of_a_group_leave_out_only_its_fractional_number() -> None:
    groups = find_groups(scene(), np.full(SITES, -1, np.int8))
    opened = node([0.2, 0.3, 1.0, 0.0, 1.0, 0.0])
    parts = [narrow_part(opened, groups, SITES, choice) for choice in (0, 1)]
    assert [(part.rules[0].sign, part.rules[0].need) for part, _ in parts] == [(-1, 0), (1, 1)]
    assert [away for _, away in parts] == pytest.approx([0.5, 0.5])


def test_a_rule_takes_the_place_and_the_multiplier_of_one_that_asked_for_less() -> None:
    groups = find_groups(scene(), np.full(SITES, -1, np.int8))
    part = node([0.8, 0.7, 1.0, 0.0, 1.0, 0.0], Rule(SITES, np.array([0, 1]), 1, 1))
    part.charges = np.array([4.0])
    more, _ = narrow_part(part, groups, SITES, 1)
    assert [(rule.sign, rule.need) for rule in more.rules] == [(1, 2)]
    assert more.charges.tolist() == [4.0]
    fewer, _ = narrow_part(part, groups, SITES, 0)
    assert [(rule.sign, rule.need) for rule in fewer.rules] == [(1, 1), (-1, 1)]
    assert fewer.charges.tolist() == [4.0, 0.0]

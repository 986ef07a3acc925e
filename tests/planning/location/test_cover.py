"""Choosing sites by their values: never above the true least, and equal to it where few sites are there."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.cover import choose_sites, weigh_choices

sites = st.lists(
    st.tuples(st.integers(-9, 20), st.integers(1, 9), st.sampled_from((-1, -1, -1, 0, 1))), min_size=1, max_size=7
)


def least(value, fixing, capacity, total, number) -> float:
    best = math.inf
    for opened in itertools.product((0, 1), repeat=len(value)):
        keeps = all(state in (-1, one) for state, one in zip(fixing, opened, strict=True))
        enough = any(opened) and np.dot(opened, capacity) >= total and number in (-1, sum(opened))
        if keeps and enough:
            best = min(best, float(np.dot(opened, value)))
    return best


@given(sites, st.integers(1, 30), st.sampled_from((-1, -1, 1, 2, 3)))
def test_the_choice_is_never_dearer_than_the_true_least(rows, total, number) -> None:
    value, capacity, fixing = (np.array(column) for column in zip(*rows, strict=True))
    capacity = np.minimum(capacity, total).astype(float)
    wanted = least(value, fixing, capacity, total, number)
    found = choose_sites(
        value.astype(float), fixing.astype(np.int8), capacity, float(total), number, np.empty(value.size)
    )
    assert found <= wanted + 1e-6
    if number < 0:
        assert found == pytest.approx(wanted, abs=1e-6)


@given(sites, st.integers(1, 30), st.sampled_from((-1, 1, 2)))
def test_the_other_choice_of_a_site_is_never_overrated(rows, total, number) -> None:
    value, capacity, fixing = (np.array(column) for column in zip(*rows, strict=True))
    capacity = np.minimum(capacity, total).astype(float)
    closed, opened = weigh_choices(value.astype(float), fixing.astype(np.int8), capacity, float(total), number)
    for site in np.flatnonzero(fixing < 0):
        for choice, bound in ((0, closed[site]), (1, opened[site])):
            fixed = fixing.copy()
            fixed[site] = choice
            assert bound <= least(value, fixed, capacity, total, number) + 1e-6


@given(st.lists(st.integers(-9, 20), min_size=21, max_size=24), st.sampled_from((-1, 1, 3)))
def test_without_volumes_the_quick_way_says_no_more_than_the_slow_one(values, number) -> None:
    value, fixing = np.array(values, dtype=float), np.full(len(values), -1, np.int8)
    total = float(len(values))
    capacity, chosen = np.full(len(values), total), np.empty(len(values))
    for choice, bounds in enumerate(weigh_choices(value, fixing, capacity, total, number)):
        for site in range(len(values)):
            fixed = fixing.copy()
            fixed[site] = choice
            assert bounds[site] <= choose_sites(value, fixed, capacity, total, number, chosen) + 1e-9


def test_equal_capacities_need_the_fewest_sites() -> None:
    opened = np.empty(4)
    found = choose_sites(np.array([1.0, 2.0, 3.0, 4.0]), np.full(4, -1, np.int8), np.full(4, 10.0), 21.0, -1, opened)
    assert (found, opened.tolist()) == (6.0, [1, 1, 1, 0])

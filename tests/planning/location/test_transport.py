"""Serving regions from given sites: equal to linear programming, with prices that prove it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.location.transport import transport
from tests.planning.facility_scenes import facts_of, split_all

numbers = st.integers(0, 40)


@st.composite
def scenes(draw):
    sites, regions = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rows = lambda most, size: np.array(draw(st.lists(st.integers(0, most), min_size=size, max_size=size)), float)  # noqa: E731
    facts = facts_of(rows(50, sites * regions).reshape(sites, regions), None, rows(6, regions), 1 + rows(20, sites))
    return facts._replace(least=np.minimum(rows(7, sites), facts.capacity)), rows(8, sites) - 4


@given(scenes())
def test_the_cost_is_that_of_linear_programming_and_prices_prove_it(scene) -> None:
    facts, price = scene
    sites = np.arange(facts.fixed.size)
    cost, share = transport(facts, sites, price, np.inf)
    wanted = split_all(facts.cost, facts.demand, (facts.least, facts.capacity))
    assert cost == pytest.approx(wanted, abs=1e-6)
    if np.isfinite(cost):
        assert share.sum(axis=0) == pytest.approx(1)
        priced = (facts.cost + facts.demand * price[:, None]).min(axis=0).sum()
        charged = np.where(price > 0, facts.capacity * price, facts.least * price).sum()
        assert priced - charged == pytest.approx(wanted, abs=1e-6)


def test_prices_of_a_neighbour_are_as_good_a_start_as_none() -> None:
    g = np.random.default_rng(5)
    facts = facts_of(g.random((12, 400)), None, g.integers(1, 9, 400), np.full(12, 190.0))
    warm = np.zeros(10)
    transport(facts, np.arange(10), warm, np.inf)
    cold, again = np.zeros(11), np.append(warm, 0.0)
    cost, _ = transport(facts, np.arange(11), again, np.inf)
    assert cost == pytest.approx(transport(facts, np.arange(11), cold, np.inf)[0])
    assert transport(facts, np.arange(11), np.zeros(11), cost * 1.001)[0] == pytest.approx(cost)
    assert transport(facts, np.arange(11), np.zeros(11), cost * 0.9)[0] >= cost * (1 - 1e-9)

"""The classic stock policies give the known answers, and nothing cheaper is found by trying all others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from entrepost.base.errors import MisuseError
from entrepost.planning.inventory import (
    set_base_stock,
    set_base_stock_normal,
    set_quantity,
    set_reorder_quantity,
    set_reorder_up_to,
)

COSTS = st.floats(0.1, 20)
DEMAND = st.lists(st.integers(0, 9), min_size=2, max_size=7).filter(lambda weights: sum(weights[1:]) > 0)


def test_the_newsvendor_of_normal_demand() -> None:
    policy = set_base_stock_normal(0.18, 0.70, 50, 8)
    assert (policy.up_to, policy.cost) == pytest.approx((56.60396, 1.997605), rel=1e-6)


def test_the_newsvendor_of_poisson_demand() -> None:
    policy = set_base_stock(1, 4, poisson.pmf(np.arange(60), 5))
    assert (policy.up_to, policy.cost) == pytest.approx((7, 3.277405), rel=1e-6)


def test_the_economic_order_quantity() -> None:
    policy = set_quantity(8, 0.225, 1300)
    assert (policy.quantity, policy.cost) == pytest.approx((304.0468, 68.41053), rel=1e-6)


def test_reorder_point_and_quantity_by_the_expected_inventory_level() -> None:
    policy = set_reorder_quantity(0.225, 7.5, 8, 1300, 150, 1 / 12)
    assert (policy.reorder, policy.quantity, policy.cost) == pytest.approx((213.97, 318.59, 95.451), rel=1e-4)


def test_the_exact_policy_of_reordering_up_to_a_level() -> None:
    policy = set_reorder_up_to(1, 4, 5, poisson.pmf(np.arange(80), 6))
    assert (policy.reorder, policy.up_to) == (4, 10)
    assert policy.cost == pytest.approx(8.034112, rel=1e-6)


@given(COSTS, COSTS, DEMAND)
def test_no_base_stock_costs_less(holding: float, shortage: float, weights: list[int]) -> None:
    shares = np.array(weights) / sum(weights)
    units = np.arange(len(shares))

    def cost(level: int) -> float:
        return float(shares @ (holding * np.maximum(level - units, 0) + shortage * np.maximum(units - level, 0)))

    policy = set_base_stock(holding, shortage, shares)
    assert policy.cost == pytest.approx(cost(int(policy.up_to)))
    assert policy.cost == pytest.approx(min(map(cost, units)))


def long_run(lower: int, upper: int, shares: np.ndarray, holding: float, shortage: float, fixed: float) -> float:
    """The cost a period of an (s, S) policy, from the stationary shares of its levels after ordering."""
    levels = np.arange(lower + 1, upper + 1)
    moves = np.zeros((len(levels), len(levels)))
    ordering, waiting = np.zeros(len(levels)), np.zeros(len(levels))
    for place, level in enumerate(levels):
        for units, share in enumerate(shares):
            left = level - units
            waiting[place] += share * (holding * max(left, 0) + shortage * max(-left, 0))
            if left <= lower:
                ordering[place] += share
                moves[place, -1] += share
            else:
                moves[place, left - lower - 1] += share
    system = np.vstack([moves.T - np.eye(len(levels)), np.ones(len(levels))])
    stationary = np.linalg.lstsq(system, np.append(np.zeros(len(levels)), 1), rcond=None)[0]
    return float(stationary @ (waiting + fixed * ordering))


@given(st.floats(0.5, 4), st.floats(0.5, 12), st.floats(0.5, 20), DEMAND)
def test_no_other_two_levels_cost_less(holding: float, shortage: float, fixed: float, weights: list[int]) -> None:
    shares = np.array(weights) / sum(weights)
    policy = set_reorder_up_to(holding, shortage, fixed, shares)
    lower, upper = int(policy.reorder), int(policy.up_to)
    told = long_run(lower, upper, shares, holding, shortage, fixed)
    assert policy.cost == pytest.approx(told, rel=1e-6)
    others = [
        long_run(low, high, shares, holding, shortage, fixed)
        for low in range(lower - 3, lower + 4)
        for high in range(max(low + 1, upper - 3), upper + 4)
    ]
    assert policy.cost <= min(others) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: set_quantity(0, 1, 1), "fixed is 0"),
        (lambda: set_base_stock(1, float("nan"), [1.0]), "shortage is nan"),
        (lambda: set_base_stock(1, 1, [0.5, 0.4]), "add up to 0.9"),
        (lambda: set_reorder_up_to(1, 1, 1, [1.0]), "none is possible"),
        (lambda: set_reorder_quantity(10, 0.1, 100, 10, 1, 1), "keep no stock"),
    ],
)
def test_figures_that_cannot_be_are_refused_in_words(call, said: str) -> None:
    with pytest.raises(MisuseError, match=said):
        call()

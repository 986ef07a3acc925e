"""What a shelf keeps whose stock-outs go direct: the formulas say what day by day, unit by unit, comes about."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.inventory_fallback import (
    StockCosts,
    keep_base_stock,
    keep_lots,
    plan_stock,
)

DAYS = 400_000


def run(rate: float, leads: list[float], reorder: int, quantity: int, seed: int) -> tuple[float, float, float]:
    """Served share, mean on hand and orders a day of a shelf, demand by demand in continuous time."""
    dice = np.random.default_rng(seed)
    moments = np.cumsum(dice.exponential(1 / rate, int(rate * DAYS)))
    shelf, served, held, orders, last = reorder + quantity, 0, 0.0, 0, 0.0
    coming: list[tuple[float, int]] = []
    for now in [*moments.tolist(), DAYS]:
        while coming and coming[0][0] <= now:
            arrives, units = coming.pop(0)
            held, last, shelf = held + shelf * (arrives - last), arrives, shelf + units
        held, last = held + shelf * (now - last), now
        if shelf and now < DAYS:
            shelf, served = shelf - 1, served + 1
            ordered = sum(units for _, units in coming)
            if shelf + ordered == reorder:
                coming.append((now + leads[dice.integers(len(leads))], quantity))
                coming.sort()
                orders += 1
    return served / len(moments), held / DAYS, orders / DAYS


@pytest.mark.parametrize(("rate", "leads", "level"), [(0.5, [4.0, 8.0, 30.0], 5), (0.1, [45.0], 6), (2.0, [1.0], 1)])
def test_a_base_stock_loses_what_erlang_says_whatever_the_lead_time(
    rate: float, leads: list[float], level: int
) -> None:
    kept = keep_base_stock(rate, float(np.mean(leads)), level)
    told = run(rate, leads, level - 1, 1, seed=1)
    assert told == pytest.approx((kept.served_share, kept.on_hand, kept.orders_a_day), rel=0.03)


@pytest.mark.parametrize(("reorder", "quantity"), [(0, 3), (4, 9), (12, 40)])
def test_lots_keep_what_a_shelf_keeps_day_by_day(reorder: int, quantity: int) -> None:
    shares = np.zeros(31)
    shares[[4, 8, 30]] = 1 / 3
    kept = keep_lots(0.5, shares, reorder, quantity)
    told = run(0.5, [4.0, 8.0, 30.0], reorder, quantity, seed=2)
    assert told == pytest.approx((kept.served_share, kept.on_hand, kept.orders_a_day), rel=0.03)


def test_a_lot_of_one_is_a_base_stock_of_one() -> None:
    lot, base = keep_lots(0.3, [0, 0, 0, 0, 0, 1.0], 0, 1), keep_base_stock(0.3, 5, 1)
    assert (lot.served_share, lot.on_hand, lot.orders_a_day) == pytest.approx(
        (base.served_share, base.on_hand, base.orders_a_day)
    )


def test_the_plan_is_the_cheapest_of_all_lots() -> None:
    shares = np.zeros(13)
    shares[[6, 12]] = 0.5
    costs = StockCosts(holding_a_day=2, order=300, direct=900)
    plan = plan_stock(0.8, shares, costs)
    for reorder in range(30):
        for quantity in range(reorder + 1, 120):
            kept = keep_lots(0.8, shares, reorder, quantity)
            cost = kept.on_hand * 2 + kept.orders_a_day * 300 + 0.8 * (1 - kept.served_share) * 900
            assert plan.cost_a_day <= cost * 1.0001


def test_stock_in_one_place_costs_no_more_than_in_two() -> None:
    costs, shares = StockCosts(holding_a_day=2, order=300, direct=900), [0, 0, 0, 0, 0, 0.5, 0, 0, 0.5]
    together, apart = plan_stock(0.8, shares, costs), plan_stock(0.4, shares, costs)
    assert together.cost_a_day < 2 * apart.cost_a_day
    assert together.kept.on_hand < 2 * apart.kept.on_hand


def test_what_is_cheap_to_send_direct_is_not_kept() -> None:
    plan = plan_stock(0.01, [0, 0, 1.0], StockCosts(holding_a_day=50, order=100, direct=10))
    assert (plan.reorder, plan.quantity, plan.kept.served_share) == (0, 0, 0)
    assert plan.cost_a_day == pytest.approx(0.1)


@pytest.mark.parametrize(
    "figures", [(0.0, [0, 1.0], 1, 2), (1.0, [0, 1.0], 2, 2), (1.0, [0.5], 0, 1), (1.0, [1.0], 0, 1)]
)
def test_figures_that_cannot_be_are_refused(figures: tuple) -> None:
    with pytest.raises(MisuseError):
        keep_lots(*figures)

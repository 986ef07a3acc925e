"""Shelves that are filled again: counted by hand, and held against the formulas."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.inventory_fallback import keep_base_stock, keep_lots
from entrepost.planning.trials.stock import NEVER, Demand, Flow, Shelves, Turns, follow_stock


def single(hours: list[int] | np.ndarray) -> Demand:
    """One piece of one shelf at each of these hours."""
    size = len(hours)
    return Demand(np.array(hours), np.arange(size + 1), np.zeros(size, np.int64), np.ones(size, np.int64))


def shelf(on_hand: int, reorder: int, lot: int, review_hours: int = 1) -> Shelves:
    return Shelves(*(np.array([each]) for each in (on_hand, reorder, lot, 0)), review_hours)


def follow(hours: list[int], shelves: Shelves, lead: int, last: int = 100) -> Flow:
    return follow_stock(single(hours), shelves, np.full((1, 10), lead), (0, 0, last))


def test_a_shelf_is_counted_as_by_hand() -> None:
    flow = follow([10, 20, 30, 60], shelf(2, 1, 2), lead=30)
    # 2 lie there; at 10 one is left, 2 come at 40; 20 takes the last; 30 finds none; 60 takes one, 2 come at 90.
    assert flow.granted.tolist() == [True, True, False, True]
    assert (flow.asked[0], flow.served[0], flow.ordered[0]) == (4, 3, 4)
    assert flow.on_hand[0] == pytest.approx((2 * 10 + 1 * 10 + 0 * 20 + 2 * 20 + 1 * 30 + 3 * 10) / 100)


def test_an_empty_shelf_is_filled_from_the_first_hour_on() -> None:
    flow = follow([10, 30], shelf(0, 1, 2), lead=25)
    assert flow.granted.tolist() == [False, True]


def test_what_never_comes_is_not_waited_for() -> None:
    flow = follow([10, 20, 90], shelf(1, 0, 1), lead=NEVER)
    assert flow.granted.tolist() == [True, False, False]


def test_orders_between_two_reviews_go_together() -> None:
    daily = follow([1, 5, 20], shelf(3, 2, 1, review_hours=24), lead=10)
    at_once = follow([1, 5, 20], shelf(3, 2, 1), lead=10)
    assert (daily.orders[0], daily.ordered[0], at_once.orders[0]) == (1, 3, 3)


def test_an_order_takes_all_of_its_lines_or_none() -> None:
    demand = Demand(np.array([5, 6]), np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([1, 1, 1]))
    shelves = Shelves(np.array([1, 0]), np.array([-1, -1]), np.array([1, 1]), np.array([0, 0]))
    flow = follow_stock(demand, shelves, np.full((1, 2), 5), (0, 0, 20))
    assert flow.granted.tolist() == [False, True]


def test_only_from_the_hour_counted_from_is_counted() -> None:
    flow = follow_stock(single([10, 60]), shelf(5, -1, 1), np.full((1, 10), 5), (0, 50, 100))
    assert (flow.asked[0], flow.on_hand[0]) == (1, pytest.approx((4 * 10 + 3 * 40) / 50))


@pytest.mark.parametrize("level", [3, 6, 10])
def test_a_base_stock_keeps_what_erlang_says(level: int) -> None:
    dice = np.random.default_rng(level)
    hours = np.cumsum(dice.exponential(24 / 0.5, 120_000)).astype(np.int64)
    leads = np.full((1, 1), 10 * 24)
    flow = follow_stock(single(hours), shelf(level, level - 1, 1), leads, (0, 20_000, int(hours[-1])))
    kept = keep_base_stock(0.5, 10.0, level)
    assert flow.served[0] / flow.asked[0] == pytest.approx(kept.served_share, abs=0.01)
    assert flow.on_hand[0] == pytest.approx(kept.on_hand, rel=0.03)


def test_lots_keep_what_the_formula_says() -> None:
    dice = np.random.default_rng(7)
    hours = np.cumsum(dice.exponential(24 / 0.5, 200_000)).astype(np.int64)
    days = int(hours[-1]) // 24 + 2
    leads = dice.choice([6, 12], (1, days)) * 24
    flow = follow_stock(single(hours), shelf(15, 3, 12), leads, (0, 20_000, int(hours[-1])))
    shares = np.zeros(13)
    shares[[6, 12]] = 0.5
    exact = keep_lots(0.5, shares, 3, 12)
    assert flow.served[0] / flow.asked[0] == pytest.approx(exact.served_share, abs=0.01)
    assert flow.on_hand[0] == pytest.approx(exact.on_hand, rel=0.03)
    assert flow.orders[0] / (int(hours[-1]) - 20_000) * 24 == pytest.approx(exact.orders_a_day, rel=0.03)


def turning(shelves: Shelves, *turns: tuple[int, int]) -> Shelves:
    """The shelf with new reorder points from these hours on."""
    hours, points = (np.array(each, np.int64) for each in zip(*turns, strict=True))
    return shelves._replace(turns=Turns(np.array([0, len(turns)]), hours, points))


def test_an_article_that_comes_into_the_list_is_ordered_then() -> None:
    flow = follow([10, 40, 60], turning(shelf(0, -1, 1), (20, 1)), lead=30)
    assert flow.granted.tolist() == [False, False, True]
    assert (flow.ordered[0], flow.left[0]) == (3, 0)


def test_what_leaves_the_list_is_sold_out_and_the_rest_is_left_over() -> None:
    flow = follow([10, 40], turning(shelf(3, 2, 1), (20, -1)), lead=15)
    assert flow.granted.tolist() == [True, True]
    assert (flow.ordered[0], flow.left[0]) == (1, 2)
    # 3 until 10, 2 until what was ordered comes at 25, 3 until 40, then 2.
    assert flow.on_hand[0] == pytest.approx((3 * 10 + 2 * 15 + 3 * 15 + 2 * 60) / 100)


def test_an_article_may_come_back() -> None:
    flow = follow([10, 90], turning(shelf(1, 0, 1), (5, -1), (50, 0)), lead=15)
    assert flow.granted.tolist() == [True, True]
    assert flow.left[0] == 0

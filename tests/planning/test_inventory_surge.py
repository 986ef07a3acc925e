"""A shelf from two sources, day by day: counted by hand, held against the formulas, and worth its extra cost or not."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.inventory_fallback import StockCosts, keep_lots
from entrepost.planning.inventory_surge import Past, SurgePolicy, choose_surge, follow_shelf


def past(demand: list[int] | np.ndarray, slow: int = 3, fast: int = 1) -> Past:
    days = np.asarray(demand, dtype=np.int64)
    return Past(days, np.full_like(days, slow), np.full_like(days, fast))


def bursts(seed: int, days: int = 60_000) -> Past:
    """One unit a day on average, one day in thirty a rush; a month by sea, a week by air."""
    dice = np.random.default_rng(seed)
    demand = dice.poisson(np.where(dice.random(days) < 1 / 30, 16.0, 0.5))
    return Past(demand, dice.integers(25, 45, days), dice.integers(5, 9, days))


def test_a_shelf_is_counted_as_by_hand() -> None:
    kept, fast = follow_shelf(SurgePolicy(reorder=1, quantity=2), past([1, 1, 1, 1, 1, 1]))
    # 3 on the shelf; 2 and 1 left; at 1 two are ordered, at 0 with two coming none; they come on day 4.
    assert (kept.served_share, fast) == (5 / 6, 0)
    assert kept.on_hand == pytest.approx((2 + 1 + 0 + 0 + 1 + 0) / 6)
    assert kept.orders_a_day == pytest.approx(2 / 6)


def test_the_fast_source_fills_what_will_be_missing_soon() -> None:
    kept, fast = follow_shelf(SurgePolicy(reorder=0, quantity=1, surge=2), past([1, 1, 1, 1]))
    # 1 on the shelf; by air come 2 after day 0, 1 after day 1, none when the one by sea is near, 1 after day 3.
    assert (kept.served_share, fast) == (1, 4 / 4)


def test_steady_demand_is_kept_as_the_formulas_say() -> None:
    dice = np.random.default_rng(3)
    shares = np.zeros(13)
    shares[[6, 12]] = 0.5
    days = 400_000
    told = Past(dice.poisson(0.5, days), dice.choice([6, 12], days), np.ones(days, dtype=np.int64))
    kept, _ = follow_shelf(SurgePolicy(3, 12), told, warm_up_days=100)
    exact = keep_lots(0.5, shares, 3, 12)
    assert kept.served_share == pytest.approx(exact.served_share, abs=0.02)
    assert kept.orders_a_day == pytest.approx(exact.orders_a_day, rel=0.02)


def test_bursts_of_demand_lose_more_than_steady_demand() -> None:
    shares = np.zeros(45)
    shares[25:45] = 1 / 20
    kept, _ = follow_shelf(SurgePolicy(40, 60), bursts(4), warm_up_days=500)
    assert kept.served_share < keep_lots(1.0, shares, 40, 60).served_share - 0.02


def test_a_surge_by_air_pays_where_direct_mail_is_dear_and_not_where_air_is() -> None:
    policies = [SurgePolicy(reorder, 40, surge) for reorder in range(20, 100, 10) for surge in (0, 5, 10, 20)]
    costs = StockCosts(holding_a_day=3, order=500, direct=2_500)
    cheap = choose_surge(policies, bursts(5), costs, fast_extra=300, warm_up_days=500)
    dear = choose_surge(policies, bursts(5), costs, fast_extra=30_000, warm_up_days=500)
    assert cheap.policy.surge > 0 == dear.policy.surge
    assert cheap.cost_a_day < dear.cost_a_day


def test_a_past_that_cannot_be_is_refused() -> None:
    with pytest.raises(MisuseError, match="demand"):
        past([])
    with pytest.raises(MisuseError, match="at least a day"):
        past([1], slow=0)
    with pytest.raises(MisuseError, match="warm_up_days is 9"):
        follow_shelf(SurgePolicy(1, 1), past([1]), warm_up_days=9)
    with pytest.raises(MisuseError, match="none is given"):
        choose_surge([], past([1]), StockCosts(1, 1, 1), 1)

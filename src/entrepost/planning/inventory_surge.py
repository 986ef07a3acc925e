"""A shelf day by day, filled from two sources: the base load by a slow and cheap one, the surge by a fast one.

Demand of any shape is followed as it is given; what finds the shelf empty goes direct. The same demand and the
same lead times serve every policy, so that two policies differ by what they do and not by luck.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError
from entrepost.planning.inventory_fallback import Kept, StockCosts
from entrepost.tables.rules import compile_kernel

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SurgePolicy:
    """At `reorder` units, those coming included, `quantity` come slowly; fast ones fill up to `surge`."""

    reorder: int
    quantity: int
    surge: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """Demand of each day, and the lead time in days of an order of each day, by the slow source and by the fast one."""

    demand: Integers
    slow_days: Integers
    fast_days: Integers

    def __post_init__(self) -> None:
        for name in ("demand", "slow_days", "fast_days"):
            values = getattr(self, name)
            if len(values) != len(self.demand) or not len(values) or values.min() < 0:
                raise MisuseError(f"{name}: give a whole number from 0 for each of at least one day, all equally many")
        if min(self.slow_days.min(), self.fast_days.min()) < 1:
            raise MisuseError("lead times: at least a day; what comes at once needs no stock")


@dataclass(frozen=True, slots=True)
class Surge:
    """What a policy keeps, how many units a day come by the fast source, and what it costs a day."""

    policy: SurgePolicy
    kept: Kept
    fast_a_day: float
    cost_a_day: float


def follow_shelf(policy: SurgePolicy, past: Past, warm_up_days: int = 0) -> tuple[Kept, float]:
    """What a policy kept, and units a day by the fast source, over all days but those of the warm-up.

    The shelf begins with `reorder` + `quantity` units. A day begins with what arrives, then demand comes, then
    orders are placed.
    """
    if not 0 <= warm_up_days < len(past.demand):
        raise MisuseError(f"warm_up_days is {warm_up_days}; the past has {len(past.demand)} days")
    told = compile_kernel(_follow)(
        past.demand, past.slow_days, past.fast_days, (policy.reorder, policy.quantity, policy.surge), warm_up_days
    )
    served, asked, held, orders, fast, days = (float(figure) for figure in told)
    return Kept(served / asked if asked else 1.0, held / days, orders / days), fast / days


def choose_surge(
    policies: Iterable[SurgePolicy], past: Past, costs: StockCosts, fast_extra: float, warm_up_days: int = 0
) -> Surge:
    """The policy of least cost on one and the same past.

    Parameters
    ----------
    fast_extra : float
        What a unit costs more by the fast source, in minor units.

    Raises
    ------
    MisuseError
        When there is no policy to choose from.
    """
    demand = float(past.demand[warm_up_days:].mean())
    tried = []
    for policy in policies:
        kept, fast = follow_shelf(policy, past, warm_up_days)
        direct = demand * (1 - kept.served_share) * costs.direct
        cost = kept.on_hand * costs.holding_a_day + kept.orders_a_day * costs.order + direct + fast * fast_extra
        tried.append(Surge(policy, kept, fast, cost))
    if not tried:
        raise MisuseError("policies: none is given; give at least one to choose from")
    return min(tried, key=lambda each: each.cost_a_day)


def _follow(demand: Any, slow_days: Any, fast_days: Any, policy: Any, warm_up: Any) -> Any:
    """Served, asked for, unit-days held, orders, units by the fast source, days."""
    reorder, quantity, surge = policy
    days = len(demand)
    arriving = np.zeros(days + max(slow_days.max(), fast_days.max()) + 1, dtype=np.int64)
    shelf, coming = reorder + quantity, 0
    served, asked, held, orders, fast, counted = 0, 0, 0, 0, 0, 0
    for day in range(days):
        shelf += arriving[day]
        coming -= arriving[day]
        sold = min(shelf, demand[day])
        shelf -= sold
        if day >= warm_up:
            served, asked, held, counted = served + sold, asked + demand[day], held + shelf, counted + 1
        while shelf + coming <= reorder and quantity > 0:
            arriving[day + slow_days[day]] += quantity
            coming += quantity
            orders += day >= warm_up
        soon = shelf + arriving[day + 1 : day + fast_days[day] + 1].sum()
        if soon < surge:
            arriving[day + fast_days[day]] += surge - soon
            coming += surge - soon
            if day >= warm_up:
                fast, orders = fast + surge - soon, orders + 1
    return served, asked, held, orders, fast, counted

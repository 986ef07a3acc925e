"""Random problems of a plan, small enough that every choice can be tried."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from entrepost.planning.planner.problem import Integers, PlanProblem
from entrepost.planning.planner.search import Limit


def drawn(seed: int) -> PlanProblem:
    """A random problem of 5 groups with mail and 3 warehouses by one mode, pools of at most two groups."""
    rng = np.random.default_rng(seed)
    groups, sites = 5, 3
    each = 1 + sites
    place = np.repeat(np.arange(groups), each)
    warehouse = np.tile(np.arange(-1, sites), groups)
    pool = np.where(warehouse >= 0, warehouse * 3 + place // 2, -1)
    problem = PlanProblem(
        items=rng.uniform(50, 500, groups),
        day_value=np.full(groups, 50.0),
        begin=np.arange(0, groups * each, each),
        place=place,
        row=np.arange(groups * each),
        price=np.where(warehouse < 0, 900.0, rng.uniform(500, 1100, groups * each)),
        wait_days=np.where(warehouse < 0, rng.uniform(8, 15, groups * each), rng.uniform(2, 5, groups * each)),
        late=np.where(warehouse < 0, 0.9, 0.1),
        hold=np.where(warehouse < 0, 0.0, rng.uniform(20, 80, groups * each)),
        warehouse=warehouse,
        pool=pool,
        load=np.full(groups * each, 0.02),
        codes=("A", "B", "C"),
        fixed=rng.uniform(5e3, 3e5, sites),
        capacity=np.full(sites, 1e9),
        fixing=np.full(sites, -1, np.int8),
        share=np.full(9, 0.9),
        articles=np.full(9, 2.0),
        unit=np.zeros(9),
        pool_warehouse=np.repeat(np.arange(sites), 3),
        bay=np.arange(9),
    )
    full = np.bincount(pool[pool >= 0], (problem.items[place] * 0.02)[pool >= 0], 9) / 2
    unit = problem.units(full)
    price = problem.price.copy()
    price[pool >= 0] += (problem.hold * unit[pool])[pool >= 0]
    return replace(problem, unit=unit, price=price)


def best_of_all(problem: PlanProblem, limit: Limit, has_room: Callable[[Integers], bool] = lambda _: True) -> float:
    """Every choice of every group tried."""
    best = math.inf
    each = problem.price.size // problem.items.size
    for picked in itertools.product(range(each), repeat=problem.items.size):
        chosen = problem.begin + np.array(picked)
        opened = np.zeros(3, bool)
        opened[problem.warehouse[chosen][problem.warehouse[chosen] >= 0]] = True
        account = problem.account(chosen, opened)
        if limit.holds(account) and has_room(chosen):
            best = min(best, account.wait_days if limit.what == "money" else account.total)
    return best

"""Move groups between shelves, one by one and many at a time, as long as that costs less.

Turns of choosing end where no group gains by itself. Shelves get cheaper the more is on them, so more can be had by
emptying a shelf, whose groups go where each adds least, and by filling one with all that gain together. Every change is
counted at the true cost of the shelves it touches.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.planner.problem import Flags, Floats, Integers, PlanProblem
from entrepost.planning.shelf import keep_one
from entrepost.tables.rules import compile_kernel

PASSES = 3
NONE = 1e-12
"""Loads and gains below this are rounding."""


class Shelves(NamedTuple):
    """Options for the kernels, a year of each group: `base` without what lies on the shelf, `held` what a unit on hand
    for a unit of load costs, `asked` of an article's load; options of each pool behind one another.

    `chosen` (of groups), `load` and `cost` (of pools: what a unit costs all that are served from there) change.
    """

    begin: Integers
    place: Integers
    pool: Integers
    is_open: Flags
    base: Floats
    held: Floats
    asked: Floats
    share: Floats
    pool_begin: Integers
    pool_option: Integers
    chosen: Integers
    load: Floats
    cost: Floats


def pool_together(problem: PlanProblem, chosen: Integers, scores: Floats, opened: Flags) -> Integers:
    """A choice that costs no more than this one, from open warehouses.

    Parameters
    ----------
    scores : array (options)
        Of an item, with shelves at the cost that they have at the most load (`PlanProblem.scores`).
    """
    better: NDArray[np.int64] = compile_kernel(_pool)(_shelves(problem, chosen, scores, opened), PASSES)
    return better


def _shelves(problem: PlanProblem, chosen: Integers, scores: Floats, opened: Flags) -> Shelves:
    stock = problem.pool >= 0
    items = problem.items[problem.place]
    unit, articles = np.append(problem.unit, 0.0), np.append(np.maximum(problem.articles, 1.0), 1.0)
    held = np.where(stock, items * problem.hold, 0.0)
    asked = np.where(stock, items * problem.load / articles[problem.pool], 0.0)
    by_pool = np.argsort(problem.pool, kind="stable")
    used = chosen[problem.pool[chosen] >= 0]
    return Shelves(
        begin=np.append(problem.begin, problem.price.size),
        place=problem.place,
        pool=problem.pool,
        is_open=np.append(opened, True)[problem.warehouse],
        base=items * scores - held * unit[problem.pool],
        held=held,
        asked=asked,
        share=problem.share,
        pool_begin=np.searchsorted(problem.pool[by_pool], np.arange(problem.unit.size + 1)),
        pool_option=by_pool,
        chosen=chosen.copy(),
        load=np.bincount(problem.pool[used], asked[used], problem.unit.size).astype(np.float64),
        cost=np.bincount(problem.pool[used], held[used], problem.unit.size).astype(np.float64),
    )


def _pool(shelves: Any, passes: int) -> Any:
    moved = np.zeros((shelves.chosen.size, 2), np.int64)
    for _ in range(passes):
        gained = 0.0
        for group in range(shelves.chosen.size):
            gained -= move_alone(shelves, group)
        for pool in range(shelves.load.size):
            if shelves.load[pool] > 0:
                gained -= empty_shelf(shelves, pool, moved)
            gained -= fill_shelf(shelves, pool, moved)
        if gained <= NONE:
            break
    return shelves.chosen


def move_alone(shelves: Any, group: int) -> Any:
    """Move a group to where it costs least; a kernel, as all below: the change of cost, not above 0."""
    before = shelves.chosen[group]
    spared = take(shelves, before, -1.0, True)
    best, least = before, -spared
    for option in range(shelves.begin[group], shelves.begin[group + 1]):
        if shelves.is_open[option] and option != before:
            added = take(shelves, option, 1.0, False)
            if added < least - NONE:
                best, least = option, added
    take(shelves, best, 1.0, True)
    shelves.chosen[group] = best
    return least + spared


def empty_shelf(shelves: Any, pool: int, moved: Any) -> Any:
    """Send all groups of a shelf elsewhere, each where it adds least; taken back unless that costs less."""
    change, count = 0.0, 0
    for at in range(shelves.pool_begin[pool], shelves.pool_begin[pool + 1]):
        option = shelves.pool_option[at]
        group = shelves.place[option]
        if shelves.chosen[group] == option:
            best = find_elsewhere(shelves, group, pool)
            if best < 0:
                return take_back(shelves, moved, count)
            change += switch(shelves, group, best)
            moved[count, 0], moved[count, 1] = group, option
            count += 1
    return change if change < -NONE else take_back(shelves, moved, count)


def find_elsewhere(shelves: Any, group: int, pool: int) -> int:
    """The open option of a group that adds least, of those not of this pool; -1 where there is none."""
    best, least = -1, np.inf
    for option in range(shelves.begin[group], shelves.begin[group + 1]):
        if shelves.is_open[option] and shelves.pool[option] != pool:
            added = take(shelves, option, 1.0, False)
            if added < least:
                best, least = option, added
    return best


def fill_shelf(shelves: Any, pool: int, moved: Any) -> Any:
    """Bring all groups to a shelf that gain where it is as full as it can be; taken back unless that costs less."""
    load, begin, end = shelves.load[pool], shelves.pool_begin[pool], shelves.pool_begin[pool + 1]
    for at in range(begin, end):
        option = shelves.pool_option[at]
        if shelves.is_open[option] and shelves.chosen[shelves.place[option]] != option:
            load += shelves.asked[option]
    if load <= shelves.load[pool] + NONE:
        return 0.0
    unit = unit_on_hand(load, shelves.share[pool])
    change, count = 0.0, 0
    for at in range(begin, end):
        option = shelves.pool_option[at]
        group = shelves.place[option]
        before = shelves.chosen[group]
        if shelves.is_open[option] and before != option:
            full = shelves.base[option] + shelves.held[option] * unit
            if full < -take(shelves, before, -1.0, False):
                change += switch(shelves, group, option)
                moved[count, 0], moved[count, 1] = group, before
                count += 1
    return change if change < -NONE else take_back(shelves, moved, count)


def switch(shelves: Any, group: int, option: int) -> Any:
    """Serve a group by another option: the change of cost."""
    change = take(shelves, shelves.chosen[group], -1.0, True) + take(shelves, option, 1.0, True)
    shelves.chosen[group] = option
    return change


def take_back(shelves: Any, moved: Any, count: int) -> float:
    """Undo so many moves, the last first; nothing has changed then."""
    for at in range(count - 1, -1, -1):
        switch(shelves, moved[at, 0], moved[at, 1])
    return 0.0


def take(shelves: Any, option: int, sign: float, is_kept: bool) -> Any:
    """What a group's option adds to all costs (`sign` 1) or spares (-1, below 0); `is_kept`: the shelf changes."""
    pool = shelves.pool[option]
    if pool < 0:
        return sign * shelves.base[option]
    load, cost = shelves.load[pool], shelves.cost[pool]
    more, dearer = load + sign * shelves.asked[option], cost + sign * shelves.held[option]
    if more < NONE:
        more, dearer = 0.0, 0.0
    if is_kept:
        shelves.load[pool], shelves.cost[pool] = more, dearer
    share = shelves.share[pool]
    return sign * shelves.base[option] + dearer * unit_on_hand(more, share) - cost * unit_on_hand(load, share)


def unit_on_hand(load: float, share: float) -> float:
    """Units on hand for a unit of load of an article; 0 where there is none."""
    return (keep_one(load, share) - load * share) / load if load > 0 else 0.0

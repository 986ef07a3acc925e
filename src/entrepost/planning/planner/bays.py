"""A bound that knows that small shelves are dear: bays that are filled to one of several levels.

A bay holds what one seller's class has in one warehouse, by whatever mode it comes. Filled to between two levels of all
that might be served from it, a unit costs at least what it costs at the upper one. So the cheapest filling of a bay,
when every group has a price, is the least over levels of a continuous knapsack between the two; and the prices of all
groups, with each warehouse open only where its bays earn its fixed cost, are a bound on every plan. Chords are the case
of one level. Prices are climbed along averaged subgradients, from those that a known plan pays.

References
----------
F. Barahona and R. Anbil, The volume algorithm, Mathematical Programming 87 (2000).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from entrepost.planning.planner.problem import Floats, Integers, PlanProblem
from entrepost.planning.planner.settle import Found
from entrepost.planning.shelf import keep_each
from entrepost.tables.rules import compile_kernel

LEVELS = 10
"""Levels of a bay, from its smallest group to all of them, each as many times the one before."""
ROUNDING = 1e-11
"""A bound is lowered by so much of the sum of its prices, which float sums of it may be off."""
AVERAGED = 0.3
PATIENCE = 3
SHORTER = 0.8


class Bays(NamedTuple):
    """Bays one behind another, the groups of each (pairs), the options of each pair; what does not change with prices.

    Of pairs: `group` and `part` of all that the bay might serve. Of bays: `site` and `level` (bays, levels), sums of
    parts. `unit` (pools, levels): units on hand for a unit of load at each level.
    """

    option_begin: Integers
    option: Integers
    group: Integers
    part: Floats
    pair_begin: Integers
    site: Integers
    level: Floats
    unit: Floats


def find_bays(problem: PlanProblem) -> Bays:
    """The bays of a problem."""
    stock = np.flatnonzero(problem.pool >= 0)
    option = stock[np.lexsort((problem.place[stock], problem.bay[problem.pool[stock]]))]
    bay, place = problem.bay[problem.pool[option]], problem.place[option]
    option_begin = np.flatnonzero((np.diff(bay, prepend=-1) != 0) | (np.diff(place, prepend=-1) != 0))
    group, of_pair = place[option_begin], bay[option_begin]
    pair_begin = np.flatnonzero(np.diff(of_pair, prepend=-1))
    asked = problem.items[place] * problem.load[option]
    full = np.bincount(problem.pool[option], asked, problem.unit.size)
    part = np.maximum.reduceat(asked / np.maximum(full[problem.pool[option]], 1e-300), option_begin)
    least, whole = np.minimum.reduceat(part, pair_begin), np.add.reduceat(part, pair_begin)
    step = np.linspace(0, 1, LEVELS)
    level = least[:, None] ** (1 - step) * whole[:, None] ** step * (1 + 1e-9)
    load, numbered = full / np.maximum(problem.articles, 1.0), np.zeros(problem.unit.size, np.int64)
    numbered[problem.pool[option]] = (np.cumsum(np.diff(bay, prepend=-1) != 0) - 1)[np.arange(option.size)]
    at_level = np.minimum(level[numbered], 1.0) * load[:, None]
    unit = keep_each(at_level, problem.share[:, None])[1] / np.maximum(at_level, 1e-300)
    return Bays(
        np.append(option_begin, option.size),
        option,
        group,
        part,
        np.append(pair_begin, group.size),
        problem.warehouse[option[option_begin[pair_begin]]],
        level,
        np.where(load[:, None] > 0, unit, problem.unit[:, None]),
    )


def bound_bays(problem: PlanProblem, bays: Bays, weight: Floats, found: Found, rounds: int) -> float:
    """What money, worth of waits and the weight of what is limited cost at least.

    Parameters
    ----------
    found : Found
        A plan of about this weight, from whose costs the prices begin.
    rounds : int
        So often prices are changed.
    """
    cost, mail = _costs(problem, bays, weight)
    cheapest = mail.copy()
    np.minimum.at(cheapest, bays.group, cost[-1])
    span = np.sqrt(mail - cheapest)
    value = found.weighted(problem, weight)
    evaluate = compile_kernel(_evaluate)
    sites = (problem.fixed, problem.fixing)
    best, price = -np.inf, _first_prices(problem, found, weight, mail)
    tried, missed, step, worse = price, np.zeros(mail.size), 1.0, 0
    for _ in range(rounds):
        bound, taken = evaluate(bays, cost, tried, sites)
        if bound > best:
            best, price, step = bound, tried, min(2.0, 1.1 * step)
        else:
            worse += 1
            step *= SHORTER if worse % PATIENCE == 0 else 1.0
        missed = (1 - AVERAGED) * missed + AVERAGED * (1 - taken) if missed.any() else 1 - taken
        slope = span * np.where((missed > 0) & (price >= mail * (1 - 1e-12)), 0.0, missed)
        square = float((slope * slope).sum())
        if square <= 0 or best >= value:
            break
        tried = np.minimum(mail, price + step * (value - best) / square * span * slope)
    return float(best - ROUNDING * np.abs(price).sum())


def _costs(problem: PlanProblem, bays: Bays, weight: Floats) -> tuple[Floats, Floats]:
    """A year of each pair at each level of its bay, and of each group by mail."""
    scores = problem.scores(weight)
    rise = bays.unit - problem.unit[:, None]
    held = (problem.pool, problem.hold, problem.items)
    cost = compile_kernel(_price_pairs)(bays, scores, rise, held)
    mail = np.minimum.reduceat(np.where(problem.pool < 0, scores, np.inf), problem.begin)
    return cost, problem.items * mail


def _first_prices(problem: PlanProblem, found: Found, weight: Floats, mail: Floats) -> Floats:
    """What each group pays in a plan, and its share of the fixed cost of its warehouse by what it saves beside mail."""
    chosen = found.chosen
    pool, site = problem.pool[chosen], problem.warehouse[chosen]
    paid = problem.scores(weight)[chosen]
    stock = pool >= 0
    paid[stock] += problem.hold[chosen[stock]] * (found.account.unit - problem.unit)[pool[stock]]
    paid *= problem.items
    saved = np.where(stock, np.maximum(mail - paid, 0.0), 0.0)
    earned = np.bincount(site[stock], saved[stock], problem.fixed.size)
    part = np.append(np.minimum(1.0, problem.fixed / np.maximum(earned, 1e-12)), 0.0)
    prices: Floats = np.minimum(mail, paid + saved * part[site])
    return prices


def _price_pairs(bays: Any, scores: Any, rise: Any, held: Any) -> Any:
    pool, hold, items = held
    cost = np.full((bays.unit.shape[1], bays.group.size), np.inf)
    for pair in range(bays.group.size):
        for at in range(bays.option_begin[pair], bays.option_begin[pair + 1]):
            option = bays.option[at]
            for level in range(cost.shape[0]):
                asked = scores[option] + hold[option] * rise[pool[option], level]
                cost[level, pair] = min(cost[level, pair], asked * items[bays.group[pair]])
    return cost


def _evaluate(bays: Any, cost: Any, price: Any, sites: Any) -> Any:
    """The bound at these prices, and how often each group is served from the warehouses that open."""
    fixed, fixing = sites
    value, best = fixed.copy(), np.full(bays.site.size, -1)
    served = np.zeros(bays.group.size)
    for bay in range(bays.site.size):
        least = 0.0
        for level in range(cost.shape[0] - 1, -1, -1):
            filled = fill_bay(bays, cost[level], price, level, (bay, served))
            if filled == 0.0:
                break  # nothing is worth its price, and at lower levels all costs more
            if filled < least:
                least, best[bay] = filled, level
        value[bays.site[bay]] += least
    bound, taken = price.sum(), np.zeros(price.size)
    is_open = (fixing == 1) | ((fixing != 0) & (value < 0))
    bound += value[is_open].sum()
    for bay in range(bays.site.size):
        if best[bay] >= 0 and is_open[bays.site[bay]]:
            fill_bay(bays, cost[best[bay]], price, best[bay], (bay, served))
            for pair in range(bays.pair_begin[bay], bays.pair_begin[bay + 1]):
                taken[bays.group[pair]] += served[pair]
    return bound, taken


def fill_bay(bays: Any, cost: Any, price: Any, level: int, into: Any) -> Any:
    """The least sum of costs less prices of the groups in a bay between a level and the one below; a kernel.

    Where no group is worth its price it is 0: the bay stays empty.
    """
    bay, served = into
    begin, end = bays.pair_begin[bay], bays.pair_begin[bay + 1]
    least, most = bays.level[bay, level - 1] if level else 0.0, bays.level[bay, level]
    whole, value = 0.0, 0.0
    for pair in range(begin, end):
        gain = min(0.0, cost[pair] - price[bays.group[pair]])
        served[pair] = 1.0 if gain < 0 else 0.0
        whole += bays.part[pair] * served[pair]
        value += gain
    if least <= whole <= most or value == 0.0:
        return value
    ratio = (cost[begin:end] - price[bays.group[begin:end]]) / bays.part[begin:end]
    filled, value = 0.0, 0.0
    served[begin:end] = 0.0
    for at in np.argsort(ratio):
        end_at = most if ratio[at] < 0 else least
        if filled >= end_at:
            break
        pair = begin + at
        served[pair] = min(1.0, (end_at - filled) / bays.part[pair])
        filled += served[pair] * bays.part[pair]
        value += served[pair] * (cost[pair] - price[bays.group[pair]])
    return value

"""With these warehouses open: who is served how, so that money, worth of waits and what is limited cost least.

Groups choose by what they add to the cost of shelves, in turns, until nothing improves: marginal cost, not average.
Then they move between shelves together (`planner.pooling`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepost.planning.planner.pooling import pool_together
from entrepost.planning.planner.problem import Account, Flags, Floats, Integers, PlanProblem

ROUNDS = 6
"""Turns of choosing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A choice with the warehouses that it opens and its account."""

    chosen: Integers
    opened: Flags
    account: Account

    def weighted(self, problem: PlanProblem, weight: Floats) -> float:
        """Money, worth of waits and weight of what is limited."""
        return self.account.total + problem.total(weight, self.chosen)


def settle(problem: PlanProblem, opened: Flags, weight: Floats, bounded: bool, rounds: int = ROUNDS) -> Found:
    """Let groups choose in turns by what they add; the best turn counts, and warehouses that nobody uses close.

    Parameters
    ----------
    weight : array (options)
        Of an item of each option, besides its price and the worth of its wait.
    bounded : bool
        Whether warehouses hold only so much.
    """
    scores, unit = problem.scores(weight), problem.unit
    asked = np.where(np.append(opened, True), 0.0, np.inf)
    best: Found | None = None
    value = math.inf
    for _ in range(rounds):
        found = _found(problem, problem.assign(scores, unit, asked))
        over = found.account.on_hand > problem.capacity * (1 + 1e-9)
        if bounded and over.any():
            asked[:-1] += np.where(over, 0.05 * float(np.median(problem.price)), 0.0)
        elif (cost := found.weighted(problem, weight)) < value:
            best, value = found, cost
        load = problem.loads(found.chosen)
        unit = np.where(load > 0, problem.marginal_units(load), problem.unit)
    return best or _emptied(problem, found, scores, asked)


def improve(problem: PlanProblem, opened: Flags, weight: Floats, bounded: bool, is_late: Callable[[], bool]) -> Found:
    """Settle, and close each warehouse without which it costs less, the least used first."""
    best = settle(problem, opened, weight, bounded)
    value = best.weighted(problem, weight)
    for place in sorted(np.flatnonzero(best.opened), key=lambda each: best.account.on_hand[each]):
        if problem.fixing[place] == 1 or is_late():
            continue
        fewer = best.opened.copy()
        fewer[place] = False
        tried = settle(problem, fewer, weight, bounded, ROUNDS // 3)
        if (cost := tried.weighted(problem, weight)) < value:
            best, value = tried, cost
    return pool(problem, best, weight, bounded)


def pool(problem: PlanProblem, found: Found, weight: Floats, bounded: bool) -> Found:
    """The choice after groups moved between shelves together, unless a warehouse would hold too much."""
    chosen = pool_together(problem, found.chosen, problem.scores(weight), found.opened)
    pooled = _found(problem, chosen)
    if bounded and (pooled.account.on_hand > problem.capacity * (1 + 1e-9)).any():
        return found
    return min(found, pooled, key=lambda each: each.weighted(problem, weight))


def neighbours(opened: Flags, fixing: NDArray[np.int8], codes: tuple[str, ...]) -> Iterator[Flags]:
    """Sets of warehouses with one less, one more, or one for another of its country; codes begin with the country's."""
    free = [int(place) for place in np.flatnonzero(fixing < 0)]
    for place in free:
        yield _switched(opened, place)
    for out in free:
        for into in free:
            if opened[out] and not opened[into] and codes[out][:2] == codes[into][:2]:
                yield _switched(opened, out, into)


def _switched(opened: Flags, *places: int) -> Flags:
    other = opened.copy()
    other[list(places)] = ~other[list(places)]
    return other


def _emptied(problem: PlanProblem, found: Found, scores: Floats, asked: Floats) -> Found:
    """Raise what overfull warehouses ask until all fit."""
    step = float(np.median(problem.price)) * 0.1
    while (over := found.account.on_hand > problem.capacity * (1 + 1e-9)).any():
        asked[:-1] += np.where(over, step, 0.0)
        step *= 1.1
        found = _found(problem, problem.assign(scores, problem.unit, asked))
    return found


def _found(problem: PlanProblem, chosen: Integers) -> Found:
    used: Flags = problem.fixing == 1
    used = used.copy()
    places = problem.warehouse[chosen]
    used[places[places >= 0]] = True
    return Found(chosen, used, problem.account(chosen, used))

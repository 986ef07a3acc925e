"""Search for the plan of least money and worth of waiting, within a limit, with a bound from below.

What is limited gets a weight. At any weight the best warehouses are a facility location (`planner.bound`), whose bound,
less the weight of the limit, is a bound for the limited plan; the weight is bisected until plan and bound meet. With
the warehouses open, groups choose by what they add to the cost of shelves, in turns, until nothing improves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from entrepost.planning.planner.bound import open_best
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.problem import Account, Flags, Floats, Integers, PlanProblem

ROUNDS = 6
FITS = 14
WEIGHTS = 12
"""Turns of choosing, steps to fit a limit with given warehouses, and weights that are tried."""
FASTEST = 1e7
"""Weight of a day (or of an item in time) at which money does not count."""
FIRST_WEIGHT = {"wait": 50.0, "late": 500.0, "money": 50.0}


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a search is: seconds, value of the best plan, bound, relative gap, warehouses open."""

    seconds: float
    value: float
    bound: float
    gap: float
    warehouses: int


@dataclass(frozen=True, slots=True)
class Found:
    """A choice with the warehouses that it opens and its account."""

    chosen: Integers
    opened: Flags
    account: Account


@dataclass(frozen=True, slots=True)
class Limit:
    """What is limited: mean ``wait`` in days, the share that is ``late``, or ``money`` a year; '' is nothing."""

    what: str = ""
    most: float = math.inf

    def measure(self, account: Account) -> float:
        """The figure that is limited."""
        return {"wait": account.wait_days, "late": account.late, "money": account.money}.get(self.what, 0.0)

    def holds(self, account: Account) -> bool:
        """Whether the limit is kept, but for rounding."""
        return self.measure(account) <= self.most * (1 + 1e-9) + 1e-9


@dataclass
class PlanSearch:
    """A search; `best` and `bound` hold at every moment. Where money is limited both are in days of wait."""

    problem: PlanProblem
    limit: Limit
    params: PlanParams
    progress: Callable[[PlanProgress], None] | None = None
    best: Found | None = None
    bound: float = -math.inf
    begin: float = field(default_factory=perf_counter)

    def __post_init__(self) -> None:
        if self.limit.what == "money":
            self.problem = replace(self.problem, day_value=np.zeros(self.problem.items.size))

    def run(self) -> None:
        """Search until the gap is closed, the time is over or the user interrupts."""
        with suppress(KeyboardInterrupt):
            if self.limit.what == "money":
                self._within_budget()
            else:
                self._within_wait()

    @property
    def value(self) -> float:
        """What the best plan costs: money and worth of waits, or its wait where money is limited."""
        return math.inf if self.best is None else self._value(self.best.account)

    @property
    def gap(self) -> float:
        """How much less a plan could cost at most, relatively."""
        if not (math.isfinite(self.value) and math.isfinite(self.bound)):
            return math.inf
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1e-12)

    def fastest(self) -> Found:
        """The choice of the shortest wait, or of the least share that is late, with every warehouse open."""
        weight = self._weight(FASTEST)
        return self._settle(self.problem.fixing != 0, weight)

    def cheapest(self) -> Found:
        """The choice of least money."""
        return self._open(0.0)

    def at_weight(self, weight: float) -> tuple[Found, float]:
        """The best choice at a weight of the wait beyond its worth, and the bound on money and weighted waits."""
        located = self._located(weight)
        found = self._improved(located[0], self._weight(weight))
        return found, located[1]

    def _within_wait(self) -> None:
        found = self._open(0.0)
        if self.limit.holds(found.account):
            return
        self._bisect()
        if self.best is None:
            self._keep(self.fastest())

    def _within_budget(self) -> None:
        self._open(0.0)
        self._bisect()

    def _bisect(self) -> None:
        """Try weights of the wait between those that break the limit and those that keep it.

        A limit of waits is kept from some weight on; one of money up to some weight.
        """
        low, high, weight = 0.0, math.inf, FIRST_WEIGHT[self.limit.what]
        for _ in range(WEIGHTS):
            found = self._open(weight)
            self._fit(found.opened, weight)
            is_less_enough = self.limit.holds(found.account) == (self.limit.what != "money")
            low, high = (low, weight) if is_less_enough else (weight, high)
            if self._is_over() or high - low < 1e-3 * high:
                return
            weight = 2.5 * low if math.isinf(high) else math.sqrt(max(low, high / 16) * high)

    def _open(self, weight: float) -> Found:
        """The best choice at a weight; the bound is raised by what is known of it."""
        opened, bound = self._located(weight)
        items = float(self.problem.items.sum())
        if self.limit.what != "money":
            limited = weight * self.limit.most * items if self.limit.what else 0.0
            self.bound = max(self.bound, bound - limited)
        elif weight > 0:
            self.bound = max(self.bound, (bound - self.limit.most) / (weight * items))
        found = self._improved(opened, self._weight(weight))
        self._keep(found)
        self._tell()
        return found

    def _located(self, weight: float) -> tuple[Flags, float]:
        left = self.begin + self.params.seconds_max - perf_counter()
        located = open_best(self.problem, self._weight(weight), self.params.gap_max, left)
        return located.opened, located.bound

    def _improved(self, opened: Flags, weight: Floats) -> Found:
        """Settle, and close each warehouse without which it costs less, the least used first."""
        best = self._settle(opened, weight)
        value = self._weighted(best, weight)
        for place in sorted(np.flatnonzero(best.opened), key=lambda each: best.account.on_hand[each]):
            if self.problem.fixing[place] == 1 or self._is_late():
                continue
            fewer = best.opened.copy()
            fewer[place] = False
            tried = self._settle(fewer, weight, ROUNDS // 3)
            if (cost := self._weighted(tried, weight)) < value:
                best, value = tried, cost
        return best

    def _settle(self, opened: Flags, weight: Floats, rounds: int = ROUNDS) -> Found:
        """Let groups choose in turns by what they add; the best turn counts, and warehouses that nobody uses close."""
        problem, unit = self.problem, self.problem.unit
        best: Found | None = None
        surcharge = np.zeros(len(problem.codes) + 1)
        for _ in range(rounds):
            asked = problem.scores(weight + surcharge[problem.warehouse], unit)
            chosen = problem.assign(asked, opened)
            used = self._used(chosen)
            found = Found(chosen, used, problem.account(chosen, used))
            over = found.account.on_hand > problem.capacity * (1 + 1e-9)
            if self.params.capacities and over.any():
                surcharge[:-1] += np.where(over, 0.05 * float(np.median(problem.price)), 0.0)
            elif best is None or self._weighted(found, weight) < self._weighted(best, weight):
                best = found
            load = problem.loads(chosen)
            unit = np.where(load > 0, problem.marginal_units(load), problem.unit)
        return best or self._emptied(found, weight, surcharge)

    def _emptied(self, found: Found, weight: Floats, surcharge: Floats) -> Found:
        """Raise what overfull warehouses ask until all fit."""
        problem = self.problem
        step = float(np.median(problem.price)) * 0.1
        while (over := found.account.on_hand > problem.capacity * (1 + 1e-9)).any():
            surcharge[:-1] += np.where(over, step, 0.0)
            step *= 1.1
            scores = problem.scores(weight + surcharge[problem.warehouse], problem.unit)
            chosen = problem.assign(scores, found.opened)
            used = self._used(chosen)
            found = Found(chosen, used, problem.account(chosen, used))
        return found

    def _fit(self, opened: Flags, weight: float) -> None:
        """With these warehouses, the least weight at which the limit holds (or the greatest that money allows)."""
        low, high = 0.0, 4.0 * weight
        for _ in range(FITS):
            middle = 0.5 * (low + high)
            found = self._settle(opened, self._weight(middle), ROUNDS // 2)
            self._keep(found)
            enough = self.limit.holds(found.account) == (self.limit.what != "money")
            low, high = (low, middle) if enough else (middle, high)
            if self._is_over() or high - low < 0.01 * high:
                return

    def _used(self, chosen: Integers) -> Flags:
        used: Flags = self.problem.fixing == 1
        used = used.copy()
        places = self.problem.warehouse[chosen]
        used[places[places >= 0]] = True
        return used

    def _keep(self, found: Found) -> None:
        if self.limit.holds(found.account) and self._value(found.account) < self.value:
            self.best = found

    def _value(self, account: Account) -> float:
        return account.wait_days if self.limit.what == "money" else account.total

    def _weighted(self, found: Found, weight: Floats) -> float:
        return found.account.total + float(self.problem.items @ weight[found.chosen])

    def _weight(self, weight: float) -> Floats:
        figure = self.problem.late if self.limit.what == "late" else self.problem.wait_days
        return weight * figure

    def _is_over(self) -> bool:
        return self.gap <= self.params.gap_max or self._is_late()

    def _is_late(self) -> bool:
        return perf_counter() - self.begin > self.params.seconds_max

    def _tell(self) -> None:
        if self.progress is not None:
            opened = 0 if self.best is None else int(self.best.opened.sum())
            seconds = perf_counter() - self.begin
            self.progress(PlanProgress(seconds, self.value, self.bound, self.gap, opened))

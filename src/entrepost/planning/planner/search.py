"""Search for the plan of least money and worth of waiting, within a limit, with a bound from below.

What is limited gets a price. At any price the best warehouses are a facility location (`planner.bound`), whose bound,
less the price of the limit, is a bound for the limited plan. The next price is where the bound of all plans that are
known is highest (`planner.price`), until plan and bound meet; with the warehouses open, `planner.settle` tells who is
served how. A plan that fills legs beyond their room is looked for anew with a price of that room (`planner.room`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from entrepost.planning.planner.bays import Bays, bound_bays, find_bays
from entrepost.planning.planner.bound import open_best
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.planner.price import Line, best_price
from entrepost.planning.planner.problem import Account, Flags, Floats, Integers, PlanProblem
from entrepost.planning.planner.room import find_prices
from entrepost.planning.planner.settle import ROUNDS, Found, improve, neighbours, pool, settle

__all__ = ["Found", "Limit", "PlanProgress", "PlanSearch"]

FITS = 14
"""Steps to fit a limit with given warehouses."""
PRICES = 40
"""Prices that are tried at most."""
LEVEL = 0.05
"""A price is tried that may raise the bound by this share of the gap that is asked for, or more."""
FASTEST = 1e7
"""Weight of a day (or of an item in time) at which money does not count."""
PART_OF_GAP = 0.2
"""Locations are solved so much more exactly than the plan is asked for, and than it is so far."""
SAME = 1e-3
"""Prices that are so near one another are one."""
NEAR = 0.05
CLIMBS = 80
"""Where the gap is below the one, small shelves are looked at, with so many changes of prices."""
ROOM_ROUNDS = 3
"""So often the price of room is looked for anew, each time at the price that the limit had."""
CROWDED = 1e-3
"""A leg may be filled by so much beyond its room: that is rounding."""
SECONDS_EACH = 3.0
"""So long a location may take while the price is looked for."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a search is: seconds, value of the best plan, bound, relative gap, warehouses open."""

    seconds: float
    value: float
    bound: float
    gap: float
    warehouses: int


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
    _lines: list[Line] = field(default_factory=list)
    _quickest: Found | None = None
    _bays: Bays | None = None
    _tried: float = 0.0
    _crowded: Found | None = None

    def __post_init__(self) -> None:
        if self.limit.what == "money":
            self.problem = replace(self.problem, day_value=np.zeros(self.problem.items.size))
        self._items = float(self.problem.items.sum())
        self._ask(np.zeros(self.problem.rooms.room.size))

    def run(self) -> None:
        """Search until the gap is closed, the time is over or the user interrupts."""
        with suppress(KeyboardInterrupt):
            self._look()
            for _ in range(ROOM_ROUNDS):
                if self.best is None or self.has_room(self.best.chosen) or self._is_late():
                    break
                self._look_for_room(self.best)
                self.best = self.best or self._crowded
        self.best = self.best or self._crowded
        self._tell()

    def _look_for_room(self, crowded: Found) -> None:
        """Look again with a price of room: at once with the same warehouses, then everywhere."""
        self._make_room(crowded, self._tried)
        if self.limit.what:
            self._fit(crowded.opened, self._tried)
        self._look()

    def _look(self) -> None:
        if self.limit.what:
            self._limited()
        else:
            self._look_closer(self._open(0.0, self.params.seconds_max), 0.0)

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
        if self._quickest is None:
            self._quickest = self._pooled(self._settled(self.problem.fixing != 0, FASTEST), FASTEST)
        return self._quickest

    def cheapest(self) -> Found:
        """The choice of least money."""
        return self._open(0.0, self.params.seconds_max)

    def at_weight(self, weight: float) -> tuple[Found, float]:
        """The best choice at a weight of the wait beyond its worth, and the bound on money and weighted waits."""
        found, bound = self._best_at(weight)
        if self.has_room(found.chosen):
            return found, bound
        self._make_room(found, weight)
        roomy, higher = self._best_at(weight)
        return roomy, max(bound, higher - self._room_cost())

    def _best_at(self, weight: float) -> tuple[Found, float]:
        opened, bound = self._located(weight, self.params.seconds_max)
        found = self._improved(opened, weight)
        value = found.weighted(self.problem, self._weight(weight))
        if value - bound > self.params.gap_max * found.account.total:
            bound = max(bound, self._bound_of_bays(found, weight))
        return found, bound

    def _limited(self) -> None:
        """Find the price of what is limited at which the bound is highest, and fit the plans found there."""
        self._keep(self.fastest(), FASTEST)
        self._open(0.0, SECONDS_EACH)
        tried = 0.0
        for _ in range(PRICES):
            price, height = best_price(self._lines)
            level = max(LEVEL * self.params.gap_max, 1e-9) * abs(self.value if self.best else self.bound)
            if self._is_over() or math.isinf(height):
                return
            weight = self._weight_of(price)
            if height - self.bound <= level or abs(weight - tried) <= SAME * weight:
                return self._exchange(price)
            found, tried = self._open(weight, SECONDS_EACH), weight
            self._fit(found.opened, weight)
            self._look_closer(found, weight)

    def _exchange(self, price: float) -> None:
        """Open, close or exchange warehouses at the best price, as long as the plan within the limit gets better."""
        weight, before = self._weight_of(price), math.inf
        while self.best is not None and self.value < before:
            before = self.value
            for opened in neighbours(self.best.opened, self.problem.fixing, self.problem.codes):
                if self._is_over():
                    return
                line = self._line(self._settled(opened, weight, ROUNDS // 3))
                if line.least + price * line.over < self.value:
                    self._fit(opened, weight)
            self._tell()

    def _open(self, weight: float, seconds_max: float) -> Found:
        """The best choice at a weight; the bound is raised by what is known of it."""
        opened, bound = self._located(weight, seconds_max)
        self._raise(bound, weight)
        found = self._improved(opened, weight)
        self._keep(found, weight)
        self._tell()
        return found

    def _raise(self, bound: float, weight: float) -> None:
        """Raise the bound by one on money, worth of waits and the weight of what is limited and of what has no room."""
        bound -= self._room_cost()
        if self.limit.what == "money":
            self.bound = max(self.bound, (bound - self.limit.most) / (max(weight, 1e-12) * self._items))
        else:
            limited = weight * self.limit.most * self._items if self.limit.what else 0.0
            self.bound = max(self.bound, bound - limited)

    def _look_closer(self, found: Found, weight: float) -> None:
        """Where little is missing, raise the bound by looking at small shelves."""
        if self.params.gap_max < self.gap < NEAR and not self._is_late():
            self._raise(self._bound_of_bays(found, weight), weight)
        self._tell()

    def _bound_of_bays(self, found: Found, weight: float) -> float:
        if self._bays is None:
            self._bays = find_bays(self.problem)
        return bound_bays(self.problem, self._bays, self._weight(weight), found, CLIMBS)

    def _located(self, weight: float, seconds_max: float) -> tuple[Flags, float]:
        left = min(seconds_max, self.begin + self.params.seconds_max - perf_counter())
        gap = max(self.params.gap_max, PART_OF_GAP * min(self.gap, 1.0) if self.limit.what else 0.0)
        located = open_best(self.problem, self._weight(weight), PART_OF_GAP * gap * self._worth(weight), left)
        return located.opened, located.bound

    def _worth(self, weight: float) -> float:
        """What the plan costs as its gap counts it, in money: without the weight of what is limited."""
        account = (self.best or self.fastest()).account
        return weight * self._items * account.wait_days if self.limit.what == "money" else account.total

    def _settled(self, opened: Flags, weight: float, rounds: int = ROUNDS) -> Found:
        return settle(self.problem, opened, self._weight(weight), self.params.capacities, rounds)

    def _pooled(self, found: Found, weight: float) -> Found:
        return pool(self.problem, found, self._weight(weight), self.params.capacities)

    def _improved(self, opened: Flags, weight: float) -> Found:
        return improve(self.problem, opened, self._weight(weight), self.params.capacities, self._is_late)

    def _fit(self, opened: Flags, weight: float) -> None:
        """With these warehouses, the least weight at which the limit holds (or the greatest that money allows)."""
        low, high = 0.0, 4.0 * weight
        for _ in range(FITS):
            middle = 0.5 * (low + high)
            found = self._pooled(self._settled(opened, middle, ROUNDS // 2), middle)
            self._keep(found, middle)
            enough = self.limit.holds(found.account) == (self.limit.what != "money")
            low, high = (low, middle) if enough else (middle, high)
            if self._is_over() or high - low < 0.01 * high:
                return

    def _keep(self, found: Found, weight: float) -> None:
        """Remember the plan if it is the best, and its line over prices; while room costs nothing it may be crowded."""
        account = found.account
        if self.limit.holds(account) and self._value(account) < self.value:
            if not self._prices.any() or self.has_room(found.chosen):
                self.best, self._tried = found, weight
            elif self._crowded is None or self._crowd(found.chosen) < self._crowd(self._crowded.chosen):
                self._crowded, self._tried = found, weight
        if self.limit.what:
            self._lines.append(self._line(found))

    def _line(self, found: Found) -> Line:
        account = found.account
        over = self.limit.measure(account) - self.limit.most
        toll = float(self._prices @ (self.problem.sent(found.chosen) - self.problem.rooms.room))
        if self.limit.what == "money":
            return Line(account.wait_days, (over + toll) / self._items)
        return Line(account.total + toll, over * self._items)

    def has_room(self, chosen: Integers) -> bool:
        """Whether what is chosen finds room on every leg."""
        return self._crowd(chosen) <= 1 + CROWDED

    def _crowd(self, chosen: Integers) -> float:
        """How full the fullest leg is, in parts of its room."""
        rooms = self.problem.rooms
        return float((self.problem.sent(chosen) / np.maximum(rooms.room, 1e-9)).max(initial=0.0))

    def _make_room(self, found: Found, weight: float) -> None:
        """Ask for room what makes a plan near this one fit; what was found without is forgotten, but for its bound."""
        problem, rooms = self.problem, self.problem.rooms
        asked = np.where(np.append(found.opened, True), 0.0, np.inf)
        scores = problem.scores(self._weight(weight) - self._toll)
        unit = problem.marginal_units(problem.loads(found.chosen))

        def load_at(prices: Floats) -> Floats:
            tolls = rooms.tolls(prices, problem.price.size)
            return problem.sent(problem.assign(scores + tolls, unit, asked))

        self._ask(find_prices(rooms, load_at))
        self._crowded, self.best, self._quickest = found, None, None
        self._lines.clear()

    def _ask(self, prices: Floats) -> None:
        """Ask so much money for a kilogram a week on each leg."""
        self._prices, self._toll = prices, self.problem.rooms.tolls(prices, self.problem.price.size)

    def _room_cost(self) -> float:
        """What all room costs at the prices that are asked: a bound with tolls, less that, is one without."""
        return float(self._prices @ self.problem.rooms.room)

    def _value(self, account: Account) -> float:
        return account.wait_days if self.limit.what == "money" else account.total

    def _weight_of(self, price: float) -> float:
        """The weight of what waits at a price of what is limited; where money is limited one is the other's inverse."""
        return min(FASTEST, 1 / max(price, 1e-12) if self.limit.what == "money" else price)

    def _weight(self, weight: float) -> Floats:
        figure = self.problem.late if self.limit.what == "late" else self.problem.wait_days
        return weight * figure + self._toll

    def _is_over(self) -> bool:
        return self.gap <= self.params.gap_max or self._is_late()

    def _is_late(self) -> bool:
        return perf_counter() - self.begin > self.params.seconds_max

    def _tell(self) -> None:
        if self.progress is not None:
            opened = 0 if self.best is None else int(self.best.opened.sum())
            seconds = perf_counter() - self.begin
            self.progress(PlanProgress(seconds, self.value, self.bound, self.gap, opened))

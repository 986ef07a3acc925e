"""How much to keep, and when to order again, where unmet demand waits: the classic policies.

All figures are per unit and per unit of time, in any currency and any unit of time that is the same throughout.
Where a stock-out is served from elsewhere instead, as mail is, see `planning.inventory_fallback`.

References
----------
Snyder, Shen: Fundamentals of Supply Chain Theory, 2nd edition, 2019, chapters 3 to 5.
Zheng, Federgruen: Finding optimal (s, S) policies is about as simple as evaluating a single policy, Operations
Research 39 (4), 1991.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from entrepost.base.errors import MisuseError

SETTLED = 1e-12
"""Two rounds that differ by less, relatively, have settled."""

ROUNDS = 1_000

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Policy:
    """When stock falls to `reorder`, order `quantity` more, or up to `up_to`; `cost` per unit of time.

    What a policy does not have is NaN: a base stock reorders at once and knows `up_to` alone.
    """

    cost: float
    reorder: float = float("nan")
    quantity: float = float("nan")
    up_to: float = float("nan")


def set_base_stock_normal(holding: float, shortage: float, mean: float, deviation: float) -> Policy:
    """The base stock for normal demand (the newsvendor's quantity).

    Parameters
    ----------
    holding, shortage : float
        Cost of a unit left over, and of one short; both above 0.
    mean, deviation : float
        Of the demand over what the stock must cover: lead time and review.

    Raises
    ------
    MisuseError
        When a figure is not a positive number.
    """
    _require_positive(holding=holding, shortage=shortage, mean=mean, deviation=deviation)
    safety = norm.ppf(shortage / (shortage + holding))
    cost = (holding + shortage) * deviation * norm.pdf(safety)
    return Policy(float(cost), up_to=float(mean + safety * deviation))


def set_base_stock(holding: float, shortage: float, demand: ArrayLike) -> Policy:
    """The base stock for whole units, of least expected cost; `demand` gives the probability of 0, 1, 2 ... units."""
    _require_positive(holding=holding, shortage=shortage)
    costs = _cost_of_levels(_shares(demand), holding, shortage)
    level = int(costs.argmin())
    return Policy(float(costs[level]), up_to=float(level))


def set_quantity(fixed: float, holding: float, rate: float) -> Policy:
    """The economic order quantity: demand is steady, and an order costs `fixed`, whatever it brings."""
    _require_positive(fixed=fixed, holding=holding, rate=rate)
    return Policy(sqrt(2 * fixed * rate * holding), quantity=sqrt(2 * fixed * rate / holding))


def set_reorder_quantity(
    holding: float, shortage: float, fixed: float, rate: float, deviation: float, lead: float
) -> Policy:
    """Reorder point and quantity for normal demand, where a unit short costs once, by the expected inventory level.

    The two follow from each other and are repeated until they settle.

    Parameters
    ----------
    holding, shortage, fixed : float
        Cost of a unit held for one unit of time, of a unit short, and of an order.
    rate, deviation : float
        Mean and standard deviation of the demand in one unit of time.
    lead : float
        The lead time.

    Raises
    ------
    MisuseError
        When a figure is not a positive number, or a unit short costs so little that none should be kept.
    """
    _require_positive(holding=holding, shortage=shortage, fixed=fixed, rate=rate, deviation=deviation, lead=lead)
    mean, spread = rate * lead, deviation * sqrt(lead)
    quantity = sqrt(2 * fixed * rate / holding)
    for _ in range(ROUNDS):
        share = holding * quantity / (shortage * rate)
        if share >= 1:
            raise MisuseError(
                f"a unit short costs {shortage:g}, less than to hold one for a cycle ({holding * quantity / rate:g}): "
                "keep no stock, or give the true cost of a shortage"
            )
        safety = norm.isf(share)
        short = spread * (norm.pdf(safety) - safety * norm.sf(safety))
        before, quantity = quantity, sqrt(2 * rate * (fixed + shortage * short) / holding)
        if abs(quantity - before) <= SETTLED * quantity:
            break
    reorder = mean + safety * spread
    cost = holding * (reorder - mean + quantity / 2) + (fixed + shortage * short) * rate / quantity
    return Policy(float(cost), float(reorder), float(quantity))


def set_reorder_up_to(holding: float, shortage: float, fixed: float, demand: ArrayLike) -> Policy:
    """The exact (s, S) policy of least cost for whole units: at `reorder` or below, order up to `up_to`.

    Parameters
    ----------
    holding, shortage, fixed : float
        Cost of a unit left over at the end of a period, of one short, and of an order.
    demand : array
        Probability of 0, 1, 2 ... units in a period; deliveries come within it. Some demand must be possible.

    Raises
    ------
    MisuseError
        When a figure is not a positive number, or no demand is possible.
    """
    _require_positive(holding=holding, shortage=shortage, fixed=fixed)
    shares = _shares(demand)
    if shares[0] >= 1:
        raise MisuseError(
            "demand: none is possible, so nothing needs to be ordered; give a share above 0 to some units"
        )
    return _Search(shares, holding, shortage, fixed).find()


class _Search:
    """Zheng and Federgruen's search: raise the upper level, and for each that is better, the lower one."""

    def __init__(self, shares: Shares, holding: float, shortage: float, fixed: float) -> None:
        self._shares, self._holding, self._shortage, self._fixed = shares, holding, shortage, fixed
        self._units = np.arange(len(shares))
        self._visits = [1 / (1 - shares[0])]

    def find(self) -> Policy:
        best_level = self._level_of_least_cost()
        upper, lower = best_level, best_level - 1
        while self._cost(lower, upper) > self._one_period(lower):
            lower -= 1
        best = self._cost(lower, upper)
        best_upper, upper = upper, upper + 1
        while self._one_period(upper) <= best:
            if self._cost(lower, upper) < best:
                best_upper = upper
                while self._cost(lower, best_upper) <= self._one_period(lower + 1):
                    lower += 1
                best = self._cost(lower, best_upper)
            upper += 1
        return Policy(best, reorder=float(lower), up_to=float(best_upper))

    def _level_of_least_cost(self) -> int:
        level = 0
        while self._one_period(level + 1) < self._one_period(level):
            level += 1
        return level

    def _one_period(self, level: int) -> float:
        left = level - self._units
        return float(self._shares @ np.where(left > 0, self._holding * left, -self._shortage * left))

    def _cost(self, lower: int, upper: int) -> float:
        """Of one cycle, from the order on until stock is at `lower` or below, a period."""
        visits = self._visits_below(upper - lower)
        levels = [self._one_period(upper - fallen) for fallen in range(upper - lower)]
        return (self._fixed + float(np.dot(visits, levels))) / float(np.sum(visits))

    def _visits_below(self, count: int) -> list[float]:
        """How many periods on average end so many units below the upper level, for 0 to `count` - 1 units."""
        while len(self._visits) < count:
            fallen = len(self._visits)
            reach = min(fallen, len(self._shares) - 1)
            earlier = self._visits[fallen - reach : fallen][::-1]
            self._visits.append(float(np.dot(self._shares[1 : reach + 1], earlier)) / (1 - self._shares[0]))
        return self._visits[:count]


def _cost_of_levels(shares: Shares, holding: float, shortage: float) -> Shares:
    """Expected cost of each base stock that demand can reach."""
    levels = np.arange(len(shares))
    below = np.cumsum(shares)
    left = np.concatenate([[0.0], np.cumsum(below)[:-1]])
    short = levels @ shares - levels + left
    costs: Shares = holding * left + shortage * short
    return costs


def _shares(demand: ArrayLike) -> Shares:
    shares: Shares = np.array(demand, dtype=np.float64, ndmin=1)
    if shares.ndim != 1 or not np.isfinite(shares).all() or shares.min() < 0 or abs(shares.sum() - 1) > 1e-6:
        raise MisuseError(
            f"demand: {shares.size} numbers that add up to {shares.sum():g}; give the probability of 0, 1, 2 ... "
            "units, none below 0, together 1"
        )
    shares /= shares.sum()
    return shares


def _require_positive(**figures: float) -> None:
    for name, value in figures.items():
        if not (isfinite(value) and value > 0):
            raise MisuseError(f"{name} is {value!r}; it must be a number above 0")

"""Stock whose stock-outs go direct: an order that finds the shelf empty is sent from abroad, and does not wait.

So a stock-out is a mixture: a share of the orders has the wait and cost of the warehouse, the rest those of
direct mail. Demand is Poisson, in single units; lead times have any distribution.

References
----------
Palm: Analysis of the Erlang traffic formulae for busy-signal arrangements, Ericsson Technics 4, 1938: with a base
stock and lost demand, the share that is lost depends on the lead time by its mean alone (Erlang's formula).
Hadley, Whitin: Analysis of Inventory Systems, 1963, section 4-11: reorder point and quantity with lost demand and
at most one order under way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import poisson

from entrepost.base.errors import MisuseError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a policy keeps: the share of demand that finds stock, units on hand on average, orders a day."""

    served_share: float
    on_hand: float
    orders_a_day: float


@dataclass(frozen=True, slots=True)
class StockCosts:
    """In minor units: of a unit held for a day, of an order, and of a unit of demand that has to go direct."""

    holding_a_day: float
    order: float
    direct: float


@dataclass(frozen=True, slots=True)
class StockPlan:
    """When `reorder` units are left, order `quantity`; what that keeps, and costs a day. No stock: 0 of both."""

    reorder: int
    quantity: int
    kept: Kept
    cost_a_day: float


def keep_base_stock(rate: float, lead_days: float, level: int) -> Kept:
    """What a base stock keeps: each unit sold is ordered again at once. Exact, by Erlang's loss formula.

    Parameters
    ----------
    rate : float
        Mean demand a day.
    lead_days : float
        Mean lead time; its distribution makes no difference.
    level : int
        Units on hand and on order together.
    """
    _require(rate, lead_days)
    load, lost = rate * lead_days, 1.0
    for units in range(1, level + 1):
        lost = load * lost / (units + load * lost)
    return Kept(1 - lost, level - load * (1 - lost), rate * (1 - lost))


def keep_lots(rate: float, lead_shares: ArrayLike, reorder: int, quantity: int) -> Kept:
    """What ordering `quantity` at `reorder` units keeps. Exact, as long as `quantity` is above `reorder`.

    Parameters
    ----------
    rate : float
        Mean demand a day.
    lead_shares : array
        Probability of a lead time of 0, 1, 2 ... days.

    Raises
    ------
    MisuseError
        When a second order could be under way, or a figure is no number it could be.
    """
    if not 0 <= reorder < quantity:
        raise MisuseError(f"reorder {reorder}, quantity {quantity}: reorder must lie from 0 to below the quantity")
    days, shares = _lead(lead_shares)
    _require(rate, float(days @ shares))
    return _keep(rate, days, shares, reorder, np.array([quantity]))[0]


def plan_stock(rate: float, lead_shares: ArrayLike, costs: StockCosts, most: int = 10_000) -> StockPlan:
    """The reorder point and quantity of least cost a day, or no stock where that costs less.

    Parameters
    ----------
    most : int
        No order is of more units.
    """
    days, shares = _lead(lead_shares)
    mean = float(days @ shares)
    _require(rate, mean)
    best = StockPlan(0, 0, Kept(0.0, 0.0, 0.0), rate * costs.direct)
    highest = int(poisson.isf(1e-9, rate * days.max())) + 1
    worse = 0
    for reorder in range(min(highest, most)):
        quantities = _candidates(reorder, rate, costs, most)
        for quantity, kept in zip(quantities, _keep(rate, days, shares, reorder, quantities), strict=True):
            cost = _cost(rate, costs, kept)
            if cost < best.cost_a_day:
                best, worse = StockPlan(reorder, int(quantity), kept, cost), -1
        worse += 1
        if worse > PATIENCE:
            break
    return best


PATIENCE = 25
"""So many reorder points in a row that bring nothing end the search: cost rises with the stock from there on."""


def _candidates(reorder: int, rate: float, costs: StockCosts, most: int) -> NDArray[np.int64]:
    """Quantities about the economic one: every one of the small, and steps of two percent of the large."""
    economic = np.sqrt(2 * max(costs.order, 0.0) * rate / max(costs.holding_a_day, 1e-12))
    high = min(most, int(4 * economic) + reorder + 20)
    steps = np.unique(np.concatenate([np.arange(1, 60), np.geomspace(60, max(high, 60), 250).astype(np.int64)]))
    return steps[(steps > reorder) & (steps <= high)]


def _keep(rate: float, days: Floats, shares: Floats, reorder: int, quantities: NDArray[np.int64]) -> list[Kept]:
    """A cycle begins with an order at `reorder` units, and ends when so many are left again."""
    units = np.arange(reorder + 1)
    at_least = shares @ poisson.sf(units[None, :] - 1, rate * days[:, None])
    sold = at_least[1:].sum()
    lost = rate * (days @ shares) - sold
    waiting = ((reorder - units[:-1]) * at_least[1:]).sum() / rate
    left = -np.diff(np.append(at_least[: reorder + 1], 0.0))
    left[reorder] = at_least[reorder]
    top = reorder - units + quantities[:, None]
    selling = ((top * (top + 1) - reorder * (reorder + 1)) / 2 * left).sum(axis=1) / rate
    cycle_days = (quantities + lost) / rate
    return [
        Kept(float(quantity / (quantity + lost)), float((waiting + held) / length), float(1 / length))
        for quantity, held, length in zip(quantities, selling, cycle_days, strict=True)
    ]


def _cost(rate: float, costs: StockCosts, kept: Kept) -> float:
    direct = rate * (1 - kept.served_share) * costs.direct
    return kept.on_hand * costs.holding_a_day + kept.orders_a_day * costs.order + direct


def _lead(lead_shares: ArrayLike) -> tuple[Floats, Floats]:
    shares = np.atleast_1d(np.asarray(lead_shares, dtype=np.float64))
    if shares.ndim != 1 or not np.isfinite(shares).all() or shares.min() < 0 or abs(shares.sum() - 1) > 1e-6:
        raise MisuseError("lead_shares: give the probability of 0, 1, 2 ... days, none below 0, together 1")
    held = shares > 0
    return np.flatnonzero(held).astype(np.float64), shares[held] / shares.sum()


def _require(rate: float, lead_days: float) -> None:
    for name, value in (("rate", rate), ("lead_days", lead_days)):
        if not (np.isfinite(value) and value > 0):
            raise MisuseError(f"{name} is {value!r}; it must be a number above 0")

"""How fast things go just now: recent completions beside what was expected of them, and of what is under way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepost.journey.forecasting.hazard import EDGES, WIDTHS, Ratio
from entrepost.journey.forecasting.levels import Levels, Sizes, shrink
from entrepost.journey.forecasting.orders import Floats, Numbers, Orders

RATIO_DAYS = (7.0, 21.0)
PACE_DAYS = (4.0, 7.0, 14.0, 28.0)
GROUP_DAYS = 14.0
PRIOR_COMPLETIONS, PRIOR_OF_GROUP = 5.0, 20.0
LONGEST_OPEN_DAYS = 45.0


@dataclass(frozen=True)
class Pace:
    """What was seen of a span just before an instant.

    `everywhere`: mean logarithm of actual over expected of the last 7 and 21 days, and the logarithm of
    completions over expected completions of the last 4, 7, 14 and 28 days; the others by group.
    """

    everywhere: Floats
    destination: Floats
    seller: Floats
    destination_pace: Floats
    seller_pace: Floats
    seller_open: Floats

    def describe(self, orders: Orders) -> list[Floats]:
        """The figures of each order, one column each."""
        size = orders.placed.size
        return [
            *(np.full(size, figure) for figure in self.everywhere),
            self.destination[orders.destination],
            self.seller[orders.seller],
            self.destination_pace[orders.destination],
            self.seller_pace[orders.seller],
            self.seller_open[orders.seller],
        ]


@dataclass(frozen=True)
class Seen:
    """A span of each order as it was known at an instant: when it began and ended (NaN: it had not)."""

    orders: Orders
    begun: Floats
    ended: Floats
    as_of: float


def learn_pace(seen: Seen, levels: Levels, usual: Ratio, sizes: Sizes) -> Pace:
    """The pace of a span at an instant, beside its levels and the usual distribution of the ratio."""
    expected = levels.expect(seen.orders)
    done = np.isfinite(seen.ended)
    rest = np.log(np.maximum(seen.ended - seen.begun, 0.2)) - expected
    ratios = []
    for days in RATIO_DAYS:
        recent = np.flatnonzero(done & (seen.as_of - seen.ended < days))
        ratios.append(float(rest[recent].sum() / (recent.size + PRIOR_COMPLETIONS)))
    ones = np.ones(recent.size)
    orders = seen.orders.at(recent)
    prior = np.full(sizes.destination, ratios[-1])
    destination = shrink(orders.destination, rest[recent], ones, prior, 15.0)
    seller = shrink(orders.seller, rest[recent], ones, np.full(sizes.seller, ratios[-1]), 5.0)
    paces = [_paces(seen, expected, usual, days) for days in PACE_DAYS]
    grouped = _paces(seen, expected, usual, GROUP_DAYS)
    underway = ~done & (seen.as_of - seen.begun < LONGEST_OPEN_DAYS)
    return Pace(
        np.array([*ratios, *(_pace(*pace) for pace in paces)]),
        destination,
        seller,
        _by_group(seen.orders.destination, *grouped, sizes.destination),
        _by_group(seen.orders.seller, *grouped, sizes.seller),
        np.bincount(seen.orders.seller[underway], minlength=sizes.seller).astype(float),
    )


def _paces(seen: Seen, expected: Floats, usual: Ratio, days: float) -> tuple[Floats, Floats]:
    """Of each order in the last days: whether it completed, and the cumulative hazard that it was exposed to."""
    upto = np.concatenate([[0.0], np.cumsum(usual.hazards * WIDTHS)])
    done = np.isfinite(seen.ended)
    scale = np.exp(expected)
    low = np.maximum(seen.as_of - days - seen.begun, 0.0) / scale
    high = (np.where(done, seen.ended, seen.as_of) - seen.begun) / scale
    exposed = np.interp(high, EDGES, upto) - np.interp(low, EDGES, upto)
    return (done & (seen.ended > seen.as_of - days)).astype(float), np.where(high > low, exposed, 0.0)


def _pace(completed: Floats, exposed: Floats) -> float:
    return float(np.log((completed.sum() + PRIOR_COMPLETIONS) / (exposed.sum() + PRIOR_COMPLETIONS)))


def _by_group(group: Numbers, completed: Floats, exposed: Floats, size: int) -> Floats:
    """The logarithm of completions over expected ones of each group, drawn towards that of all."""
    everywhere = np.exp(_pace(completed, exposed))
    done = np.bincount(group, completed, size) + PRIOR_OF_GROUP * everywhere
    return np.asarray(np.log(done / (np.bincount(group, exposed, size) + PRIOR_OF_GROUP)))

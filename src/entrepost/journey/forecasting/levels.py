"""How long a span of a lane usually takes: logarithms of days, each group drawn towards the one above it.

A lane is drawn towards its destination, that towards all; districts and sellers say how far they are from
their lane. Recent completions weigh more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from entrepost.journey.forecasting.orders import Floats, Numbers, Orders

PRIOR = 10.0
"""So many completions of its own count as much as what stands above a group."""

HALF_LIFE_DAYS = 60.0
SHORTEST_DAYS, LONGEST_DAYS = 0.2, 90.0


@dataclass(frozen=True)
class Levels:
    """Logarithms of days: of each destination and lane, and how far each district and seller is from its lane."""

    destination: Floats
    lane: Floats
    destination_area: Floats
    seller: Floats
    seller_count: Floats

    def expect(self, orders: Orders) -> Floats:
        """The logarithm of the days that each order is expected to take."""
        around = self.destination_area[orders.destination_area] + self.seller[orders.seller]
        return np.asarray(self.of_lane(orders) + around)

    def of_lane(self, orders: Orders) -> Floats:
        """The level of each order's lane; of a lane never seen, that of its destination."""
        unseen = orders.lane == self.lane.size - 1
        return np.where(unseen, self.destination[orders.destination], self.lane[orders.lane])


@dataclass(frozen=True)
class Sizes:
    """How many numbers each group has, and the destination of each lane."""

    seller: int
    destination: int
    destination_area: int
    lane: int
    destination_of: Numbers


def learn_levels(orders: Orders, days: Floats, ended: Floats, as_of: float, sizes: Sizes) -> Levels:
    """The levels of a span, from those orders that completed it.

    Parameters
    ----------
    orders : Orders
        Those that completed the span.
    days, ended : ndarray
        How long each took, and when it ended.
    as_of : float
        The instant at which a completion weighs 1.
    sizes : Sizes
        How many groups there are.
    """
    logs = np.log(np.clip(days, SHORTEST_DAYS, LONGEST_DAYS))
    weight = 0.5 ** ((as_of - ended) / HALF_LIFE_DAYS)
    everywhere = float(np.average(logs, weights=weight)) if logs.size else 1.0
    destination = shrink(orders.destination, logs, weight, np.full(sizes.destination, everywhere))
    lane = shrink(orders.lane, logs, weight, destination[sizes.destination_of])
    rest = logs - lane[orders.lane]
    area = shrink(orders.destination_area, rest, weight, np.zeros(sizes.destination_area))
    rest = rest - area[orders.destination_area]
    seller = shrink(orders.seller, rest, weight, np.zeros(sizes.seller))
    return Levels(destination, lane, area, seller, np.bincount(orders.seller, weight, sizes.seller).astype(np.float64))


def shrink(group: Numbers, values: Floats, weight: Floats, prior: Floats, strength: float = PRIOR) -> Floats:
    """The weighted mean of each group, drawn towards its prior as if that were so many values more."""
    total = np.bincount(group, weight * values, prior.size)
    return np.asarray((total + strength * prior) / (np.bincount(group, weight, prior.size) + strength))

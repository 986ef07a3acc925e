"""What a rule may ask: each feature of the cells cut at a few readable places, categories in an order that makes sense.

The exactness of `segments` is over these cuts. Figures are cut at weighted quantiles, rounded to two digits.
Categories stand in the order of what the two most useful options differ by, so that a cut parts those who gain
from those who lose; for two options no other way of parting them is better (Fisher 1958). The largest categories
can also be asked for alone.

References
----------
Fisher: On grouping for maximum homogeneity, Journal of the American Statistical Association 53, 1958.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError

Floats = NDArray[np.float64]
DIGITS = 2
"""A threshold is written with so many digits: 450 g, 1.2 a week."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One way of cutting the cells in order: by a figure's thresholds, or by categories in an order.

    `column` is the feature's; a figure up to `thresholds[b]` lies in bin b, above the last in the last bin; of
    categories those of `groups[b]` do. One of the two is empty.
    """

    column: int
    thresholds: tuple[float, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()

    @property
    def bins(self) -> int:
        """How many bins there are; a cut lies between two of them."""
        return len(self.groups) if self.groups else len(self.thresholds) + 1

    def code(self, features: Floats) -> NDArray[np.uint8]:
        """The bin of each cell; a category that was not there before lies in the last."""
        values = features[:, self.column]
        if not self.groups:
            return np.searchsorted(np.array(self.thresholds), values, side="left").astype(np.uint8)
        known = {category: place for place, group in enumerate(self.groups) for category in group}
        categories, inverse = np.unique(values.astype(np.int64), return_inverse=True)
        places = np.array([known.get(int(category), self.bins - 1) for category in categories], dtype=np.uint8)
        coded: NDArray[np.uint8] = places[inverse]
        return coded


def cut_figure(column: int, values: Floats, weight: Floats, bins: int) -> Axis:
    """At most so many bins of about equal weight, cut at readable figures."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weight[order])
    levels = np.arange(1, bins) / bins * upto[-1]
    quantiles = values[order][np.minimum(np.searchsorted(upto, levels), values.size - 1)]
    distinct = np.unique(values)
    wanted = _between(distinct) if distinct.size <= bins else np.unique(readable(quantiles))
    inside = wanted[(wanted >= distinct[0]) & (wanted < distinct[-1])]
    return Axis(column, thresholds=tuple(float(each) for each in inside))


def _between(distinct: Floats) -> Floats:
    """A readable figure between each two neighbours; their lower one where none is."""
    low, high = distinct[:-1], distinct[1:]
    middle = np.where(low > 0, np.sqrt(np.maximum(low * high, 0.0)), (low + high) / 2)
    rounded = readable(middle)
    between: Floats = np.where((rounded >= low) & (rounded < high), rounded, low)
    return between


def readable(values: Floats) -> Floats:
    """The figures rounded to `DIGITS` digits."""
    size = np.where(values == 0, 1.0, np.abs(values))
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    rounded: Floats = np.round(values * scale) / scale
    return rounded


def order_categories(column: int, values: Floats, excess: Floats, bins: int) -> Axis:
    """Categories by what the two options differ by there, for each unit of their weight; the smallest together.

    Parameters
    ----------
    excess : array (cells, 3)
        Weight of each cell, and what it costs, times its weight, by one option and by another one.
    """
    categories, sums = _sums(values, excess)
    difference = (sums[:, 1] - sums[:, 2]) / np.maximum(sums[:, 0], 1e-300)
    ordered = np.argsort(difference, kind="stable")
    if categories.size <= bins:
        return Axis(column, groups=tuple((int(categories[place]),) for place in ordered))
    upto = np.cumsum(sums[ordered, 0])
    group = np.minimum((upto - sums[ordered, 0]) / max(upto[-1], 1e-300) * bins, bins - 1).astype(np.int64)
    parts = [ordered[group == each] for each in np.unique(group)]
    return Axis(column, groups=tuple(tuple(int(categories[place]) for place in part) for part in parts))


def single_out(column: int, values: Floats, weight: Floats, count: int) -> list[Axis]:
    """An axis for each of the largest categories alone: it, and all others."""
    categories, sums = _sums(values, weight[:, None])
    if categories.size <= 2:
        return []
    largest = np.argsort(-sums[:, 0], kind="stable")[:count]
    numbers = [int(each) for each in categories]
    return [
        Axis(column, groups=((numbers[place],), tuple(each for each in numbers if each != numbers[place])))
        for place in largest
    ]


def _sums(values: Floats, columns: Floats) -> tuple[NDArray[np.int64], Floats]:
    whole = values.astype(np.int64)
    if (whole != values).any():
        raise MisuseError("categories are whole numbers; number the texts from 0 and give the texts as labels")
    categories, inverse = np.unique(whole, return_inverse=True)
    sums = np.stack([np.bincount(inverse, column).astype(float) for column in columns.T], axis=1)
    return categories, sums

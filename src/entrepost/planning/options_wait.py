"""How long an item waits on a route in an ordinary week: one curve over the hours at which orders are placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.journey.book import COLUMNS, RouteBook
from entrepost.planning.planner.params import WITHIN_DAYS
from entrepost.tables.rules import compile_kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS_MOST = 60
NAMES = ("mean", "p10", "p50", "p90", "p95", "probability_p10", "probability_p50", "probability_p90", "probability_p95")
PLACES = np.array([COLUMNS.index(name) for name in (*NAMES, "arriving")])


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits of options: `mean_hours`, and `curve`, the share that waits at most 0, 1 ... 60 days."""

    mean_hours: Floats
    curve: Floats

    def mixed(self, other: Waits, share: Floats) -> Waits:
        """A share of the items waits like this, the rest like the other."""
        rest = 1 - share
        return Waits(
            share * self.mean_hours + rest * other.mean_hours,
            share[:, None] * self.curve + rest[:, None] * other.curve,
        )

    def taken(self, rows: Integers) -> Waits:
        """Those of these rows."""
        return Waits(self.mean_hours[rows], self.curve[rows])

    def within(self) -> dict[str, Floats]:
        """The columns `share_within_...` of options."""
        return {f"share_within_{days}": self.curve[:, days] for days in WITHIN_DAYS}

    @property
    def undelivered(self) -> Floats:
        """The share that waits longer than 60 days."""
        return np.clip(1 - self.curve[:, DAYS_MOST], 0.0, 1.0)

    def quantile_hours(self, level: float) -> Floats:
        """The hours that this share does not exceed, NaN where they are more than 60 days."""
        reached = self.curve >= level
        day = np.argmax(reached, axis=1)
        after = self.curve[np.arange(day.size), day]
        before = np.where(day > 0, self.curve[np.arange(day.size), np.maximum(day - 1, 0)], 0.0)
        step = np.where(after > before, (level - before) / np.maximum(after - before, 1e-12), 1.0)
        return np.where(reached.any(axis=1), 24 * (day - 1 + step), np.nan)


@dataclass(frozen=True, slots=True)
class Habits:
    """When customers order: of each habit the share of its orders in each hour of the week, and the habit of each row.

    `shares` has the shape (habits, 168), `number` (rows).
    """

    shares: Floats
    number: Integers

    def taken(self, rows: Integers) -> Habits:
        """The habits of these rows."""
        return Habits(self.shares, self.number[rows])


def waits_of(book: RouteBook, numbers: Integers, habits: Habits) -> Waits:
    """The waits of routes.

    Parameters
    ----------
    numbers : array (rows)
        Numbers of routes in the book.
    habits : Habits
        When the customers of each row order. Rows of one route and one habit wait alike, so each pair is worked out
        once: 100,000 orders make 160,000 rows of direct mail on 12,000 pairs.

    Notes
    -----
    The book keeps the hours of 10, 50, 90 and 95 %. Up to the median arrivals in between are taken as even, behind
    it as falling off exponentially. Averaged over the hours of a week this errs by one or two points (a test
    compares with whole distributions).
    """
    table = np.ascontiguousarray(book.table[:, :, PLACES], np.float32)
    kinds = len(habits.shares)
    pairs, pair = np.unique(numbers * kinds + habits.number, return_inverse=True)
    mean, curve = compile_kernel(_average)(table, pairs // kinds, habits.shares[pairs % kinds])
    return Waits(mean[pair], curve[pair])


def _average(table: Any, numbers: Any, weights: Any) -> Any:
    days = 61
    mean, curve = np.zeros(numbers.size), np.zeros((numbers.size, days))
    hours, shares = np.zeros(5), np.zeros(5)
    for row in range(numbers.size):
        for start in range(168):
            weight = weights[row, start]
            if weight > 0:
                figures = table[numbers[row], start]
                mean[row] += weight * figures[0]
                count = _corners(figures, hours, shares)
                _add_line(hours, shares, count, figures[9], weight, curve[row])
    return mean, curve


def _corners(figures: Any, hours: Any, shares: Any) -> int:
    """The points through which the line of arrivals goes, the first of which has share 0; how many there are."""
    count = 1
    for level in range(4):
        if figures[1 + level] >= 0 and (count == 1 or figures[1 + level] > hours[count - 1]):
            hours[count], shares[count] = figures[1 + level], figures[5 + level]
            count += 1
    if count == 1:
        hours[0], shares[0], hours[1], shares[1] = 0.0, 0.0, 1440.0, figures[9]
        return 2
    middle = hours[2] if count > 2 else hours[1]
    hours[0], shares[0] = max(0.0, hours[1] - 0.5 * (middle - hours[1]) - 0.001), 0.0
    return count


def _add_line(hours: Any, shares: Any, count: int, arriving: float, weight: float, curve: Any) -> None:
    """Add the share that has arrived by each day."""
    corner, rate = 0, _rate(hours, shares, count, arriving)
    for day in range(curve.size):
        hour = 24.0 * day
        while corner < count - 1 and hours[corner + 1] <= hour:
            corner += 1
        if hour < hours[0]:
            continue
        share = shares[corner]
        if corner == count - 1:
            share = arriving - max(0.0, arriving - share) * np.exp(-rate * (hour - hours[corner]))
        else:
            run = (hour - hours[corner]) / (hours[corner + 1] - hours[corner])
            if share < 0.45:
                share += run * (shares[corner + 1] - share)
            else:
                left, after = max(1e-9, arriving - share), max(1e-9, arriving - shares[corner + 1])
                share = arriving - left * (after / left) ** run
        curve[day] += weight * share


def _rate(hours: Any, shares: Any, count: int, arriving: float) -> float:
    """How fast what is left falls off behind the last point: as it did between it and the one before."""
    last = count - 1
    left, after = arriving - shares[last - 1], arriving - shares[last]
    if left <= after or after <= 0:
        return 1.0
    return float(np.log(left / after) / (hours[last] - hours[last - 1]))

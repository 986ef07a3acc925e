"""What every route promises to the orders of one hour: computed ahead, so that one order is answered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS, day_hour
from entrepost.journey.book import RouteBook
from entrepost.journey.cache import get_book
from entrepost.journey.distribution import Distribution
from entrepost.journey.promise import NOT_WANTED, Asked, Known, values_at, week_of
from entrepost.network.network import Network

TOGETHER = 200
"""So many routes are followed at a time."""


class Promised(NamedTuple):
    """What an order is promised, named as in `promise`: hours are None beyond the horizon."""

    mean: float
    p10: int | None
    p50: int | None
    p90: int | None
    p95: int | None
    p90_probability: float | None
    wanted_probability: float | None


@dataclass(frozen=True, slots=True)
class HourBook:
    """The promises of one start hour, by the numbers of the routes.

    `plain` is what one item without a wanted date is promised, `followed` from what all else is computed: the route's
    distribution and its row in it.
    """

    hour: int
    plain: tuple[Promised, ...]
    followed: tuple[tuple[Distribution, int], ...]

    def promise(self, number: int, items: int = 1, wanted_hour: int | None = None) -> Promised:
        """What `promise` says of an order of so many items; `wanted_hour` is the last hour at which it is in time."""
        if items == 1 and wanted_hour is None:
            return self.plain[number]
        distribution, row = self.followed[number]
        wanted = NOT_WANTED if wanted_hour is None else wanted_hour - self.hour
        asked = np.array([row], np.int32), np.array([items], np.int32), np.array([wanted])
        return next(_promised(values_at(distribution, *asked)))


def compile_hour(network: Network, hour: int, rest: Callable[[], None] = lambda: None) -> HourBook:
    """Follow every route from one hour.

    Parameters
    ----------
    hour : int
        UTC hours since 1970.
    rest : callable, optional
        Called between the parts of the work: whoever serves others besides lets them have their turn.
    """
    book = get_book(network)
    numbers = np.arange(len(book.routes))
    asked = _hour_of(book, numbers, hour)
    places = numbers * WEEK_HOURS + (hour - day_hour(network.ordinary_week)) % WEEK_HOURS
    is_dated = asked.is_dated(numbers, places)
    followed: list[tuple[Distribution, int]] = [None] * numbers.size  # type: ignore[list-item]
    usual = week_of(Known(book)).hours[places].cast(pl.Float64).to_numpy()
    values = np.column_stack([usual, np.full(numbers.size, np.nan)])
    for rows in _parts(book, is_dated):
        _follow(asked, rows, not is_dated[rows[0]], (followed, values))
        rest()
    return HourBook(hour, tuple(_promised(values)), tuple(followed))


def _follow(asked: Asked, rows: NDArray[np.int64], ordinary: bool, into: tuple[list[Any], NDArray[np.float64]]) -> None:
    """Follow some routes; in the ordinary week one item without a date stays with what the book says."""
    followed, values = into

    def take(places: NDArray[np.int64], found: list[Distribution], index: NDArray[np.int32]) -> None:
        for number, row in zip(rows[places].tolist(), index.tolist(), strict=True):
            followed[number] = (found[0], row)
        if not ordinary:
            values[rows[places]] = asked.values(found[0], index, rows[places])

    asked.follow(rows, ordinary, take, threads=1)


def _parts(book: RouteBook, is_dated: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Some routes at a time, those together that have much in common; all of them dated, or none."""
    routes = book.routes
    alike = sorted(range(len(routes)), key=lambda number: (routes[number].facilities[-2:], routes[number].service))
    for dated in (True, False):
        chosen = np.array([number for number in alike if is_dated[number] == dated], np.int64)
        yield from (chosen[begin : begin + TOGETHER] for begin in range(0, chosen.size, TOGETHER))


def _hour_of(book: RouteBook, numbers: NDArray[np.int64], hour: int) -> Asked:
    size = numbers.size
    never, unknown = np.full(size, NOT_WANTED), np.full(size, np.nan)
    return Asked(book, numbers, np.full(size, hour), np.ones(size, np.int32), never, unknown)


def _promised(values: NDArray[np.float64]) -> Iterator[Promised]:
    """Rows of values, in the order of `VALUES`, as they are promised: whole hours, None where there is none."""
    for mean, *hours, probability, wanted in values.tolist():
        whole = (int(hour) if hour >= 0 else None for hour in hours)
        yield Promised(mean, *whole, *(None if isnan(each) else each for each in (probability, wanted)))

"""What is promised: quantiles of the wait and the probability of keeping a date, for many orders at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS, day_hour
from entrepost.journey.book import COLUMNS, LEVELS, RouteBook, horizon_hours, longest_horizon, ordinary_desk
from entrepost.journey.cache import get_book
from entrepost.journey.calendars import Timeline, dated_timeline
from entrepost.journey.desk import Desk, desk_of
from entrepost.journey.distribution import Distribution
from entrepost.journey.exceptional import Exceptions
from entrepost.journey.follow import Wanted, follow
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Itinerary, Ride
from entrepost.network.network import Network

VALUES = ("mean", "p10", "p50", "p90", "p95", "p90_probability", "wanted_probability")
_REACH, _P10 = COLUMNS.index("reach"), COLUMNS.index("p10")
_TABLE_COLUMNS = [COLUMNS.index(name) for name in ("mean", "p10", "p50", "p90", "p95", "probability_p90")]


def promise(network: Network, requests: pl.DataFrame) -> pl.DataFrame:
    """Promise the wait of each request.

    Parameters
    ----------
    network : Network
        Its route book is computed at the first call and then cached by content.
    requests : polars.DataFrame
        ``origin`` (a facility; for services from stock the warehouse), ``service``, ``area``,
        ``start_hour`` (UTC hours since 1970, the first at or after the order was placed), ``items``
        (how many items the order has), ``wanted_hour`` (the last hour at which it is in time, or null).

    Returns
    -------
    polars.DataFrame
        A row for each request, in order: ``route`` (null where the service does not go there),
        ``cost_item_minor``, ``cost_kg_minor``, ``wait_hours_mean``, ``wait_hours_p10``, ``_p50``,
        ``_p90``, ``_p95`` (null beyond the horizon), ``p90_probability`` (of arriving by
        ``wait_hours_p90``), ``wanted_probability`` (null where no hour is wanted). The wait ends with
        the first delivery attempt, or ready for pick-up, of the order's last item.
    """
    book = get_book(network)
    numbers = _route_numbers(book, requests)
    starts = requests["start_hour"].to_numpy().astype(np.int64)
    items = requests["items"].to_numpy().astype(np.int32)
    wanted = (requests["wanted_hour"] - requests["start_hour"]).fill_null(NOT_WANTED).to_numpy().astype(np.int64)
    values = np.full((len(requests), len(VALUES)), np.nan)
    known = np.flatnonzero(numbers >= 0)
    week = (starts - day_hour(network.ordinary_week)) % WEEK_HOURS
    values[known, : len(_TABLE_COLUMNS)] = book.table[numbers[known], week[known]][:, _TABLE_COLUMNS]
    asked = _Asked(book, numbers, starts, items, wanted)
    dated = asked.is_dated(known, week)
    closer = known[(items[known] > 1) | (wanted[known] != NOT_WANTED)]
    asked.look_closer(np.setdiff1d(closer, known[dated]), values, ordinary=True)
    asked.look_closer(known[dated], values, ordinary=False)
    return _frame(book, numbers, values)


NOT_WANTED = -(10**9)


@dataclass(frozen=True)
class _Asked:
    """The requests as arrays, one entry each."""

    book: RouteBook
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    wanted: NDArray[np.int64]
    _known_steps: dict[int, Itinerary] = field(default_factory=dict, repr=False)

    def is_dated(self, known: NDArray[np.int64], week: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the known requests are likely to meet an exceptional hour where they then are."""
        network = self.book.network
        found = np.zeros(known.size, dtype=np.bool_)
        if not known.size or not _has_exceptions(network):
            return found
        longest, exceptions = longest_horizon(network), Exceptions(self.timeline)
        begin = self.starts[known] - self.timeline.first_hour
        rows = self.book.table[self.numbers[known], week[known]]
        reach = np.where(rows[:, _REACH] < 0, longest, rows[:, _REACH]).astype(np.int64)
        soonest = np.maximum(rows[:, _P10], 0).astype(np.int64)
        for number, positions in _groups(self.numbers[known]):
            steps = self._steps(number)
            behind = max((place for place, step in enumerate(steps) if isinstance(step, Ride)), default=-1) + 1
            at_once, later = exceptions.count_before(steps[:behind]), exceptions.count_before(steps[behind:])
            end = later.size - 1
            first = begin[positions]
            left, last = first + soonest[positions], first + reach[positions] + 1
            found[positions] = (at_once[np.minimum(left, end)] > at_once[first]) | (
                later[np.minimum(last, end)] > later[np.minimum(first + soonest[positions] * 3 // 10, end)]
            )
        return found

    @cached_property
    def timeline(self) -> Timeline:
        """The real dates of all requests."""
        network = self.book.network
        return dated_timeline(network, int(self.starts.min()), int(self.starts.max()), longest_horizon(network))

    def look_closer(self, rows: NDArray[np.int64], values: NDArray[np.float64], ordinary: bool) -> None:
        """Compute requests that the table does not answer: several items, a wanted date, real dates."""
        if not rows.size:
            return
        network, desk = self.book.network, self._desk(rows, ordinary)
        groups = [(number, rows[positions]) for number, positions in _groups(self.numbers[rows])]
        wanted = []
        for number, requests in groups:
            horizon = horizon_hours(network.service_by_code[self.book.routes[number].service])
            wanted.append(Wanted(self._steps(number), np.unique(self._index(desk, requests)), horizon))

        def note(number: int, distribution: Distribution) -> None:
            requests = groups[number][1]
            index = np.searchsorted(wanted[number].starts, self._index(desk, requests)).astype(np.int32)
            values[requests] = self._values(distribution, index, requests)

        follow(desk, wanted, note)

    def _steps(self, number: int) -> Itinerary:
        if number not in self._known_steps:
            route = self.book.routes[number]
            steps = build_itinerary(self.book.network, route.service, route.facilities, route.area)
            self._known_steps[number] = steps
        return self._known_steps[number]

    def _index(self, desk: Desk, requests: NDArray[np.int64]) -> NDArray[np.int32]:
        """Where the starts of requests stand on a desk's timeline."""
        index = self.starts[requests] - desk.timeline.first_hour
        return (index % WEEK_HOURS if desk.timeline.ordinary else index).astype(np.int32)

    def _desk(self, rows: NDArray[np.int64], ordinary: bool) -> Desk:
        network = self.book.network
        if ordinary:
            return ordinary_desk(network)
        starts = np.unique(self.starts[rows]) - self.timeline.first_hour
        return desk_of(self.timeline, starts.astype(np.int32))

    def _values(
        self, distribution: Distribution, index: NDArray[np.int32], requests: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        items = self.items[requests]
        wanted = np.clip(self.wanted[requests], -1, distribution.longest).astype(np.int32)
        described = distribution.describe(index, items, LEVELS)
        kept = distribution.probability(index, wanted, items)
        kept[self.wanted[requests] == NOT_WANTED] = np.nan
        return np.column_stack([described[:, _TABLE_COLUMNS], kept])


def _has_exceptions(network: Network) -> bool:
    """Whether any day can differ from the ordinary week: by the calendar, a season or a zone's offset."""
    zones = {facility.time_zone for facility in network.facilities} | {region.time_zone for region in network.regions}
    seasonal = any(row.valid_from.year > 1 or row.valid_to.year < 9999 for row in network.departures)
    return bool(network.calendar) or seasonal or zones != {"UTC"}


def _groups(numbers: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    edges = np.flatnonzero(np.diff(ordered, prepend=-1))
    for begin, end in zip(edges, np.append(edges[1:], ordered.size), strict=True):
        yield int(ordered[begin]), order[begin:end]


def _route_numbers(book: RouteBook, requests: pl.DataFrame) -> NDArray[np.int64]:
    keys = pl.DataFrame(
        {
            "origin": [route.origin for route in book.routes],
            "service": [route.service for route in book.routes],
            "area": [route.area for route in book.routes],
            "_number": np.arange(len(book.routes)),
        },
        schema_overrides={"origin": pl.String, "service": pl.String, "area": pl.String},
    )
    joined = requests.select("origin", "service", "area").join(
        keys, on=["origin", "service", "area"], how="left", maintain_order="left"
    )
    return joined["_number"].fill_null(-1).to_numpy().astype(np.int64)


def _frame(book: RouteBook, numbers: NDArray[np.int64], values: NDArray[np.float64]) -> pl.DataFrame:
    def of_route(values_by_route: list[object], dtype: type[pl.DataType]) -> pl.Series:
        return pl.Series(values_by_route, dtype=dtype).gather(pl.Series(numbers).replace(-1, None))

    def hours(name: str) -> pl.Series:
        column = values[:, VALUES.index(name)]
        return pl.Series(np.where(np.isnan(column), -1, column).astype(np.int64)).replace(-1, None)

    def decimal(name: str) -> pl.Series:
        return pl.Series(values[:, VALUES.index(name)]).fill_nan(None)

    return pl.DataFrame(
        {
            "route": of_route([route.text for route in book.routes], pl.String),
            "cost_item_minor": of_route([route.cost_item_minor for route in book.routes], pl.Float64),
            "cost_kg_minor": of_route([route.cost_kg_minor for route in book.routes], pl.Float64),
            "wait_hours_mean": decimal("mean"),
            "wait_hours_p10": hours("p10"),
            "wait_hours_p50": hours("p50"),
            "wait_hours_p90": hours("p90"),
            "wait_hours_p95": hours("p95"),
            "p90_probability": decimal("p90_probability"),
            "wanted_probability": decimal("wanted_probability"),
        }
    )

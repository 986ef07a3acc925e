"""What is promised: quantiles of the wait and the probability of keeping a date, for many orders at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from threading import Lock

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS, day_hour
from entrepost.journey.book import COLUMNS, LEVELS, RouteBook, horizon_hours, longest_horizon, ordinary_desk
from entrepost.journey.cache import get_book
from entrepost.journey.calendars import Timeline, dated_timeline
from entrepost.journey.desk import Desk, desk_of
from entrepost.journey.distribution import Distribution
from entrepost.journey.exceptional import RouteExceptions
from entrepost.journey.follow import Wanted, follow
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Itinerary
from entrepost.journey.stopped import add_up, split_by_stop
from entrepost.network.network import Network

VALUES = ("mean", "p10", "p50", "p90", "p95", "p90_probability", "wanted_probability")
HOURS = ("p10", "p50", "p90", "p95")
_OF_VALUE = {"p90_probability": "probability_p90"}
_TABLE_COLUMNS = [COLUMNS.index(_OF_VALUE.get(name, name)) for name in VALUES[:-1]]
FOUR_WEEKS = 4 * WEEK_HOURS
NOT_WANTED = -(10**9)
STOPPED = "stopped_probability"

Taking = Callable[[NDArray[np.int64], list[Distribution], NDArray[np.int32]], None]
"""Takes the places of requests among those that were asked for, the distributions of their route (one, or what passes
import customs and what is stopped there), and the row of each request in these."""


def promise(network: Network, requests: pl.DataFrame) -> pl.DataFrame:
    """Promise the wait of each request.

    Parameters
    ----------
    network : Network
        Its route book is computed at the first call and then cached by content.
    requests : polars.DataFrame
        ``origin`` (a facility; for services from stock the warehouse), ``service``, ``area``,
        ``start_hour`` (UTC hours since 1970, the first at or after the order was placed), ``items``
        (how many items the order has), ``wanted_hour`` (the last hour at which it is in time, or null);
        optionally ``stopped_probability``, that of being held or refused by import customs where it is
        known of the order itself (null: as many as of the lane).

    Returns
    -------
    polars.DataFrame
        A row for each request, in order: ``route`` (null where the service does not go there),
        ``cost_item_minor``, ``cost_kg_minor``, ``wait_hours_mean``, ``wait_hours_p10``, ``_p50``,
        ``_p90``, ``_p95`` (null beyond the horizon), ``p90_probability`` (of arriving by
        ``wait_hours_p90``), ``wanted_probability`` (null where no hour is wanted). The wait ends with
        the first delivery attempt, or ready for pick-up, of the order's last item.
    """
    numbers = find_routes(network, requests)
    own = [name for name in (STOPPED,) if name in requests.columns]
    return promise_on(network, requests.select("start_hour", "items", "wanted_hour", *own, number=numbers))


def find_routes(network: Network, requests: pl.DataFrame) -> pl.Series:
    """The number in the route book of each origin, service and area; null where no route leads."""
    keys = ["origin", "service", "area"]
    routes = list_routes(network).select(*keys, "number")
    return requests.select(keys).join(routes, on=keys, how="left", maintain_order="left").get_column("number")


def list_routes(network: Network) -> pl.DataFrame:
    """The routes of the book: number, origin, service, area, route (its text), cost_item_minor, cost_kg_minor."""
    return week_of(Known(get_book(network))).routes


def promise_on(network: Network, requests: pl.DataFrame, *, dated: bool = True) -> pl.DataFrame:
    """Promise the wait of requests whose routes are known: what `promise` does, without looking them up.

    Parameters
    ----------
    requests : polars.DataFrame
        ``number`` (see `find_routes`), ``start_hour``, ``items``, ``wanted_hour``, optionally
        ``stopped_probability``.
    dated : bool
        Otherwise every hour is taken as that of the ordinary week.
    """
    book = get_book(network)
    numbers = requests["number"].fill_null(-1).to_numpy()
    starts = requests["start_hour"].to_numpy()
    items = requests["items"].to_numpy().astype(np.int32)
    wanted = (requests["wanted_hour"] - requests["start_hour"]).fill_null(NOT_WANTED).to_numpy()
    stopped = np.full(items.size, np.nan)
    if STOPPED in requests.columns:
        stopped = requests[STOPPED].cast(pl.Float64).fill_null(np.nan).to_numpy()
    asked = Asked(book, numbers, starts, items, wanted, stopped)
    known = np.flatnonzero(numbers >= 0)
    places = numbers * WEEK_HOURS + (starts - day_hour(network.ordinary_week)) % WEEK_HOURS
    unusual = known[asked.is_dated(known, places[known])] if dated else known[:0]
    closer = known[(items[known] > 1) | (wanted[known] != NOT_WANTED) | ~np.isnan(stopped[known])]
    usual = np.setdiff1d(closer, unusual)
    looked = (asked.look_closer(usual, ordinary=True), asked.look_closer(unusual, ordinary=False))
    return _frame(book, requests["number"], places, np.concatenate([usual, unusual]), np.concatenate(looked))


@dataclass(frozen=True)
class Asked:
    """Requests as arrays; `wanted` is `NOT_WANTED`, and `stopped` not a number, where it is not said."""

    book: RouteBook
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    wanted: NDArray[np.int64]
    stopped: NDArray[np.float64]

    def is_dated(self, known: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the known requests are likely to meet an exceptional hour where they then are.

        Only those are asked step by step whose route has such an hour at all between start and arrival.
        """
        network = self.book.network
        found = np.zeros(known.size, dtype=np.bool_)
        if not known.size or not _has_exceptions(network):
            return found
        exceptions, week = self._exceptions(), week_of(Known(self.book))
        first = self.starts[known] - exceptions.timeline.first_hour
        last = first + week.reach[places] + 1
        numbers = self.numbers[known]
        spans = exceptions.list_spans(np.flatnonzero(np.bincount(numbers)))
        near = np.flatnonzero((last > spans[numbers, 0]) & (first <= spans[numbers, 1]))
        soonest = week.soonest[places[near]]
        for number, positions in _groups(numbers[near]):
            at_once, later = exceptions.count_before(number)
            end, here = later.size - 1, near[positions]
            begin, quickest = first[here], soonest[positions]
            found[here] = (at_once[np.minimum(begin + quickest, end)] > at_once[begin]) | (
                later[np.minimum(last[here], end)] > later[np.minimum(begin + quickest * 3 // 10, end)]
            )
        return found

    def _exceptions(self) -> RouteExceptions:
        """Those of a timeline by fours of weeks, so that the next requests of these days find them known."""
        first, last = int(self.starts.min()) // FOUR_WEEKS, int(self.starts.max()) // FOUR_WEEKS + 1
        return _exceptions_of(Known(self.book), first * FOUR_WEEKS, last * FOUR_WEEKS)

    @cached_property
    def timeline(self) -> Timeline:
        """The real dates of all requests."""
        network = self.book.network
        return dated_timeline(network, int(self.starts.min()), int(self.starts.max()), longest_horizon(network))

    def look_closer(self, rows: NDArray[np.int64], ordinary: bool) -> NDArray[np.float64]:
        """The `VALUES` of requests that the table does not answer: several items, a wanted date, real dates."""
        values = np.full((rows.size, len(VALUES)), np.nan)

        def note(places: NDArray[np.int64], followed: list[Distribution], index: NDArray[np.int32]) -> None:
            values[places] = self.values_of(followed, index, rows[places])

        self.follow(rows, ordinary, note)
        return values

    def follow(self, rows: NDArray[np.int64], ordinary: bool, take: Taking, threads: int = 2) -> None:
        """Give the distributions of requests away, route by route, from several threads; see `Taking`."""
        if not rows.size:
            return
        desk, groups = self._desk(rows, ordinary), self._alike(rows)
        wanted = [
            Wanted(steps, np.unique(self._index(desk, rows[each.places])), self._horizon(each.number))
            for each in groups
            for steps in each.ways
        ]
        owners = [each for each in groups for _ in each.ways]

        def note(at: int, distribution: Distribution) -> None:
            followed = owners[at].note(at, distribution)
            if followed is not None:
                places = owners[at].places
                take(
                    places,
                    followed,
                    np.searchsorted(wanted[at].starts, self._index(desk, rows[places])).astype(np.int32),
                )

        follow(desk, wanted, note, threads)

    def _alike(self, rows: NDArray[np.int64]) -> list[_Alike]:
        """The requests by route, apart where their own probability of being stopped matters."""
        found = []
        own = ~np.isnan(self.stopped[rows])
        for number, places in _groups(self.numbers[rows]):
            route = self.book.routes[number]
            steps = build_itinerary(self.book.network, route.service, route.facilities, route.area)
            split = split_by_stop(steps) if own[places].any() else None
            if split is None:
                found.append(_Alike(number, places, (steps,)))
                continue
            found.append(_Alike(number, places[own[places]], split))
            if not own[places].all():
                found.append(_Alike(number, places[~own[places]], (steps,)))
        return found

    def _horizon(self, number: int) -> int:
        return horizon_hours(self.book.network.service_by_code[self.book.routes[number].service])

    def values_of(
        self, followed: list[Distribution], index: NDArray[np.int32], requests: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Of one distribution, or of what passes and what is stopped, added up for each request."""
        if len(followed) == 1:
            return self.values(followed[0], index, requests)
        mixed = add_up((followed[0], followed[1]), index, self.stopped[requests])
        return self.values(mixed, np.arange(index.size, dtype=np.int32), requests)

    def _index(self, desk: Desk, requests: NDArray[np.int64]) -> NDArray[np.int32]:
        """Where the starts of requests stand on a desk's timeline."""
        index = self.starts[requests] - desk.timeline.first_hour
        return (index % WEEK_HOURS if desk.timeline.ordinary else index).astype(np.int32)

    def _desk(self, rows: NDArray[np.int64], ordinary: bool) -> Desk:
        if ordinary:
            return _ordinary_desk_of(Known(self.book))
        starts = np.unique(self.starts[rows]) - self.timeline.first_hour
        return desk_of(self.timeline, starts.astype(np.int32))

    def values(
        self, distribution: Distribution, index: NDArray[np.int32], requests: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The `VALUES` of requests whose starts are these of a distribution."""
        return values_at(distribution, index, self.items[requests], self.wanted[requests])


def values_at(
    distribution: Distribution, index: NDArray[np.int32], items: NDArray[np.int32], wanted: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The `VALUES` of orders of so many items, wanted within so many hours, from these starts of a distribution."""
    within = np.clip(wanted, -1, distribution.longest).astype(np.int32)
    described = distribution.describe(index, items, LEVELS)
    kept = distribution.probability(index, within, items)
    kept[wanted == NOT_WANTED] = np.nan
    return np.column_stack([described[:, _TABLE_COLUMNS], kept])


@dataclass(frozen=True)
class _Alike:
    """Requests of one route at these places, and the one or two ways that are followed for them."""

    number: int
    places: NDArray[np.int64]
    ways: tuple[Itinerary, ...]
    _followed: dict[int, Distribution] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def note(self, at: int, distribution: Distribution) -> list[Distribution] | None:
        """Remember what was followed; once it is all of it, in the order of the ways, and forget it."""
        with self._lock:
            self._followed[at] = distribution
            if len(self._followed) < len(self.ways):
                return None
            whole = [self._followed[key] for key in sorted(self._followed)]
            self._followed.clear()
            return whole


def _has_exceptions(network: Network) -> bool:
    """Whether any day can differ from the ordinary week: by the calendar, a season or a zone's offset."""
    zones = {facility.time_zone for facility in network.facilities} | {region.time_zone for region in network.regions}
    seasonal = any(row.valid_from.year > 1 or row.valid_to.year < 9999 for row in network.departures)
    return bool(network.calendar) or seasonal or zones != {"UTC"}


def _groups(numbers: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    edges = np.flatnonzero(np.diff(ordered, prepend=-1))
    for begin, end in pairwise(np.append(edges, ordered.size)):
        yield int(ordered[begin]), order[begin:end]


class Known:
    """A route book as the key of what is computed from it once: equal where its network's ways are."""

    def __init__(self, book: RouteBook) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.book.network.way_hash == other.book.network.way_hash

    def __hash__(self) -> int:
        return hash(self.book.network.way_hash)


@dataclass(frozen=True, slots=True)
class Week:
    """A book as columns: `routes` by number; `hours`, `reach` and `soonest` by number and start hour of the week."""

    routes: pl.DataFrame
    hours: pl.DataFrame
    reach: NDArray[np.int64]
    soonest: NDArray[np.int64]


@lru_cache(maxsize=4)
def week_of(known: Known) -> Week:
    """A book as columns, made once."""
    book = known.book
    columns = ("origin", "service", "area", "text", "cost_item_minor", "cost_kg_minor")
    rows = [tuple(getattr(route, name) for name in columns) for route in book.routes]
    text = dict.fromkeys(("origin", "service", "area", "route"), pl.String)
    schema = {**text, "cost_item_minor": pl.Float64, "cost_kg_minor": pl.Float64}
    routes = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("number").cast({"number": pl.Int64})
    table = book.table.reshape(-1, len(COLUMNS))
    reach, longest = table[:, COLUMNS.index("reach")], longest_horizon(book.network)
    return Week(
        routes,
        _columns_of(table[:, _TABLE_COLUMNS].astype(np.float64)),
        np.where(reach < 0, longest, reach).astype(np.int64),
        np.maximum(table[:, COLUMNS.index("p10")], 0).astype(np.int64),
    )


@lru_cache(maxsize=2)
def _ordinary_desk_of(known: Known) -> Desk:
    return ordinary_desk(known.book.network)


@lru_cache(maxsize=4)
def _exceptions_of(known: Known, first_hour: int, last_hour: int) -> RouteExceptions:
    network = known.book.network
    return RouteExceptions(known.book, dated_timeline(network, first_hour, last_hour, longest_horizon(network)))


def _columns_of(values: NDArray[np.float64]) -> pl.DataFrame:
    """Columns of values, in the order of `VALUES`, as they are promised: whole hours, null where there is none."""

    def column(name: str, figures: NDArray[np.float64]) -> pl.Series:
        decimal = pl.Series(figures).fill_nan(None)
        return decimal.set(decimal < 0, None).cast(pl.Int64) if name in HOURS else decimal

    return pl.DataFrame(
        [column(name, values[:, place]).alias(name) for place, name in enumerate(VALUES[: values.shape[1]])]
    )


def _frame(
    book: RouteBook, numbers: pl.Series, places: NDArray[np.int64], rows: NDArray[np.int64], closer: NDArray[np.float64]
) -> pl.DataFrame:
    """What is promised: by the table at these places, but for those rows that were looked at closer."""
    week = week_of(Known(book))
    nowhere = pl.repeat(None, len(numbers), dtype=pl.Float64, eager=True).alias("wanted_probability")
    at = pl.Series(places).set(numbers.is_null(), None).cast(pl.UInt32)
    usual = week.hours.select(pl.all().gather(at)).with_columns(nowhere)
    promised = [usual.get_column(name) for name in VALUES]
    if rows.size:
        looked = _columns_of(closer)
        promised = [column.scatter(rows, looked.get_column(column.name)) for column in promised]
    told = [f"wait_hours_{name}" if name in ("mean", *HOURS) else name for name in VALUES]
    of_route = week.routes.select(pl.col("route", "cost_item_minor", "cost_kg_minor").gather(numbers))
    return of_route.with_columns([column.alias(name) for column, name in zip(promised, told, strict=True)])

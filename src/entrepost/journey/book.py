"""The route book: which way every service goes to every area, and what the ordinary week promises there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.desk import Desk, desk_of
from entrepost.journey.distribution import WEEK_STARTS, Distribution
from entrepost.journey.engine import MILLION
from entrepost.journey.follow import Progress, Wanted, follow, follow_one
from entrepost.journey.itinerary import build_itinerary, format_route
from entrepost.journey.routes import COSTS_ALIKE, Finder
from entrepost.journey.step import Clear, Itinerary, Ride, Step, Work
from entrepost.network.network import Network
from entrepost.network.service import Service

HORIZON_HOURS = 60 * 24
HORIZON_SURFACE_HOURS = 180 * 24
LEVELS = (0.1, 0.5, 0.9, 0.95)
_AT_LEVELS = tuple(f"{what}{round(level * 100)}" for level in LEVELS for what in ("p", "probability_p"))
REACH = 0.95
COLUMNS = ("mean", *_AT_LEVELS, "arriving", "reach")
"""Columns of a route's table: mean, for each level its hour and the probability there, the
probability of arriving at all within the horizon, and the hour by which 95 % of those have."""


@dataclass(frozen=True)
class Route:
    """One way of a service from an origin (or an overseas warehouse) to an area, with its cost."""

    origin: str
    service: str
    area: str
    facilities: tuple[str, ...]
    cost_item_minor: float
    cost_kg_minor: float

    @property
    def text(self) -> str:
        """The facilities in order."""
        return format_route(self.facilities)


@dataclass(frozen=True)
class RouteBook:
    """All routes of a network with their ordinary week.

    `table` has the shape (routes, 168, len(COLUMNS)): a row for each start hour of the ordinary
    week, Monday 00:00 UTC first; hours are -1 where they lie beyond the horizon.
    """

    network: Network
    routes: tuple[Route, ...]
    table: NDArray[np.float32]

    @cached_property
    def number(self) -> dict[tuple[str, str, str], int]:
        """The routes' numbers by (origin, service, area)."""
        return {(route.origin, route.service, route.area): index for index, route in enumerate(self.routes)}

    def distribution(self, number: int) -> Distribution:
        """The whole distribution of a route in the ordinary week, for its 168 start hours."""
        route = self.routes[number]
        steps = build_itinerary(self.network, route.service, route.facilities, route.area)
        horizon = horizon_hours(self.network.service_by_code[route.service])
        return follow_one(ordinary_desk(self.network), Wanted(steps, WEEK_STARTS, horizon))


def ordinary_desk(network: Network) -> Desk:
    """A desk for the ordinary week, as long as the network's slowest service needs."""
    return desk_of(ordinary_timeline(network, longest_horizon(network)), WEEK_STARTS)


def longest_horizon(network: Network) -> int:
    """The horizon of the network's slowest service."""
    return max((horizon_hours(service) for service in network.services), default=HORIZON_HOURS)


def horizon_hours(service: Service) -> int:
    """60 days, by sea 180: what arrives later counts as not arrived."""
    return HORIZON_SURFACE_HOURS if "sea" in service.modes.split("+") else HORIZON_HOURS


def compile_book(network: Network, progress: Progress | None = None, threads: int = 2) -> RouteBook:
    """Find every route and compute its ordinary week."""
    ways = list(_worth_computing(_list_ways(network, Finder(network))))
    weeks = np.empty((len(ways), WEEK_HOURS, len(COLUMNS)), np.float32)

    def note(number: int, distribution: Distribution) -> None:
        weeks[number] = week_table(distribution)

    wanted = [Wanted(way.steps, WEEK_STARTS, horizon_hours(way.service)) for way in ways]
    follow(ordinary_desk(network), wanted, note, threads, progress)
    kept = sorted((_best(same, weeks) for same in _by_route(ways).values()), key=lambda number: ways[number].key)
    return RouteBook(network, tuple(ways[number].route for number in kept), weeks[kept])


@dataclass(frozen=True, slots=True)
class Way:
    """A service's way to a facility and on to an area: one candidate for a route."""

    service: Service
    route: Route
    steps: Itinerary

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is a candidate for: origin, service and area."""
        return self.route.origin, self.route.service, self.route.area

    @property
    def cost(self) -> float:
        """Of an item of one kilogram."""
        return self.route.cost_item_minor + self.route.cost_kg_minor


def week_table(distribution: Distribution) -> NDArray[np.float32]:
    """What a promise needs of a distribution, a row for each start of the week; `COLUMNS`."""
    starts = WEEK_STARTS
    one = np.ones(starts.size, np.int32)
    arriving = distribution.probability(starts, np.full(starts.size, distribution.longest, np.int32), one)
    described = distribution.describe(starts, one, (*LEVELS, REACH * float(arriving.min())))
    return np.column_stack([described[:, :-2], arriving, described[:, -2]]).astype(np.float32)


def route_cost(steps: Itinerary) -> tuple[float, float]:
    """Expected cost of one item and of one kilogram along a route, minor units of the network's currency."""
    pairs = [step_cost(step) for step in steps]
    return sum(item for item, _ in pairs), sum(kg for _, kg in pairs)


def step_cost(step: Step) -> tuple[float, float]:
    """Expected cost of one item and of one kilogram in a step."""
    if isinstance(step, Ride):
        return 0.0, fmean(row.cost_kg_minor for row in step.departures)
    if isinstance(step, Clear):
        return sum(row.cost_item_minor * row.share_per_million for row in step.channels) / MILLION, 0.0
    if isinstance(step, Work):
        return step.row.cost_item_minor, step.row.cost_kg_minor
    return step.row.cost_item_minor, step.row.cost_kg_minor


def _by_route(ways: Iterable[Way]) -> dict[tuple[str, str, str], list[tuple[int, Way]]]:
    together: dict[tuple[str, str, str], list[tuple[int, Way]]] = {}
    for number, way in enumerate(ways):
        together.setdefault(way.key, []).append((number, way))
    return together


def _worth_computing(ways: Iterable[Way]) -> Iterator[Way]:
    """Without the ways that a service routed by cost would drop whatever their waits."""
    for same in _by_route(ways).values():
        most = COSTS_ALIKE * min(way.cost for _, way in same)
        yield from (way for _, way in same if way.service.routing != "cheapest" or way.cost <= most)


def _best(same: list[tuple[int, Way]], weeks: NDArray[np.float32]) -> int:
    """Of the ways through several inward offices the number of the one that the service's routing keeps."""
    return min(same, key=lambda each: _worth(each[1], weeks[each[0]]))[0]


def _worth(way: Way, rows: NDArray[np.float32]) -> tuple[float, ...]:
    mean = float(rows[:, COLUMNS.index("mean")].mean())
    p90 = rows[:, COLUMNS.index("p90")]
    late = float(np.where(p90 < 0, HORIZON_SURFACE_HOURS, p90).mean())
    return (late, mean) if way.service.routing == "reliable" else (mean, way.cost)


def _list_ways(network: Network, finder: Finder) -> Iterator[Way]:
    """Every service from every origin (or warehouse) to every area that it serves."""
    areas = _areas_by_end(network)
    for service in network.services:
        served = _countries_served(network, service)
        ways = (item for paths in _paths_of(network, service, finder) for item in sorted(paths.items()))
        for end, path in ways:
            behind = areas.get((end, service.delivery), [])
            yield from (_way(network, service, path, area) for area in behind if _is_in(network, area, served))


def _is_in(network: Network, area: str, countries: set[str]) -> bool:
    return network.area_region[area].country in countries


def _way(network: Network, service: Service, path: tuple[str, ...], area: str) -> Way:
    steps = build_itinerary(network, service.service, path, area)
    return Way(service, Route(path[0], service.service, area, path, *route_cost(steps)), steps)


def _paths_of(network: Network, service: Service, finder: Finder) -> Iterator[dict[str, tuple[str, ...]]]:
    if service.kind == "stock":
        yield {row.warehouse: (row.warehouse,) for row in network.warehouses}
        return
    for origin in _origins(network, service):
        yield finder.best_paths(origin, service)


def _areas_by_end(network: Network) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in network.delivery:
        if row.area in network.area_region:
            found.setdefault((row.from_facility, row.product), []).append(row.area)
    return found


def _countries_served(network: Network, service: Service) -> set[str]:
    rated = {row.country for row in network.rates if row.service == service.service}
    return rated if service.destinations == "*" else rated & set(service.destinations.split("+"))


def _origins(network: Network, service: Service) -> list[str]:
    """The facilities where a service may be handed in: those named, else all that accept mail."""
    accepting = sorted({row.facility for row in network.processing if row.activity in ("accept", "prepare")})
    return accepting if service.origins == "*" else [code for code in service.origins.split("+") if code]

"""Turn a leg with a weekly frequency into departures of the week; the road, rail and sea legs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from entrepost.network.departure import Departure
from tools.update.sample.geography import Point, kilometres, read_rows
from tools.update.sample.places import HERE, Place, list_places

DAILY_MOST = 7
"""At most one departure a day of a carrier on a leg; a second on the same day shortens no wait worth showing."""
MISSED_1_PER_MILLION, MISSED_2_PER_MILLION = 60_000, 10_000
FREIGHT_KG_MINOR = {"air": 660.0, "road": 271.0, "rail": 250.0, "sea": 219.0}
"""US cents a kilogram: SCMS medians of shipments of 1 to 5 tonnes (air, truck, ocean); rail is assumed."""
FREIGHT_KM = {"air": 8000.0, "road": 1500.0, "rail": 10000.0, "sea": 15000.0}
"""Assumed distance for which that price holds; a quarter of it does not depend on distance."""
CUTOFF_HOURS = {"air": 8.0}
HANDLING_HOURS = {
    "air": (2.0, 6.0, 18.0),
    "road": (0.5, 1.0, 3.0),
    "rail": (6.0, 18.0, 48.0),
    "sea": (12.0, 36.0, 96.0),
}
"""Assumed: unloading, hand-over and the way to the facility, added to the travel time (least, median, 90 %)."""
SPREAD = {"air": 0.04, "road": 0.25, "rail": 0.2, "sea": 0.15}
"""Assumed: how much longer than planned the slowest tenth of the journeys is."""
ROAD_KMH, ROAD_DETOUR = 50.0, 1.3
SEA_KMH = 16 * 1.852
RAIL_KMH, RAIL_DETOUR = 10214 / (15 * 24), 1.35
"""Zhengzhou to Hamburg, 10,214 km in 15 days."""
BORDER_HOURS = {("CN", "HK"): 3.0, ("DE", "GB"): 10.0, ("DE", "CH"): 3.0, ("NL", "GB"): 10.0}
ALLOTMENT_KG = {"road": 3000, "rail": 4000, "sea": 8000}
FOREVER = date(1, 1, 1), date(9999, 12, 31)
_TAIWAN, _MALACCA, _CEYLON = Point(24.5, 119.6), Point(1.2, 103.8), Point(5.7, 80.5)
_CAPE, _DAKAR, _BISCAY, _DOVER = Point(-35.2, 18.4), Point(15.0, -18.5), Point(48.6, -6.0), Point(51.0, 1.5)
_GIBRALTAR, _SARDINIA, _PANAMA_W, _PANAMA_E = Point(36.0, -5.6), Point(39.5, 8.0), Point(8.8, -79.5), Point(9.4, -79.9)
_TORRES, _ADEN, _HORMUZ, _WAKE = Point(-10.5, 142.2), Point(12.5, 43.5), Point(26.3, 56.5), Point(30.0, 131.0)
_EUROPE = (_TAIWAN, _MALACCA, _CEYLON, _CAPE, _DAKAR)
SEA_WAYS: dict[str, tuple[Point, ...]] = {
    "NL": (*_EUROPE, _BISCAY, _DOVER),
    "DE": (*_EUROPE, _BISCAY, _DOVER),
    "GB": (*_EUROPE, _BISCAY, _DOVER),
    "ES": (*_EUROPE, _GIBRALTAR),
    "IT": (*_EUROPE, _GIBRALTAR, _SARDINIA),
    "BR": (_TAIWAN, _MALACCA, _CAPE),
    "AE": (_TAIWAN, _MALACCA, _CEYLON, _HORMUZ),
    "SA": (_TAIWAN, _MALACCA, _CEYLON, _ADEN),
    "USNYCP": (_WAKE, _PANAMA_W, _PANAMA_E),
}
"""Assumed ways of the ships (since 2024 round the Cape of Good Hope); elsewhere the great circle."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One carrier's movement between two facilities: how often a week, how long, how much mail it takes."""

    start: Place
    end: Place
    mode: str
    carrier: str
    weekly: float
    hours: float
    capacity_kg: int
    source: str
    cutoff_hours: float = 0.0


def departures_of(leg: Leg, minute: int, first_weekday: int = 0) -> list[Departure]:
    """Spread the weekly frequency evenly over the week, the first on a weekday that follows from the names."""
    most = DAILY_MOST if leg.mode == "air" else 21
    number = max(1, min(most, round(leg.weekly)))
    first = first_weekday - 1 if first_weekday else minute % 7
    rows = []
    for each in range(number):
        day, part = divmod(each * 7 / number, 1)
        departs = minute + (round(part * 24) * 60 if number > 7 else 0)
        weekday = (first + int(day) + departs // 1440) % 7 + 1
        rows.append(_departure(leg, weekday, departs % 1440))
    return rows


def build_links(data: Path) -> tuple[Departure, ...]:
    """The road, rail and sea departures of `links.csv`."""
    places = list_places(data)
    rows: list[Departure] = []
    for row in read_rows(HERE / "links.csv"):
        start, end = places[row["from_facility"]], places[row["to_facility"]]
        leg = Leg(
            start=start,
            end=end,
            mode=row["mode"],
            carrier=row["carrier"],
            weekly=float(row["weekly"]),
            hours=_surface_hours(start, end, row["mode"]),
            capacity_kg=ALLOTMENT_KG[row["mode"]],
            source=row["source"],
            cutoff_hours=float(row["cutoff_hours"]),
        )
        hour, _, minute = row["departs"].partition(":")
        rows += departures_of(leg, int(hour) * 60 + int(minute), int(row["first_weekday"]))
    return tuple(rows)


def _departure(leg: Leg, weekday: int, minute: int) -> Departure:
    least, middle, most = HANDLING_HOURS[leg.mode]
    name = f"{leg.start.code}-{leg.end.code}-{leg.carrier}-{leg.mode}-{weekday}-{minute // 60:02d}{minute % 60:02d}"
    missed = _list_missed().get(name, (MISSED_1_PER_MILLION, MISSED_2_PER_MILLION))
    distance = kilometres(leg.start.point, leg.end.point) / FREIGHT_KM[leg.mode]
    return Departure(
        departure=name,
        from_facility=leg.start.code,
        to_facility=leg.end.code,
        mode=leg.mode,
        carrier=leg.carrier,
        weekday=weekday,
        departs=f"{minute // 60:02d}:{minute % 60:02d}",
        cutoff_hours=leg.cutoff_hours or CUTOFF_HOURS[leg.mode],
        hours_min=round(leg.hours + least, 1),
        hours_p50=round(leg.hours + middle, 1),
        hours_p90=round(leg.hours * (1 + SPREAD[leg.mode]) + most, 1),
        missed_1_per_million=missed[0],
        missed_2_per_million=missed[1],
        capacity_kg=leg.capacity_kg,
        cost_kg_minor=round(FREIGHT_KG_MINOR[leg.mode] * (0.25 + 0.75 * distance), 1),
        valid_from=FOREVER[0],
        valid_to=FOREVER[1],
        source=leg.source,
    )


def _surface_hours(start: Place, end: Place, mode: str) -> float:
    straight = kilometres(start.point, end.point)
    if mode == "rail":
        return straight * RAIL_DETOUR / RAIL_KMH
    if mode == "sea":
        stops = [start.point, *SEA_WAYS.get(end.code, SEA_WAYS.get(end.country, ())), end.point]
        return sum(kilometres(one, other) for one, other in pairwise(stops)) / SEA_KMH
    driving = straight * ROAD_DETOUR / ROAD_KMH
    return max(1.0, driving + BORDER_HOURS.get((start.country, end.country), 0.0))


@lru_cache(maxsize=1)
def _list_missed() -> dict[str, tuple[int, int]]:
    """Missed departures measured by simulation, where that was done; they replace the assumed ones."""
    path = HERE / "missed_departures.csv"
    rows = read_rows(path) if path.exists() else iter(())
    return {row["departure"]: (int(row["missed_1_per_million"]), int(row["missed_2_per_million"])) for row in rows}

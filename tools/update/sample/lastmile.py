"""The last mile: from inward offices and warehouses to the areas, with what the destination is paid."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from entrepost.network.delivery import Delivery
from entrepost.network.region import Region
from tools.update.sample.geography import Point, distances, latest_figures, list_logistics, read_rows
from tools.update.sample.places import HERE, Place, list_by_role

XDR_USD = 1.36
"""Assumed: US dollars for one SDR."""
FULL_DUES = "US+CA+GB+IE+FR+DE+NL+BE+ES+PT+IT+CH+AT+SE+NO+DK+FI+GR+JP+AU+NZ+IL"
"""Assumed: countries of the target system before 2010; there the cap holds, elsewhere the floor."""
DUES = {"full": (0.957, 2.15), "floor": (0.537, 1.205)}
REGISTERED_SUPPLEMENT = 1.4
"""Terminal dues of 2021 for small packets (format E) and registered items, SDR an item and a kilogram."""
FRIDAY_OFF = ("SA", "KW", "EG", "BD")
TIMELINESS_REFERENCE = 4.2
ROAD_KMH, FLIGHT_FROM_KM, FLIGHT_KMH = 45.0, 1200.0, 150.0
TAIL = 2.0
BORDER_HOURS = 10.0
HANDED_OVER_HOURS, FAR_KM = 6.0, 4000.0
"""Assumed: an item given to the last mile 6 hours before the round goes out with it; days grow up to 4,000 km."""
MEDIAN_INCOME = 20_000.0


@dataclass(frozen=True, slots=True)
class Product:
    """A last-mile product: base hours, hours more in remote areas, its rounds, failures and cost in US cents."""

    name: str
    base_hours: float
    remote_hours: float
    by_air: bool
    rounds: str
    failed: int
    pickup: int
    lost: int
    cost_item: float
    cost_kg: float


PRODUCTS = {
    product.name: product
    for product in (
        Product("packet", 26, 24, False, "Mo-Sa 09-17", 30_000, 60_000, 1_500, 0, 0),
        Product("registered", 28, 24, False, "Mo-Sa 09-17", 120_000, 80_000, 300, 0, 0),
        Product("parcel", 24, 24, False, "Mo-Sa 09-18", 100_000, 100_000, 500, 420, 70),
        Product("express", 10, 24, True, "Mo-Sa 08-20", 90_000, 20_000, 200, 650, 110),
        Product("carrier", 18, 24, False, "Mo-Sa 08-20", 80_000, 60_000, 400, 330, 60),
        Product("local", 14, 24, False, "Mo-Sa 08-20", 70_000, 60_000, 300, 320, 55),
    )
}


@dataclass(frozen=True, slots=True)
class Standard:
    """What an operator publishes: from the first to the last working day after hand-over."""

    days_least: int
    days_most: int
    source: str


@dataclass(frozen=True, slots=True)
class Area:
    """A delivery area: its centre of people and how many live there."""

    name: str
    country: str
    point: Point


def build_delivery(data: Path, regions: tuple[Region, ...], markets: dict[str, list[str]]) -> tuple[Delivery, ...]:
    """Rows from each inward office to the areas of its country and from each warehouse to those it serves.

    `markets` gives for each product the countries in which some service uses it.
    """
    rows: list[Delivery] = []
    areas = _list_areas(regions)
    figures = _Figures(data)
    for place in list_by_role(data, "inward"):
        for product in PRODUCTS.values():
            if product.name != "local" and place.country in markets[product.name]:
                rows += [figures.row(place, area, product) for area in areas[place.country]]
    served = {row["warehouse"]: row["countries"].split("+") for row in read_rows(HERE / "warehouses.csv")}
    return (*rows, *list_served_rows(data, regions, served, list_by_role(data, "warehouse")))


def list_served_rows(
    data: Path, regions: tuple[Region, ...], served: dict[str, list[str]], places: list[Place]
) -> tuple[Delivery, ...]:
    """Rows from each warehouse to the areas of the countries that it serves."""
    areas, figures, local = _list_areas(regions), _Figures(data), PRODUCTS["local"]
    each = ((place, area) for place in places for country in served[place.code] for area in areas[country])
    return tuple(figures.row(place, area, local) for place, area in each)


class _Figures:
    """What the hours and costs of a country's last mile follow from."""

    def __init__(self, data: Path) -> None:
        self.timeliness = {country: scores[1] for country, scores in list_logistics(data).items()}
        people, gdp = latest_figures(data, "population"), latest_figures(data, "gdp")
        self.standards = _list_standards()
        self.income = {country: gdp[country] / people[country] for country in people.keys() & gdp.keys()}

    def row(self, place: Place, area: Area, product: Product) -> Delivery:
        """One row of the last mile: by a published standard where there is one, else as assumed."""
        away = float(distances(place.point, np.array([area.point.latitude]), np.array([area.point.longitude]))[0])
        slower = min(2.0, max(0.9, (TIMELINESS_REFERENCE / self.timeliness[area.country]) ** 1.5))
        standard = self.standards.get((place.country, product.name)) if area.country == place.country else None
        hours = _standard_hours(standard, away) if standard else _assumed_hours(product, area, away, slower, place)
        parcel = self.standards.get((place.country, "parcel"))
        if product.name == "express" and parcel:
            hours = min(hours, _standard_hours(parcel, away), key=lambda each: each[1])
        item, kilogram = self._cost(area.country, product)
        return Delivery(
            from_facility=place.code,
            area=area.name,
            product=product.name,
            hours_min=round(hours[0], 1),
            hours_p50=round(hours[1], 1),
            hours_p90=round(hours[2], 1),
            open_hours=_rounds(area.country, product.rounds),
            attempt_failed_per_million=product.failed,
            pickup_per_million=product.pickup,
            lost_per_million=round(product.lost * slower),
            cost_item_minor=item,
            cost_kg_minor=kilogram,
            source=standard.source if standard else "assumed",
        )

    def _cost(self, country: str, product: Product) -> tuple[float, float]:
        if product.name in ("packet", "registered"):
            item, kilogram = DUES["full" if country in FULL_DUES.split("+") else "floor"]
            item += REGISTERED_SUPPLEMENT if product.name == "registered" else 0.0
            return round(item * XDR_USD * 100, 1), round(kilogram * XDR_USD * 100, 1)
        level = min(1.8, max(0.45, (self.income[country] / MEDIAN_INCOME) ** 0.4))
        return round(product.cost_item * level), round(product.cost_kg * level)


def _list_areas(regions: tuple[Region, ...]) -> dict[str, list[Area]]:
    members: dict[str, list[Region]] = defaultdict(list)
    for region in regions:
        members[region.area].append(region)
    areas: dict[str, list[Area]] = defaultdict(list)
    for name, each in sorted(members.items()):
        people = np.array([region.population + 1 for region in each], dtype=np.float64)
        share = people / people.sum()
        latitude = float(np.array([region.latitude for region in each]) @ share)
        longitude = float(np.array([region.longitude for region in each]) @ share)
        areas[each[0].country].append(Area(name, each[0].country, Point(latitude, longitude)))
    return areas


def _list_standards() -> dict[tuple[str, str], Standard]:
    rows = read_rows(HERE / "standards.csv")
    return {
        (row["country"], product): Standard(int(row["days_least"]), int(row["days_most"]), row["source"])
        for row in rows
        for product in row["products"].split("+")
    }


def _standard_hours(standard: Standard, away_km: float) -> tuple[float, float, float]:
    """Hours to the delivery office from which the round of the first to the last day of the standard is reached."""
    first, last = ((days - 1) * 24 + HANDED_OVER_HOURS for days in (standard.days_least, standard.days_most))
    far = min(1.0, away_km / FAR_KM)
    middle = first + (last - first) * (0.15 + 0.6 * far)
    return 0.8 * first, middle, max(middle, min(last, middle + 0.5 * (last - first)))


def _assumed_hours(
    product: Product, area: Area, away: float, slower: float, place: Place
) -> tuple[float, float, float]:
    border = BORDER_HOURS if area.country != place.country else 0.0
    middle = (product.base_hours + _haul_hours(away, product) + border) * slower
    middle += product.remote_hours if area.name.endswith("remote") else 0.0
    return 0.4 * middle, middle, TAIL * middle


def _haul_hours(away_km: float, product: Product) -> float:
    by_road = away_km / ROAD_KMH
    if product.by_air:
        return min(by_road, 8 + away_km / 600.0)
    return min(by_road, FLIGHT_FROM_KM / ROAD_KMH + max(0.0, away_km - FLIGHT_FROM_KM) / FLIGHT_KMH)


def _rounds(country: str, rounds: str) -> str:
    if country in FRIDAY_OFF:
        return rounds.replace("Mo-Sa", "Sa-Th")
    return rounds.replace("Mo-Sa", "Su-Fr") if country == "IL" else rounds

"""How mail and stock move in Brazil: work, lines by road and air, the last mile. All hours and costs are assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from entrepost.network.clearance import Channel
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Processing
from entrepost.network.region import Region
from tools.update.brazil.places import REMOTE, State, road_km
from tools.update.sample.geography import Point

ROAD_KMH, DOOR_KMH, FLIGHT_KMH = 38.0, 30.0, 650.0
"""Lines with their rests; rounds from a hub into its state; flights."""
FLY_FROM_KM = 600.0
ROAD_KG_1000KM, AIR_KG, AIR_KG_1000KM = 90.0, 450.0, 250.0
"""Centavos a kilogram."""
ROOM_KG = {"road": 8_000, "air": 1_500}
ALWAYS = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Product:
    """A last-mile product: hours before the round, how it slows with distance, rounds, failures, cost in centavos."""

    name: str
    base_hours: float
    kmh: float
    rounds: str
    failed: int
    lost: int
    cost_item: float
    cost_kg: float


ECONOMY = Product("economy", 30.0, 20.0, "Mo-Fr 09-18", 90_000, 3_000, 620, 60)
EXPRESS = Product("express", 10.0, 45.0, "Mo-Sa 08-18", 90_000, 1_500, 1_000, 80)
LOCAL = Product("local", 12.0, 40.0, "Mo-Sa 08-18", 90_000, 1_500, 900, 70)
WORK = {
    "prepare": ("Mo-Sa 09-19", (1, 20, 57), 0, 0.0, "seller_stages"),
    "accept": ("Mo-Fr 09-18, Sa 09-12", (0.5, 2, 6), 50, 60.0, "assumed"),
    "outward": ("24/7", (2, 8, 24), 80, 70.0, "assumed"),
    "inward": ("Mo-Sa 06-22", (2, 10, 30), 150, 50.0, "assumed"),
    "pick": ("Mo-Sa 06-20", (1, 4, 10), 50, 450.0, "assumed"),
}
"""Opening hours; least, median and nine in ten of the open hours needed; items lost in a million; centavos an item."""


def build_processing(origins: Iterable[State], states: Iterable[State]) -> tuple[Processing, ...]:
    """Work where mail is posted, where it is given to delivery, and in the warehouses."""
    posted = [_work(state.code("A"), name) for state in origins for name in ("prepare", "accept", "outward")]
    return (
        *posted,
        *(_work(state.code(role), name) for state in states for role, name in (("B", "inward"), ("W", "pick"))),
    )


def build_clearance(states: Iterable[State]) -> tuple[Channel, ...]:
    """Nothing is cleared within a country: one channel that takes no time, so that stock finds its way in."""
    return tuple(
        Channel(state.code("B"), "import", regime, "green", 1_000_000, False, False, "24/7", 0, 0, 0, 0.0, "assumed")
        for state in states
        for regime in ("postal", "commercial")
    )


def build_departures(origins: Iterable[State], states: tuple[State, ...]) -> tuple[Departure, ...]:
    """Lorries six times a week from where sellers are to every state, aeroplanes five times where it is far."""
    return tuple(
        row for origin in origins for state in states for mode in ("road", "air") for row in _line(origin, state, mode)
    )


def build_delivery(states: tuple[State, ...], regions: tuple[Region, ...]) -> tuple[Delivery, ...]:
    """From each delivery centre into its state, and from each warehouse everywhere."""
    rows = []
    for area, middle in _list_areas(regions).items():
        home = next(state for state in states if state.state == area.split("-")[1])
        rows += [_delivery(home, "B", area, middle, product) for product in (ECONOMY, EXPRESS)]
        rows += [_delivery(state, "W", area, middle, LOCAL) for state in states]
    return tuple(rows)


def _work(place: str, activity: str) -> Processing:
    hours, needed, lost, cost, source = WORK[activity]
    return Processing(place, activity, "*", hours, *needed, 5_000, lost, cost, 0.0, source)


def _line(origin: State, state: State, mode: str) -> Iterable[Departure]:
    away = road_km(origin.point, state.point)
    if mode == "air" and away < FLY_FROM_KM:
        return
    by_road, ferry = away / ROAD_KMH, 48.0 if state.state in REMOTE else 0.0
    middle = 3 + by_road + ferry if mode == "road" else 8 + away / FLIGHT_KMH
    cost = ROAD_KG_1000KM * away / 1000 if mode == "road" else AIR_KG + AIR_KG_1000KM * away / 1000
    days, departs = ((1, 2, 3, 4, 5, 6), "21:00") if mode == "road" else ((1, 2, 3, 4, 5), "23:00")
    for weekday in days:
        yield Departure(
            departure=f"{origin.airport}-{state.airport}-{mode}-{weekday}",
            from_facility=origin.code("A"),
            to_facility=state.code("B"),
            mode=mode,
            carrier="XX",
            weekday=weekday,
            departs=departs,
            cutoff_hours=3,
            hours_min=round(0.85 * middle, 1),
            hours_p50=round(middle, 1),
            hours_p90=round(1.4 * middle, 1),
            missed_1_per_million=60_000,
            missed_2_per_million=10_000,
            capacity_kg=ROOM_KG[mode],
            cost_kg_minor=round(cost, 1),
            valid_from=ALWAYS[0],
            valid_to=ALWAYS[1],
            source="assumed",
        )


def _delivery(state: State, role: str, area: str, middle: Point, product: Product) -> Delivery:
    inside = state.state == area.split("-")[1]
    away = road_km(state.point, middle)
    hours = product.base_hours + (away / product.kmh if inside else min(away / ROAD_KMH, 26 + away / FLIGHT_KMH))
    hours += 48.0 if area.split("-")[1] in REMOTE and not inside else 0.0
    return Delivery(
        from_facility=state.code(role),
        area=area,
        product=product.name,
        hours_min=round(0.5 * hours, 1),
        hours_p50=round(hours, 1),
        hours_p90=round(2.2 * hours, 1),
        open_hours=product.rounds,
        attempt_failed_per_million=product.failed,
        pickup_per_million=40_000,
        lost_per_million=product.lost,
        cost_item_minor=round(product.cost_item * (1.0 if area.endswith("metro") else 1.3)),
        cost_kg_minor=round(product.cost_kg + ROAD_KG_1000KM * away / 1000, 1),
        source="assumed",
    )


def _list_areas(regions: tuple[Region, ...]) -> dict[str, Point]:
    """The middle of the people of each area."""
    members: dict[str, list[Region]] = {}
    for region in regions:
        members.setdefault(region.area, []).append(region)
    found = {}
    for area, each in sorted(members.items()):
        share = np.array([region.population + 1.0 for region in each])
        share /= share.sum()
        found[area] = Point(
            *(float(np.array([getattr(r, a) for r in each]) @ share) for a in ("latitude", "longitude"))
        )
    return found

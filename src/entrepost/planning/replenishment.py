"""How stock gets to warehouses: lead time and cost by mode, from the network's own timetable.

A delivery of stock is followed like an item of a service that ends at the warehouse: the seller prepares it, it is
accepted, sorted, declared, carried by the departures of its mode, cleared as commercial goods at the inward office
nearest to the warehouse, trucked there and received. So every wait for a ship or a train is in its lead time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from entrepost.journey.book import COLUMNS, Route
from entrepost.journey.cache import get_book
from entrepost.journey.itinerary import build_itinerary
from entrepost.journey.step import Ride, Work
from entrepost.network.delivery import Delivery
from entrepost.network.facility import Facility, distance_km
from entrepost.network.network import Network
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service
from entrepost.planning.planner.params import MODES
from entrepost.reference.planning_term import PlanningTerms

PRODUCT = "inbound"
CLASS = "C"
HORIZON_DAYS = 60.0
ROAD_KMH = 40.0
"""Assumed, with loading and rests."""
DETOUR = 1.3
"""Road kilometres for one as the crow flies. Assumed."""
RECEIVING_HOURS = (24.0, 60.0, 96.0)
"""At the warehouse from the gate to the shelf: the 2 to 4 days that are published for an ocean shipment's receipt."""
DOCK_HOURS = "Mo-Fr 08-18"


@dataclass(frozen=True, slots=True)
class Inbound:
    """Lead times and costs of stock: a row per origin, warehouse and mode that leads there.

    Columns origin, warehouse, mode, route, lead_days_mean, lead_days_p50, lead_days_p90 (null where beyond the
    horizon), carriage_kg_minor (line haul), handling_kg_minor (work, declaration, clearance and trucking).
    """

    rows: pl.DataFrame


def replenish(network: Network, origins: list[str], modes: tuple[str, ...], terms: PlanningTerms) -> Inbound:
    """Every way by which stock gets from these origins to the network's warehouses."""
    book = get_book(inbound_network(network, tuple(origins), modes))
    rows = []
    for route, table in zip(book.routes, book.table, strict=True):
        road_km = _road_km(network.get_facility(route.area), network.get_facility(route.facilities[-1]))
        trucking = terms.truck_kg * road_km / 100
        rows.append((*_described(book.network, route, terms, trucking), *_week(table)))
    text = dict.fromkeys(("origin", "warehouse", "mode", "route"), pl.String)
    numbers = ("carriage_kg_minor", "handling_kg_minor", "lead_days_mean", "lead_days_p50", "lead_days_p90")
    frame = pl.DataFrame(rows, schema={**text, **dict.fromkeys(numbers, pl.Float64)}, orient="row")
    return Inbound(frame.with_columns(pl.col(numbers).fill_nan(None)).sort("origin", "warehouse", "mode"))


def inbound_network(network: Network, origins: tuple[str, ...], modes: tuple[str, ...]) -> Network:
    """The network whose services bring stock to warehouses, each of which is an area of its own."""
    pairs = [(row, _nearest_office(network, row.warehouse)) for row in network.warehouses]
    found = [(network.get_facility(row.warehouse), office) for row, office in pairs if office]
    stored = {row.facility for row in network.facilities if row.kind == "warehouse"}
    travelled = {row.mode for row in network.departures}
    services = tuple(_service(mode, origins) for mode in MODES if mode in modes and mode in travelled)
    countries = sorted({place.country for place, _ in found})
    return replace(
        network,
        name="inbound",
        facilities=tuple(row for row in network.facilities if row.facility not in stored),
        processing=tuple(row for row in network.processing if row.facility not in stored),
        delivery=tuple(_delivery(place, office) for place, office in found),
        regions=tuple(_region(place) for place, _ in found),
        services=services,
        rates=tuple(_rate(service.service, country) for service in services for country in countries),
        warehouses=(),
        surcharges=(),
        stock=(),
        products=(),
        sellers=(),
        calendar=(),
        suspensions=(),
        corrections=(),
    )


def _nearest_office(network: Network, warehouse: str) -> Facility | None:
    """The inward office of the warehouse's country that is nearest, else none."""
    place = network.get_facility(warehouse)
    clearing = {row.facility for row in network.clearance if row.direction == "import"}
    offices = [row for row in network.facilities if row.facility in clearing and row.country == place.country]
    return min(offices, key=lambda each: (distance_km(place, each), each.facility), default=None)


def _road_km(place: Facility, office: Facility) -> float:
    return DETOUR * distance_km(place, office)


def _delivery(place: Facility, office: Facility) -> Delivery:
    road = _road_km(place, office)
    least, middle, most = (round(road / ROAD_KMH + receiving, 1) for receiving in RECEIVING_HOURS)
    return Delivery(
        from_facility=office.facility,
        area=place.facility,
        product=PRODUCT,
        hours_min=least,
        hours_p50=middle,
        hours_p90=most,
        open_hours=DOCK_HOURS,
        attempt_failed_per_million=0,
        pickup_per_million=0,
        lost_per_million=0,
        cost_item_minor=0.0,
        cost_kg_minor=0.0,
        source="assumed",
    )


def _region(place: Facility) -> Region:
    at = (place.latitude, place.longitude, place.time_zone)
    return Region(place.facility, place.country, "", place.city, *at, place.facility, 0, 1.0, "assumed")


def _service(mode: str, origins: tuple[str, ...]) -> Service:
    return Service(
        service=f"INBOUND-{mode}",
        name=f"Stock by {mode}",
        kind="direct",
        mail_class=CLASS,
        service_indicator="CA",
        modes="road" if mode == "road" else f"{mode}+road",
        routing="cheapest",
        origins="+".join(origins),
        destinations="*",
        clearance="commercial",
        delivery=PRODUCT,
        currency="USD",
        weight_min_g=0,
        weight_max_g=1_000_000,
        length_max_mm=100_000,
        sum_max_mm=100_000,
        value_max_minor=None,
        battery="any",
        volumetric_divisor=0,
        tracked=True,
        source="assumed",
    )


def _rate(service: str, country: str) -> Rate:
    return Rate(service, "*", country, "", 0, 1_000_000, 0.0, 0.0, 0.0, date.min, date.max, "assumed")


def _described(network: Network, route: Route, terms: PlanningTerms, trucking: float) -> tuple[str | float, ...]:
    steps = build_itinerary(network, route.service, route.facilities, route.area)
    rides = [step for step in steps if isinstance(step, Ride)]
    carriage = sum(float(np.mean([row.cost_kg_minor for row in step.departures])) for step in rides)
    work = sum(step.row.cost_kg_minor for step in steps if isinstance(step, Work))
    papers = terms.bulk_clearance + terms.declaration_9810
    mode = route.service.removeprefix("INBOUND-")
    return route.origin, route.area, mode, route.text, carriage, work + papers + trucking


def _week(table: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> tuple[float, ...]:
    """Mean, median and nine in ten of a route over the hours of the week, in days."""
    mean = float(table[:, COLUMNS.index("mean")].mean()) / 24
    p50, p90 = (table[:, COLUMNS.index(name)] for name in ("p50", "p90"))
    return mean, *(float(each.mean()) / 24 if each.min() >= 0 else float("nan") for each in (p50, p90))

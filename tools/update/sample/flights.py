"""Air departures: airline, pair and frequency as published, spread over the week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from entrepost.network.departure import Departure
from tools.update.sample.geography import Point, chance, kilometres, list_airports, read_rows
from tools.update.sample.places import Place, list_by_role, list_places
from tools.update.sample.timetable import Leg, departures_of

POUND_KG = 0.45359237
WEEKS_IN_FEBRUARY_2026 = 4.0
WEEKS_IN_MONTH = 365.25 / 12 / 7
CRUISE_KMH, GROUND_HOURS = 800.0, 0.5
"""Block speed between airports over 4,000 km in T-100 of February 2026 is 760 to 810 km/h, taxiing included."""
WIDE_BODY_SEATS = 230
BELLY_KG_PER_SEAT = 27.0
"""Freight and mail carried per seat on passenger flights over 4,000 km in T-100 of February 2026: 25 to 29 kg."""
NARROW_KG_PER_SEAT = 0.9
"""The same between 1,500 and 4,000 km: 0.89 kg."""
ALLOTMENT_SHARE = 0.01
"""Assumed: of what a departure carries, this share is booked for the sample's mail."""
CARRIERS_PER_PAIR = {"direct": 2, "hub": 2, "us": 3}
LEAST_WEEKLY = 0.9
HUBS_PER_OFFICE = 3
DETOUR_MOST = 1.6
WELL_SERVED_WEEKLY = 14.0


@dataclass(frozen=True, slots=True)
class Flow:
    """What one airline flies from one airport to another in a week."""

    carrier: str
    origin: str
    destination: str
    weekly: float
    hours: float
    load_kg: float
    source: str


def build_flights(data: Path) -> tuple[Departure, ...]:
    """Departures from China, from Hong Kong and from the hubs, and the domestic feeder flights."""
    flows = _Flows(data)
    origins = [place for place in list_by_role(data, "origin") if place.airports]
    hub = list_places(data)["HKHKGA"]
    inward = list_by_role(data, "inward")
    rows: list[Departure] = []
    direct: dict[str, float] = defaultdict(float)
    for start in [*origins, hub]:
        for end in inward:
            found = flows.between(start, end)
            direct[end.code] += sum(flow.weekly for flow in found)
            rows += _rows(start, end, found)
    only_hubs = [place for place in list_by_role(data, "hub") if "inward" not in place.roles]
    for start in origins:
        for end in only_hubs:
            rows += _rows(start, end, flows.between(start, end))
    rows += _feeders(data, flows)
    for end in inward:
        if direct[end.code] < WELL_SERVED_WEEKLY:
            rows += _by_hubs(data, flows, end)
    return tuple({row.departure: row for row in rows}.values())


class _Flows:
    """Published frequencies: T-100 where the United States are at one end, OPTD elsewhere."""

    def __init__(self, data: Path) -> None:
        self.airports = list_airports(data)
        self.by_pair: dict[tuple[str, str], list[Flow]] = defaultdict(list)
        wanted = {airport for place in list_places(data).values() for airport in place.airports}
        american = {a for place in list_places(data).values() if place.country == "US" for a in place.airports}
        for flow in [*_read_t100(data, self.airports), *_read_optd(data, self.airports)]:
            touches_us = flow.origin in american or flow.destination in american
            if {flow.origin, flow.destination} <= wanted and touches_us == (flow.source == "t100"):
                self.by_pair[flow.origin, flow.destination].append(flow)

    def between(self, start: Place, end: Place, most: int = 0) -> list[Flow]:
        """The airlines that carry most between two facilities."""
        kind = "us" if "US" in (start.country, end.country) else "direct" if start.country in ("CN", "HK") else "hub"
        found: dict[str, Flow] = {}
        for origin in start.airports:
            for destination in end.airports:
                for flow in self.by_pair.get((origin, destination), []):
                    known = found.get(flow.carrier)
                    found[flow.carrier] = _joined(known, flow) if known else flow
        kept = [flow for flow in found.values() if flow.weekly >= LEAST_WEEKLY]
        kept.sort(key=lambda flow: (-flow.weekly * (flow.load_kg + 500), flow.carrier))
        return kept[: most or CARRIERS_PER_PAIR[kind]]


def _joined(one: Flow, other: Flow) -> Flow:
    weekly = one.weekly + other.weekly
    return replace(
        one,
        weekly=weekly,
        hours=(one.hours * one.weekly + other.hours * other.weekly) / weekly,
        load_kg=(one.load_kg * one.weekly + other.load_kg * other.weekly) / weekly,
    )


def _read_t100(data: Path, airports: dict[str, Point]) -> list[Flow]:
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0] * 4)
    for row in read_rows(data / "routes/t100_international_2026-02.csv.gz"):
        flown = float(row["DEPARTURES_PERFORMED"])
        pair = (row["CARRIER"], row["ORIGIN"], row["DEST"])
        if flown and row["CLASS"] in ("F", "G") and {row["ORIGIN"], row["DEST"]} <= airports.keys():
            minutes = float(row["RAMP_TO_RAMP"])
            figures = (flown, float(row["FREIGHT"]) + float(row["MAIL"]), minutes, flown if minutes else 0.0)
            sums[pair] = [each + figure for each, figure in zip(sums[pair], figures, strict=True)]
    flows = []
    for (carrier, origin, destination), (flown, pounds, minutes, timed) in sums.items():
        hours = minutes / timed / 60 if timed else _block_hours(airports[origin], airports[destination])
        weekly = flown / WEEKS_IN_FEBRUARY_2026
        flows.append(Flow(carrier, origin, destination, weekly, hours, pounds * POUND_KG / flown, "t100"))
    return flows


def _read_optd(data: Path, airports: dict[str, Point]) -> list[Flow]:
    flows = []
    for row in read_rows(data / "routes/optd_airline_por_rcld.csv.gz", "^"):
        origin, destination = row["apt_org"], row["apt_dst"]
        monthly = float(row["freq_mtly_avg"])
        if monthly and {origin, destination} <= airports.keys():
            seats = float(row["seats_mtly_avg"]) / monthly
            each = BELLY_KG_PER_SEAT if seats >= WIDE_BODY_SEATS else NARROW_KG_PER_SEAT
            hours = _block_hours(airports[origin], airports[destination])
            weekly = monthly / WEEKS_IN_MONTH
            flows.append(Flow(row["airline_code"], origin, destination, weekly, hours, seats * each, "optd"))
    return flows


def _block_hours(origin: Point, destination: Point) -> float:
    return kilometres(origin, destination) / CRUISE_KMH + GROUND_HOURS


def _rows(start: Place, end: Place, flows: list[Flow]) -> list[Departure]:
    rows: list[Departure] = []
    for flow in flows:
        leg = Leg(
            start=start,
            end=end,
            mode="air",
            carrier=flow.carrier,
            weekly=flow.weekly,
            hours=flow.hours,
            capacity_kg=max(30, round(flow.load_kg * ALLOTMENT_SHARE)),
            source=flow.source,
        )
        minute = int(chance(flow.carrier, start.code, end.code) * 96) * 15
        rows += departures_of(leg, minute)
    return rows


def _feeders(data: Path, flows: _Flows) -> list[Departure]:
    """Flights inside China that take mail to the cities with most foreign flights."""
    places = list_places(data)
    rows: list[Departure] = []
    for start in ("CNCGOA", "CNHGHA", "CNSZXA", "CNPEKA", "CNCANA"):
        for end in ("CNPEKA", "CNSHAA", "CNCANA"):
            far = kilometres(places[start].point, places[end].point) > 400
            if start != end and far:
                rows += _rows(places[start], places[end], flows.between(places[start], places[end], 1))
    return rows


def _by_hubs(data: Path, flows: _Flows, end: Place) -> list[Departure]:
    """Onward flights of the hubs with most departures to an office that China reaches seldom."""
    start = list_places(data)["CNSHAA"].point
    straight = kilometres(start, end.point)
    offers = []
    for hub in list_by_role(data, "hub"):
        by_hub = kilometres(start, hub.point) + kilometres(hub.point, end.point)
        found = flows.between(hub, end) if hub.code not in ("HKHKGA", end.code) else []
        if found and by_hub <= DETOUR_MOST * straight:
            offers.append((sum(flow.weekly for flow in found), hub.code, hub, found))
    best = sorted(offers, key=lambda offer: (-offer[0], offer[1]))[:HUBS_PER_OFFICE]
    return [row for _, _, hub, found in best for row in _rows(hub, end, found)]

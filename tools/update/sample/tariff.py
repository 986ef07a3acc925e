"""The services with their rate cards: what the sample's customers can buy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.service import Rate, Service, Surcharge
from tools.update.sample.geography import kilometres
from tools.update.sample.places import list_by_role, list_countries, list_places
from tools.update.sample.timetable import FOREVER, FREIGHT_KG_MINOR, FREIGHT_KM

CNY_USD = 7.0
"""Assumed: yuan for one US dollar, in which the rate cards were drawn up."""
RAIL_COUNTRIES = "PL+DE+NL+BE+FR+ES+IT+CH+AT+CZ+SK+HU+RO+BG+LT+LV+EE+SE+NO+DK+FI+GB"
SEA_COUNTRIES = "US+CA+NL+BE+FR+DE+PL+GB+ES+IT+AU+JP+KR+BR+AE+SA"
LINE_COUNTRIES = "US+CA+GB+IE+FR+DE+NL+BE+ES+PT+IT+AT+PL+CZ+SE+DK+AU+NZ+JP+KR+SG+MY+TH+AE+SA+IL+MX+BR+CL"
INJECT_COUNTRIES = "US+GB+FR+DE+NL+BE+ES+IT+PL+AU+JP+CA"
STOCK_COUNTRIES = "US+DE+AT+NL+BE+FR+CZ+DK+GB+IE+PL+SK+HU+LT+LV+EE+AU+JP+BR+KZ"
SDR_300_MINOR = 40_800
EUR_150_MINOR = 17_000
POSTAL_BRACKETS = ((0, 150), (150, 300), (300, 2_000))
PARCEL_BRACKETS = ((0, 500), (500, 2_000), (2_000, 10_000), (10_000, 30_000))
LINE_BRACKETS = ((0, 200), (200, 500), (500, 2_000), (2_000, 20_000))
MARGIN = 1.12
RAIL_ORIGINS = "CNPEKA+CNCGOA+CNSHAA+CNHGHA+CNYIWA+CNDGGA+CNSZXA+CNCANA"
SEA_ORIGINS = "CNSHAA+CNHGHA+CNYIWA+CNSZXA+CNDGGA+CNCANA"


@dataclass(frozen=True, slots=True)
class Offer:
    """A service, its brackets, and what its line haul and handling are thought to cost."""

    service: Service
    brackets: tuple[tuple[int, int], ...]
    haul: str
    handling_item_minor: float
    margin: float = MARGIN

    def countries(self, data: Path) -> list[str]:
        """Where it goes."""
        named = self.service.destinations
        return list_countries(data) if named == "*" else named.split("+")


def _service(code: str, name: str, mail_class: str, indicator: str, delivery: str) -> Service:
    """A postal air service to everywhere, from which the others differ."""
    return Service(
        service=code,
        name=name,
        kind="direct",
        mail_class=mail_class,
        service_indicator=indicator,
        modes="air+road",
        routing="cheapest",
        origins="*",
        destinations="*",
        clearance="postal",
        delivery=delivery,
        currency="CNY",
        weight_min_g=0,
        weight_max_g=30_000,
        length_max_mm=1_500,
        sum_max_mm=3_000,
        value_max_minor=None,
        battery="contained",
        volumetric_divisor=0,
        tracked=True,
        source="assumed",
    )


def list_offers() -> list[Offer]:
    """All services with what their rate cards are drawn up from."""
    packet = replace(
        _service("PACKET", "Tracked small packet", "U", "LX", "packet"),
        weight_max_g=2_000,
        length_max_mm=600,
        sum_max_mm=900,
        value_max_minor=SDR_300_MINOR,
        source="upu_limits",
    )
    registered = replace(
        packet,
        service="REGISTERED",
        name="Registered small packet",
        service_indicator="RA",
        delivery="registered",
        routing="reliable",
        battery="none",
    )
    parcel = replace(_service("PARCEL", "E-commerce parcel", "C", "HA", "parcel"), volumetric_divisor=8_000)
    ems = replace(
        _service("EMS", "EMS", "E", "EA", "express"), routing="fastest", battery="none", volumetric_divisor=6_000
    )
    rail = replace(
        _service("RAIL", "Rail parcel", "C", "CR", "parcel"),
        modes="rail+road",
        origins=RAIL_ORIGINS,
        destinations=RAIL_COUNTRIES,
    )
    sea = replace(
        _service("SEA", "Sea parcel", "C", "CS", "parcel"),
        modes="sea+road",
        origins=SEA_ORIGINS,
        destinations=SEA_COUNTRIES,
        battery="any",
    )
    line = replace(
        _service("LINE", "Dedicated line", "C", "HD", "parcel"),
        routing="fastest",
        clearance="commercial",
        destinations=LINE_COUNTRIES,
        weight_max_g=20_000,
        length_max_mm=1_200,
        sum_max_mm=2_400,
        value_max_minor=EUR_150_MINOR,
        volumetric_divisor=8_000,
    )
    inject = replace(
        line,
        service="INJECT",
        name="Direct injection",
        service_indicator="HN",
        routing="fastest",
        delivery="carrier",
        destinations=INJECT_COUNTRIES,
        volumetric_divisor=6_000,
    )
    stock = replace(
        _service("STOCK", "From overseas stock", "C", "HW", "local"),
        kind="stock",
        modes="none",
        clearance="none",
        destinations=STOCK_COUNTRIES,
        battery="any",
        volumetric_divisor=6_000,
    )
    return [
        Offer(packet, POSTAL_BRACKETS, "air", 30),
        Offer(registered, POSTAL_BRACKETS, "air", 30),
        Offer(parcel, PARCEL_BRACKETS, "air", 40),
        Offer(ems, PARCEL_BRACKETS, "air", 120, 1.3),
        Offer(rail, PARCEL_BRACKETS, "rail", 60),
        Offer(sea, PARCEL_BRACKETS, "sea", 60),
        Offer(line, LINE_BRACKETS, "air", 95),
        Offer(inject, LINE_BRACKETS, "air", 110, 1.15),
        Offer(stock, PARCEL_BRACKETS, "none", 120),
    ]


def build_services() -> tuple[Service, ...]:
    """The services alone."""
    return tuple(offer.service for offer in list_offers())


def list_markets(data: Path) -> dict[str, list[str]]:
    """For each last-mile product the countries in which a service uses it."""
    markets: dict[str, list[str]] = {}
    for offer in list_offers():
        markets.setdefault(offer.service.delivery, []).extend(offer.countries(data))
    return markets


def build_rates(data: Path, delivery: tuple[Delivery, ...]) -> tuple[Rate, ...]:
    """Rate cards: estimated cost of haul and last mile times a margin, a little dearer per item when light."""
    rows: list[Rate] = []
    last_mile = _dearest(delivery, data)
    for offer in list_offers():
        for country in offer.countries(data):
            item, kilogram = last_mile[offer.service.delivery, country]
            item += offer.handling_item_minor
            kilogram += 30 + _haul_cost(data, country, offer.haul)
            rows += [_rate(offer, country, bracket, (item, kilogram)) for bracket in offer.brackets]
    return tuple(rows)


def build_surcharges() -> tuple[Surcharge, ...]:
    """Fuel on air services, remote areas, and a supplement for the busiest destination."""
    rows = [_surcharge(code, "fuel", "percent", amount) for code, amount in (("EMS", 12), ("LINE", 6), ("INJECT", 6))]
    rows += [_surcharge(code, "security", "kg", 150) for code in ("PARCEL", "EMS")]
    remote = [("EMS", 4_000), ("LINE", 2_000), ("INJECT", 2_500), ("STOCK", 1_500)]
    for code, amount in remote:
        for area in ("US-anchorage-other", "US-honolulu-other", "CA-whitehorse-other", "GB-remote", "AU-darwin-other"):
            if area.startswith("CA") and code == "STOCK":
                continue
            rows.append(replace(_surcharge(code, "remote area", "item", amount), country=area[:2], area=area))
    return tuple(rows)


def _dearest(delivery: tuple[Delivery, ...], data: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """The dearest last mile of each product and country, as rate cards have one price a country."""
    country_of = {place.code: place.country for place in list_by_role(data, "inward")}
    costs: dict[tuple[str, str], tuple[float, float]] = {}
    for row in delivery:
        key = (row.product, country_of.get(row.from_facility, row.area[:2]))
        costs[key] = max(costs.get(key, (0.0, 0.0)), (row.cost_item_minor, row.cost_kg_minor))
    return costs


def _haul_cost(data: Path, country: str, mode: str) -> float:
    if mode == "none":
        return 0.0
    places = list_places(data)
    ends = [place for place in list_by_role(data, "inward") if place.country == country]
    away = min(kilometres(places["CNSZXA"].point, place.point) for place in ends)
    longer = {"air": 1.0, "rail": 1.0, "sea": 1.6}[mode]
    return FREIGHT_KG_MINOR[mode] * (0.25 + 0.75 * away * longer / FREIGHT_KM[mode])


def _rate(offer: Offer, country: str, bracket: tuple[int, int], cost: tuple[float, float]) -> Rate:
    over, to = bracket
    lighter = 1.06 if over == 0 else 1.0 if to < 10_000 else 0.96
    return Rate(
        service=offer.service.service,
        origin="*",
        country=country,
        postcode_prefix="",
        weight_over_g=over,
        weight_to_g=min(to, offer.service.weight_max_g),
        charge_item_minor=round(cost[0] * offer.margin * CNY_USD, -1),
        charge_kg_minor=round(cost[1] * offer.margin * lighter * CNY_USD, -1),
        charge_least_minor=0,
        valid_from=FOREVER[0],
        valid_to=FOREVER[1],
        source="assumed",
    )


def _surcharge(code: str, name: str, kind: str, amount: float) -> Surcharge:
    return Surcharge(code, name, "*", "*", "*", kind, amount, *FOREVER, "assumed")


def check_reach(departures: tuple[Departure, ...], data: Path) -> list[str]:
    """Countries that no departure reaches; the folder must have none."""
    reached = {row.to_facility for row in departures}
    lacking = {place.country for place in list_by_role(data, "inward")}
    return sorted(lacking - {place.country for place in list_by_role(data, "inward") if place.code in reached})

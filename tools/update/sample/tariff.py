"""The services with their rate cards: what the sample's customers can buy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from entrepost.base.schema import get_schema, parse_cell
from entrepost.network.delivery import Delivery
from entrepost.network.service import Rate, Service, Surcharge
from tools.update.sample.geography import kilometres, read_rows
from tools.update.sample.places import HERE, list_by_role, list_countries, list_places
from tools.update.sample.timetable import FOREVER, FREIGHT_KG_MINOR, FREIGHT_KM

CNY_USD = 7.0
"""Assumed: yuan for one US dollar, in which the rate cards were drawn up."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service, its brackets, and what its line haul and handling are thought to cost."""

    service: Service
    brackets: tuple[tuple[int, int], ...]
    haul: str
    handling_item_minor: float
    margin: float

    def countries(self, data: Path) -> list[str]:
        """Where it goes."""
        named = self.service.destinations
        return list_countries(data) if named == "*" else named.split("+")


@lru_cache(maxsize=1)
def list_offers() -> tuple[Offer, ...]:
    """The services of `services.csv` with what their rate cards are drawn up from."""
    return tuple(_offer(row) for row in read_rows(HERE / "services.csv"))


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
            kilogram += 30 + haul_cost(data, country, offer.haul)
            rows += [_rate(offer, country, bracket, (item, kilogram)) for bracket in offer.brackets]
    return tuple(rows)


def rate_countries(data: Path, code: str, delivery: tuple[Delivery, ...]) -> tuple[Rate, ...]:
    """Rate cards of a service in the countries of these last miles to which its own do not go."""
    offer = next(each for each in list_offers() if each.service.service == code)
    new = sorted({row.area[:2] for row in delivery} - set(offer.countries(data)))
    costs: dict[str, tuple[float, float]] = {}
    for row in delivery:
        costs[row.area[:2]] = max(costs.get(row.area[:2], (0.0, 0.0)), (row.cost_item_minor, row.cost_kg_minor))
    handled = {
        country: (item + offer.handling_item_minor, kilogram + 30) for country, (item, kilogram) in costs.items()
    }
    haul = {country: haul_cost(data, country, offer.haul) for country in new}
    return tuple(
        _rate(offer, country, bracket, (handled[country][0], handled[country][1] + haul[country]))
        for country in new
        for bracket in offer.brackets
    )


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


def _offer(row: dict[str, str]) -> Offer:
    cells = {column.name: row[column.name] for column in get_schema("services").columns}
    values: dict[str, Any] = {
        name: parse_cell(text, get_schema("services").get_column(name)) for name, text in cells.items() if text
    }
    edges = [int(edge) for edge in row["brackets_g"].split("+")]
    return Offer(
        service=Service(**{"value_max_minor": None, **values}),
        brackets=tuple(pairwise(edges)),
        haul=row["haul"],
        handling_item_minor=float(row["handling_item_minor"]),
        margin=float(row["margin"]),
    )


def _dearest(delivery: tuple[Delivery, ...], data: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """The dearest last mile of each product and country, as rate cards have one price a country."""
    country_of = {place.code: place.country for place in list_by_role(data, "inward")}
    costs: dict[tuple[str, str], tuple[float, float]] = {}
    for row in delivery:
        key = (row.product, country_of.get(row.from_facility, row.area[:2]))
        costs[key] = max(costs.get(key, (0.0, 0.0)), (row.cost_item_minor, row.cost_kg_minor))
    return costs


def haul_cost(data: Path, country: str, mode: str) -> float:
    """What a kilogram costs to a country's nearest office by a mode, in US cents."""
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

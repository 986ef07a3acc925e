"""Checks of services: that they go somewhere, that regions have one, and that rate cards have no holes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from entrepost.base.findings import Finding, Level, finding_code
from entrepost.network.service import Rate, Service
from entrepost.network.survey import ALL, Survey, split

SERVICE_WITHOUT_RATES = finding_code("network_service_without_rates", "A service has no row in rates.csv.")
SERVICE_UNREACHABLE = finding_code("network_service_unreachable", "A service reaches no area that it delivers to.")
SERVICE_CONTRADICTORY = finding_code("network_service_contradictory", "The cells of a service contradict each other.")
REGION_WITHOUT_SERVICE = finding_code(
    "network_region_without_service", "No service reaches a region and has a rate for its country."
)
REGION_DOUBLED = finding_code("network_region_doubled", "Two regions of a country have the same postcodes or city.")
AREA_WITHOUT_DELIVERY = finding_code("network_area_without_delivery", "No row of delivery.csv serves an area.")
AREA_MIXED = finding_code("network_area_mixed", "An area holds regions of more than one country.")
RATE_EMPTY = finding_code("network_rate_empty", "A bracket of a rate card ends where it begins, or before.")
RATE_GAP = finding_code("network_rate_gap", "A rate card has no bracket for some weight that its service takes.")
RATE_OVERLAP = finding_code("network_rate_overlap", "Two brackets of a rate card hold for the same weight and day.")
SHARES_UNEQUAL = finding_code("network_shares_unequal", "Shares do not add up to 1,000,000.")

Card = list[tuple[int, Rate]]
"""The brackets of one service, origin, country and postcode prefix, each with its index."""


def check_services(survey: Survey) -> Iterator[Finding]:
    """Each service has rates, and reaches some area."""
    priced = {row.service for row in survey.network.rates}
    for index, row in survey.list_rows("services"):
        spot = ("services", index, "service")
        if row.service not in priced:
            message = f"{row.service} has no rates, so nothing can be quoted"
            yield survey.find(SERVICE_WITHOUT_RATES, spot, message, "add rows to rates.csv", "warning")
        if not survey.areas[row.service]:
            message = f"{row.service} reaches no facility from which product {row.delivery!r} is delivered"
            fix = "check its modes and origins, the departures, and its product in delivery.csv"
            yield survey.find(SERVICE_UNREACHABLE, spot, message, fix, "warning")


def check_contradictions(survey: Survey) -> Iterator[Finding]:
    """The limits, modes and clearance of a service agree with each other."""
    for index, row in survey.list_rows("services"):
        for column, message, fix in _contradictions(row):
            yield survey.find(SERVICE_CONTRADICTORY, ("services", index, column), message, fix)


def check_regions(survey: Survey) -> Iterator[Finding]:
    """Each region is reached by a service with a rate for its country."""
    reached: set[tuple[str, str]] = set()
    rates = {(row.service, row.country) for row in survey.network.rates}
    for service in survey.network.services:
        countries = {country for code, country in rates if code == service.service}
        if service.destinations != ALL:
            countries &= set(split(service.destinations))
        reached |= {(country, area) for country in countries for area in survey.areas[service.service]}
    for index, row in survey.list_rows("regions"):
        if (row.country, row.area) not in reached:
            message = f"no service with a rate for {row.country} reaches area {row.area}"
            fix = "add departures, a last mile or rates, or remove the region"
            yield survey.find(REGION_WITHOUT_SERVICE, ("regions", index, "region"), message, fix, "warning")


def check_regions_distinct(survey: Survey) -> Iterator[Finding]:
    """No two regions of a country are told apart by nothing."""
    seen: dict[tuple[str, str, str], str] = {}
    for index, row in survey.list_rows("regions"):
        key = (row.country, row.postcode_prefix, "" if row.postcode_prefix else row.city.casefold())
        if key in seen:
            message = f"{row.region} and {seen[key]} have the same postcodes or city"
            fix = "give them different prefixes or cities, or join them"
            yield survey.find(REGION_DOUBLED, ("regions", index, "postcode_prefix"), message, fix, "warning")
        seen.setdefault(key, row.region)


def check_areas(survey: Survey) -> Iterator[Finding]:
    """Each area has a last mile and lies in one country."""
    served = {row.area for row in survey.network.delivery}
    country: dict[str, str] = {}
    for index, row in survey.list_rows("regions"):
        spot = ("regions", index, "area")
        if row.area not in country and row.area not in served:
            message = f"nothing is delivered in area {row.area}"
            yield survey.find(AREA_WITHOUT_DELIVERY, spot, message, "add rows to delivery.csv", "warning")
        if country.setdefault(row.area, row.country) != row.country:
            message = f"area {row.area} lies in {country[row.area]} and in {row.country}"
            yield survey.find(AREA_MIXED, spot, message, "give each country its own areas")


def check_rates(survey: Survey) -> Iterator[Finding]:
    """Brackets begin before they end, meet each other, and cover the weights of their service."""
    cards: dict[tuple[str, str, str, str], Card] = {}
    for index, row in survey.list_rows("rates"):
        if row.weight_to_g <= row.weight_over_g:
            message = f"the bracket ends at {row.weight_to_g} g but begins above {row.weight_over_g} g"
            fix = "make weight_to_g greater than weight_over_g"
            yield survey.find(RATE_EMPTY, ("rates", index, "weight_to_g"), message, fix)
        else:
            cards.setdefault((row.service, row.origin, row.country, row.postcode_prefix), []).append((index, row))
    for card in cards.values():
        yield from _check_card(survey, card)


def check_shares(survey: Survey) -> Iterator[Finding]:
    """Shares of customs channels, and of regimes, add up to all."""
    sums: dict[tuple[str, str, str], int] = {}
    first: dict[tuple[str, str, str], int] = {}
    for index, row in survey.list_rows("clearance"):
        key = (row.facility, row.direction, row.regime)
        sums[key] = sums.get(key, 0) + row.share_per_million
        first.setdefault(key, index)
    for key, total in sums.items():
        if total != 1_000_000:
            message = f"the channels of {' '.join(key)} add up to {total}"
            yield survey.find(
                SHARES_UNEQUAL, ("clearance", first[key], "share_per_million"), message, "make it 1000000"
            )
    total = sum(row.share_per_million for row in survey.network.regimes)
    if total != 1_000_000:
        message = f"the regimes add up to {total}"
        yield survey.find(SHARES_UNEQUAL, ("regimes", 0, "share_per_million"), message, "make it 1000000")


def _contradictions(row: Service) -> Iterator[tuple[str, str, str]]:
    if row.weight_min_g > row.weight_max_g:
        message = f"the least weight {row.weight_min_g} g is above the greatest {row.weight_max_g} g"
        yield "weight_min_g", message, "exchange the two"
    if row.sum_max_mm < row.length_max_mm:
        message = f"length, width and height together ({row.sum_max_mm} mm) may be less than the length alone"
        yield "sum_max_mm", message, "write the limit of length, width and height together"
    stock = row.kind == "stock"
    if stock != (row.modes == "none"):
        message = f"a service of kind {row.kind} travels by {row.modes}"
        yield "modes", message, "write none for stock, and modes for direct"
    if stock and row.clearance != "none":
        message = "stock has been cleared before, yet the service has a customs regime"
        yield "clearance", message, "write none"


def _check_card(survey: Survey, card: Card) -> Iterator[Finding]:
    """Look at the card on each day on which a bracket begins or has ceased to hold; say each thing once."""
    said: set[tuple[str, int]] = set()
    ceased = {row.valid_to + timedelta(days=1) for _, row in card if row.valid_to < date.max}
    for day in sorted({row.valid_from for _, row in card} | ceased):
        for code, index, column, message in _faults(survey, card, day):
            if (code, index) not in said:
                said.add((code, index))
                level: Level = "error" if code == RATE_OVERLAP else "warning"
                fix = "let each bracket begin where the one below ends"
                yield survey.find(code, ("rates", index, column), message, fix, level)


def _faults(survey: Survey, card: Card, day: date) -> Iterator[tuple[str, int, str, str]]:
    held = [(index, row) for index, row in card if row.valid_from <= day <= row.valid_to]
    if not held:
        return
    held.sort(key=lambda entry: entry[1].weight_over_g)
    service = survey.network.service_by_code.get(held[0][1].service)
    index, row = held[0]
    # A bracket holds above weight_over_g, so that a least weight of as much is outside; 0 includes 0.
    if service and row.weight_over_g >= max(1, service.weight_min_g):
        yield RATE_GAP, index, "weight_over_g", f"no bracket for {row.weight_over_g} g and less"
    top = row.weight_to_g
    for index, row in held[1:]:
        if row.weight_over_g > top:
            yield RATE_GAP, index, "weight_over_g", f"no bracket between {top} g and {row.weight_over_g} g"
        elif row.weight_over_g < top:
            message = f"above {row.weight_over_g} g another bracket holds, up to {top} g"
            yield RATE_OVERLAP, index, "weight_over_g", message
        top = max(top, row.weight_to_g)
    if service and top < service.weight_max_g:
        index, row = held[-1]
        message = f"no bracket above {top} g, but {service.service} takes {service.weight_max_g} g"
        yield RATE_GAP, index, "weight_to_g", message

"""Whether one service may be used for one item, and why not: the checks of `eligibility` and the words of `refusal`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from entrepost.network.network import Network
from entrepost.network.service import Service
from entrepost.service.at_counter.money import Money
from entrepost.service.at_counter.package import Package
from entrepost.service.at_counter.tariff import Charged
from entrepost.service.eligibility import CHECKS, limits_of
from entrepost.service.ratecard import DAYS, day_number
from entrepost.service.refusal import ACCEPTED, FIELD, SENTENCES

Facts = dict[str, Any]
ASKED: tuple[tuple[Callable[..., int], tuple[str, ...]], ...] = tuple(
    (check.function, check.parameters) for check in CHECKS
)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an item is handed in for a service: the place, and for stock whether it has any for the order."""

    origin: str
    warehouse_found: bool = True
    in_stock: bool = True


@dataclass(frozen=True)
class Judge:
    """The limits of one service."""

    service: Service
    limits: Mapping[str, int]
    origins: frozenset[str]
    destinations: frozenset[str]
    suspensions: tuple[tuple[str, int, int, str], ...]

    def list_facts(self, stand: Stand, package: Package, charged: Charged) -> Facts:
        """Everything that the checks ask, and the sentences name."""
        begin, end, why = self._suspension(package)
        here = "*" in self.origins or stand.origin in self.origins
        there = package.country in self.destinations and package.area is not None
        return {
            **self.limits,
            "origin": stand.origin,
            "country": package.country,
            "area": package.area,
            "currency": package.currency,
            "service_currency": self.service.currency,
            "battery": package.battery,
            "placed_day": package.placed_day,
            "weight_g": package.weight_g,
            "length_mm": package.length_mm,
            "width_mm": package.width_mm,
            "height_mm": package.height_mm,
            "battery_level": package.battery_level,
            "value_known": package.converted_value_minor is not None,
            "converted_value_minor": package.converted_value_minor or 0,
            "origin_offered": here,
            "destination_served": there,
            "suspended_from": begin,
            "suspended_to": end,
            "suspension": why,
            "warehouse_found": stand.warehouse_found,
            "in_stock": stand.in_stock,
            "billable_weight_g": charged.billable_weight_g,
            "rate_found": charged.rate_found,
            "charge_known": charged.charge_minor is not None,
        }

    def _suspension(self, package: Package) -> tuple[int, int, str]:
        """The last suspension that holds, or one that never does."""
        held = (DAYS[1], DAYS[0], "")
        for country, first, last, why in self.suspensions:
            if country == package.country and first <= package.placed_day <= last:
                held = first, last, why
        return held


def find_reason(facts: Facts) -> int:
    """The code of the first check that refuses, 0 where none does."""
    for check, names in ASKED:
        if code := check(*[facts[name] for name in names]):
            return code
    return 0


def tell(code: int, facts: Facts, service: Service, money: Money) -> str:
    """Why an item is refused, in one sentence."""
    return FIELD.sub(lambda match: _text(match[1], facts, service, money), SENTENCES[code])


def judge_of(network: Network, service: Service, countries: frozenset[str]) -> Judge:
    """That of a service whose rates name these countries."""
    held = (row for row in network.suspensions if row.service in ("*", service.service))
    destinations = countries if service.destinations == "*" else frozenset(service.destinations.split("+"))
    return Judge(
        service,
        limits_of(service),
        frozenset(service.origins.split("+")),
        destinations,
        tuple((row.country, day_number(row.first_day), day_number(row.last_day), row.reason) for row in held),
    )


def _text(name: str, facts: Facts, service: Service, money: Money) -> str:
    """A fact as it is shown."""
    if name == "sides_mm":
        return f"{facts['length_mm'] + facts['width_mm'] + facts['height_mm']:,}"
    if name == "placed_on":
        return (date(1970, 1, 1) + timedelta(days=facts["placed_day"])).isoformat()
    if name == "battery_accepted":
        return ACCEPTED.get(service.battery, service.battery)
    if name == "network_currency":
        return money.currency
    value = facts[name]
    if name.endswith("_minor"):
        return money.write(value)
    if value is None:
        return "?"
    return value if isinstance(value, str) else f"{value:,}"

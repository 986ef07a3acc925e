"""What is sold, and what is charged for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold: who may use it for what, and how it travels. Fields are the columns of `services`."""

    service: str
    name: str
    kind: str
    mail_class: str
    service_indicator: str
    modes: str
    routing: str
    origins: str
    destinations: str
    clearance: str
    delivery: str
    currency: str
    weight_min_g: int
    weight_max_g: int
    length_max_mm: int
    sum_max_mm: int
    value_max_minor: int | None
    battery: str
    volumetric_divisor: int
    tracked: bool
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A bracket of a service's rate card, closed at the top. Fields are the columns of `rates`."""

    service: str
    origin: str
    country: str
    postcode_prefix: str
    weight_over_g: int
    weight_to_g: int
    charge_item_minor: float
    charge_kg_minor: float
    charge_least_minor: float
    valid_from: date
    valid_to: date
    source: str


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What is added to a charge. Fields are the columns of `surcharges`."""

    service: str
    surcharge: str
    origin: str
    country: str
    area: str
    kind: str
    amount: float
    valid_from: date
    valid_to: date
    source: str

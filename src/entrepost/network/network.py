"""A whole network: every table of a network folder as nouns, and the look-ups that all rooms need."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cached_property
from typing import TypeVar

from entrepost.base.errors import MissingRowError
from entrepost.network.calendar import Exceptional, Suspension
from entrepost.network.clearance import Channel
from entrepost.network.correction import Correction
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Facility, Processing
from entrepost.network.product import Product, Seller
from entrepost.network.regime import Regime
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service, Surcharge
from entrepost.network.warehouse import Stock, Warehouse

Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Network:
    """What a network folder says. Immutable: a change is `dataclasses.replace`.

    `ordinary_week` is a Monday whose zone offsets the ordinary week uses; `items_per_week` the load
    for which the missed departures hold; `sources` maps a source's key to its title, place and licence.
    """

    name: str
    currency: str
    time_zone: str
    ordinary_week: date
    items_per_week: int
    sources: Mapping[str, Mapping[str, str]]
    facilities: tuple[Facility, ...]
    processing: tuple[Processing, ...]
    departures: tuple[Departure, ...]
    clearance: tuple[Channel, ...]
    delivery: tuple[Delivery, ...]
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    rates: tuple[Rate, ...]
    surcharges: tuple[Surcharge, ...] = ()
    warehouses: tuple[Warehouse, ...] = ()
    stock: tuple[Stock, ...] = ()
    products: tuple[Product, ...] = ()
    sellers: tuple[Seller, ...] = ()
    calendar: tuple[Exceptional, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    regimes: tuple[Regime, ...] = field(default=(Regime("ordinary", 1_000_000, 1.0, 1.0, 1.0, 1.0, "assumed"),))
    corrections: tuple[Correction, ...] = ()

    @cached_property
    def facility_by_code(self) -> dict[str, Facility]:
        """Facilities by their code."""
        return {facility.facility: facility for facility in self.facilities}

    @cached_property
    def service_by_code(self) -> dict[str, Service]:
        """Services by their code."""
        return {service.service: service for service in self.services}

    @cached_property
    def _processing_by_key(self) -> dict[tuple[str, str, str], Processing]:
        return {(row.facility, row.activity, row.mail_class): row for row in self.processing}

    def only(self, services: Collection[str]) -> Network:
        """This network with these services alone: its distributions are few and quickly computed."""
        return replace(
            self,
            services=tuple(row for row in self.services if row.service in services),
            rates=tuple(row for row in self.rates if row.service in services),
        )

    def get_facility(self, code: str) -> Facility:
        """The facility of that code; raises `MissingRowError` where there is none."""
        if code not in self.facility_by_code:
            raise MissingRowError(f"network {self.name!r} has no facility {code!r}")
        return self.facility_by_code[code]

    def find_processing(self, facility: str, activity: str, mail_class: str) -> Processing | None:
        """The work row for a mail class at a facility, or the row for all classes, or None."""
        rows = self._processing_by_key
        return rows.get((facility, activity, mail_class)) or rows.get((facility, activity, "*"))

    @cached_property
    def delivery_by_key(self) -> dict[tuple[str, str, str], Delivery]:
        """Last miles by (from facility, area, product)."""
        return {(row.from_facility, row.area, row.product): row for row in self.delivery}

    @cached_property
    def channels_by_key(self) -> dict[tuple[str, str, str], tuple[Channel, ...]]:
        """Customs channels by (facility, direction, regime)."""
        return _grouped(((row.facility, row.direction, row.regime), row) for row in self.clearance)

    @cached_property
    def departures_by_leg(self) -> dict[tuple[str, str], tuple[Departure, ...]]:
        """Departures by (from facility, to facility), all modes."""
        return _grouped(((row.from_facility, row.to_facility), row) for row in self.departures)

    @cached_property
    def calendar_by_departure(self) -> dict[str, tuple[Exceptional, ...]]:
        """Cancelled and added days by departure."""
        return _grouped((row.departure, row) for row in self.calendar if row.departure)

    @cached_property
    def calendar_by_place(self) -> dict[tuple[str, str], tuple[Exceptional, ...]]:
        """Closed and slow days by (facility, "") where one is named, else by ("", country)."""
        rows = (row for row in self.calendar if not row.departure)
        return _grouped(((row.facility, "" if row.facility else row.country), row) for row in rows)

    @cached_property
    def area_region(self) -> dict[str, Region]:
        """For each area its region of the greatest weight, whose country and zone stand for the area."""
        found: dict[str, Region] = {}
        for row in self.regions:
            if row.area not in found or row.weight > found[row.area].weight:
                found[row.area] = row
        return found

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything that the folder says, the same on every machine."""
        digest = hashlib.sha256()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "corrections" and not value:
                continue  # so that a folder without them keeps the hash that it had before there were any
            rows = value if isinstance(value, tuple) else (value,)
            digest.update(f"{each.name}\n".encode())
            for row in rows:
                digest.update(f"{_plain(row)!r}\n".encode())
        return digest.hexdigest()

    @cached_property
    def way_hash(self) -> str:
        """The hash of all but what lies on shelves, which changes no way: it names what is computed from the ways."""
        return replace(self, stock=()).content_hash if self.stock else self.content_hash

    def with_stock(self, stock: Iterable[Stock]) -> Network:
        """This network with other pieces on its shelves; what was computed from its ways still holds."""
        changed = replace(self, stock=tuple(stock))
        changed.__dict__["way_hash"] = self.way_hash
        return changed


def _grouped(pairs: Iterable[tuple[Key, Row]]) -> dict[Key, tuple[Row, ...]]:
    found: dict[Key, list[Row]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _plain(value: object) -> object:
    """The value such that what is equal looks equal: 2 as 2.0, mappings in order of their keys."""
    if isinstance(value, Mapping):
        return sorted((key, _plain(each)) for key, each in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, each.name)) for each in fields(value)]
    return float(value) if isinstance(value, int) else value

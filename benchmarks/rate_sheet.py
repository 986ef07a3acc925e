"""One rate sheet for both sides: six services, ten zones, eight brackets of weight, two surcharges each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from benchmarks.karrio_gateway import open_gateway
from entrepost.network.network import Network
from entrepost.network.service import Rate, Service, Surcharge
from entrepost.tables.sample_orders import sample_orders

ORIGIN = "CNCANA"
SERVICES = ("PACKET", "REGISTERED", "PARCEL", "EMS", "LINE", "INJECT")
EDGES_G = (0, 100, 250, 500, 1000, 2000, 5000, 10000, 30000)
ZONES = 10
FUEL_PERCENT, PEAK_MINOR = 12.5, 30
ALWAYS = (date(1, 1, 1), date(9999, 12, 31))
MINOR = 100


def narrow(network: Network, countries: int) -> Network:
    """The network with six direct services from one office to so many countries, and our sheet as their rates.

    What the peer has no word for is left out: volumetric weight, the sum of the sides, limits of value,
    batteries, currencies, exceptional days. How mail travels stays as it is.
    """
    to = list_destinations(network)[:countries]
    services = tuple(_plain_service(network.service_by_code[code], to, network.currency) for code in SERVICES)
    return replace(
        network,
        regions=tuple(row for row in network.regions if row.country in to),
        services=services,
        rates=tuple(rate for service in services for rate in _list_rates(service, to)),
        surcharges=tuple(surcharge for service in services for surcharge in _surcharges(service)),
        warehouses=(),
        stock=(),
        calendar=(),
        suspensions=(),
    )


def list_destinations(network: Network) -> list[str]:
    """The countries of the dedicated line, those that all services but one go to."""
    return sorted(network.service_by_code["LINE"].destinations.split("+"))


def draw_orders(network: Network, count: int, seed: int) -> pl.DataFrame:
    """Orders of one parcel each in the ordinary week; no weight stands on the edge of a bracket.

    On an edge the sides differ by design: ours takes it into the lower bracket, the peer into the upper.
    """
    dice = np.random.default_rng(seed)
    orders = sample_orders(network, count, seed, weeks=1).unique(
        ["seller", "order_id"], keep="first", maintain_order=True
    )
    weights = dice.integers(5, 400, orders.height) * 10
    return orders.with_columns(
        line=pl.lit(1, pl.Int64),
        quantity=pl.lit(1, pl.Int64),
        unit_value=pl.lit("0"),
        weight_g=pl.Series(np.where(np.isin(weights, EDGES_G), weights + 10, weights)),
        length_mm=pl.Series(dice.integers(10, 80, orders.height) * 10),
        width_mm=pl.lit(100, pl.Int64),
        height_mm=pl.lit(50, pl.Int64),
        origin=pl.lit(ORIGIN),
        wanted_by=pl.lit(None, pl.Datetime("us", "UTC")),
        battery=pl.lit("none"),
    )


def open_peer(network: Network) -> Any:
    """Karrio's gateway of rate sheets with the same sheet: major units, kilograms, centimetres."""
    settings = {"display_name": "sheet", "custom_carrier_name": "sheet", "carrier_id": "sheet"}
    to = sorted({rate.country for rate in network.rates})
    services = [_peer_service(service, to) for service in network.services]
    return open_gateway("generic", {**settings, "account_country_code": "CN", "services": services})


def to_requests(orders: pl.DataFrame, models: Any) -> list[Any]:
    """The orders as the requests that Karrio rates."""
    columns = ("country", "postcode", "city", "weight_g", "length_mm", "width_mm", "height_mm")
    return [
        models.RateRequest(
            shipper={"country_code": "CN", "postal_code": "510000", "city": "Guangzhou"},
            recipient={"country_code": country, "postal_code": postcode, "city": city},
            parcels=[
                {
                    "weight": weight / 1000,
                    "weight_unit": "KG",
                    **{name: side / 10 for name, side in zip(("length", "width", "height"), sides, strict=True)},
                    "dimension_unit": "CM",
                }
            ],
        )
        for country, postcode, city, weight, *sides in orders.select(columns).iter_rows()
    ]


def _plain_service(service: Service, to: list[str], currency: str) -> Service:
    served = [country for country in to if service.destinations == "*" or country in service.destinations.split("+")]
    return replace(
        service,
        origins=ORIGIN,
        destinations="+".join(served),
        currency=currency,
        sum_max_mm=10 * service.length_max_mm,
        value_max_minor=None,
        battery="any",
        volumetric_divisor=0,
    )


def _list_rates(service: Service, to: list[str]) -> list[Rate]:
    """A rate for each country and bracket; the countries of a zone pay the same."""
    number = SERVICES.index(service.service)
    return [
        Rate(service.service, "*", country, "", over, upto, _charge(number, zone, upto), 0.0, 0.0, *ALWAYS, "made up")
        for zone, countries in enumerate(_zones(service, to))
        for country in countries
        for over, upto in pairwise(EDGES_G)
    ]


def _charge(service: int, zone: int, upto_g: int) -> float:
    """In minor units: dearer with each service, zone and bracket."""
    return float(307 + 101 * zone + 73 * service + upto_g * (411 + 97 * service) // 1000)


def _zones(service: Service, to: list[str]) -> list[list[str]]:
    """The countries that a service goes to, zone by zone."""
    served = service.destinations.split("+")
    return [[country for country in to[zone::ZONES] if country in served] for zone in range(ZONES)]


def _surcharges(service: Service) -> tuple[Surcharge, Surcharge]:
    anywhere = (service.service, "*", "*", "*")
    code, *places = anywhere
    return (
        Surcharge(code, "fuel", *places, "percent", FUEL_PERCENT, *ALWAYS, "made up"),
        Surcharge(code, "peak", *places, "item", float(PEAK_MINOR), *ALWAYS, "made up"),
    )


def _peer_service(service: Service, to: list[str]) -> dict[str, Any]:
    number = SERVICES.index(service.service)
    zones = [
        {
            "label": f"zone {zone}",
            "country_codes": countries,
            "min_weight": over / 1000,
            "max_weight": upto / 1000,
            "transit_days": 5 + number,
            "rate": _charge(number, zone, upto) / MINOR,
        }
        for zone, countries in enumerate(_zones(service, to))
        if countries
        for over, upto in pairwise(EDGES_G)
    ]
    return {
        "service_name": service.name,
        "service_code": service.service,
        "currency": service.currency,
        "weight_unit": "KG",
        "dimension_unit": "CM",
        "max_weight": service.weight_max_g / 1000,
        "max_length": service.length_max_mm / 10,
        "domicile": False,
        "international": True,
        "zones": zones,
        "surcharges": [
            {"name": "fuel", "amount": FUEL_PERCENT, "surcharge_type": "percentage"},
            {"name": "peak", "amount": PEAK_MINOR / MINOR},
        ],
    }

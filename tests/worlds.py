"""Tiny named worlds whose answers can be checked by hand.

All stand in the UTC zone, all durations are fixed (min = median = 90 %), nothing is lost, refused or
missed, every delivery round is the single hour 09-10, so an attempt is always at 10:00. Monday of the
ordinary week is 5 January 2026. "Mon 00" below means Monday, 00:00 UTC.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl

from entrepost.network.clearance import Channel
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Facility, Processing
from entrepost.network.network import Network
from entrepost.network.product import Product, Seller
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service
from entrepost.network.warehouse import Stock, Warehouse

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS = (date(1, 1, 1), date(9999, 12, 31))
TUE, WED, FRI, SUN = 2, 3, 5, 7
LAMP = Product("LAMP", "lamp", "", 400, 200, 100, 50, "30.00", "CNY", "none", 1.0, "assumed")
MUG = Product("MUG", "mug", "", 300, 200, 100, 50, "8.00", "CNY", "none", 1.0, "assumed")


def two_offices() -> Network:
    """Shanghai to Frankfurt, one service, two flights a week (Tue 12 and Fri 12).

    Steps: prepare 24 h, accept 2, outward 4, export customs 1 (so ready 31 h after the order), cutoff
    2 h before the flight, flight 12, inward 4, import customs 6, to the delivery office 12, delivery
    Monday to Friday at 10:00.

    Facts: an order of Mon 00 is ready Tue 07, flies Tue 12, lands Wed 00, is at the delivery office
    Wed 22, is attempted Thu 10: it waits 82 hours. The last order for the Tuesday flight is placed
    Mon 03 (79 hours), one of Mon 04 flies Fri 12, lands Sat 00, is at the delivery office Sat 22 and
    attempted the Monday after at 10:00 (174 hours). The last order for the Friday flight is placed
    Thu 03 (103 hours); one of Thu 04 is attempted the Thursday after (174 hours). So all 168 starts
    wait between 79 and 174 hours. An item of 400 g is charged 25.00 + 0.4 x 90.00 = 61.00 CNY and
    costs 10.00 + 0.4 x 25.00 = 20.00 CNY. Route: CNSHAA>DEFRAA.
    """
    return Network(
        name="two offices",
        currency="CNY",
        time_zone="UTC",
        ordinary_week=MONDAY.date(),
        items_per_week=1000,
        sources={},
        facilities=(
            _facility("CNSHAA", "Shanghai", "office_of_exchange", "CN", 31.14, 121.81),
            _facility("DEFRAA", "Frankfurt", "office_of_exchange", "DE", 50.03, 8.57),
        ),
        processing=(
            _work("CNSHAA", "prepare", 24),
            _work("CNSHAA", "accept", 2, 100),
            _work("CNSHAA", "outward", 4, 50),
            _work("DEFRAA", "inward", 4, 50),
        ),
        departures=(
            _departure("MU219-2", ("CNSHAA", "DEFRAA"), TUE, "12:00", 12, 2000),
            _departure("MU219-5", ("CNSHAA", "DEFRAA"), FRI, "12:00", 12, 2000),
        ),
        clearance=(_customs("CNSHAA", "export", 1), _customs("DEFRAA", "import", 6, 100)),
        delivery=(_delivery("DEFRAA", "Mo-Fr 09-10", 12, 700, 500),),
        regions=(Region("DE-60", "DE", "60", "Frankfurt", 50.11, 8.68, "UTC", "DE", 760_000, 1.0, "assumed"),),
        services=(_service("PACKET", "Tracked packet", "U", "LX", "air"),),
        rates=(_rate("PACKET", 2500, 9000),),
        products=(LAMP, MUG),
        sellers=(Seller("shop", "The shop", "CNSHAA", 1.0, "assumed"),),
    )


def two_services() -> Network:
    """Two offices with a fast dear service by air (FAST) and a slow cheap one by rail (SLOW).

    FAST travels as PACKET does in `two_offices`, at 50.00 + 120.00 a kilogram. SLOW takes the train of
    Wed 12 (cutoff 12 h, so ready by Wed 00; travel 336 h). Facts: an order of Mon 00 by SLOW is ready
    Tue 07, leaves Wed 12, is there Wed 12 two weeks later, cleared 22:00, at the delivery office Thu
    10, attempted Fri 10: it waits 442 hours against 82 by FAST. The last order for a train is placed
    Mon 17 (425 hours). An item of 400 g: FAST is charged 98.00 and costs 20.00 CNY, SLOW is charged
    10.00 + 0.4 x 40.00 = 26.00 and costs 10.00 + 0.4 x (5.00 + 5.00) = 14.00 CNY. Both take the
    route CNSHAA>DEFRAA, each by its own mode.
    """
    base = two_offices()
    train = replace(
        _departure("RAIL-3", ("CNSHAA", "DEFRAA"), WED, "12:00", 336, 500),
        mode="rail",
        carrier="CRCT",
        cutoff_hours=12.0,
    )
    return replace(
        base,
        name="two services",
        departures=(*base.departures, train),
        services=(_service("FAST", "EMS", "E", "EX", "air"), _service("SLOW", "Rail packet", "U", "LX", "rail")),
        rates=(_rate("FAST", 5000, 12000), _rate("SLOW", 1000, 4000)),
    )


def one_warehouse() -> Network:
    """Two offices, and the open warehouse DEFRAW with 2 LAMPs of the seller `shop`; service LOCAL.

    LOCAL picks in 2 h, reaches the delivery office 5 h later, delivery Monday to Friday at 10:00: an
    order of Mon 00 is attempted Mon 10 (10 hours), one of Mon 02 as well (8 hours), one of Mon 03 on
    Tue 10 (31 hours). An item is charged 20.00 CNY whatever it weighs. At 400 g it costs 3.00 to pick
    and 5.00 + 0.4 x 2.00 to deliver, together 8.80 CNY; bringing it there (0.4 x 15.00 + 0.50) and 30
    days of storage (30 x 0.01) make 6.80 more, 15.60 CNY in all. Route: DEFRAW.
    """
    base = two_offices()
    return replace(
        base,
        name="one warehouse",
        facilities=(*base.facilities, _facility("DEFRAW", "Frankfurt", "warehouse", "DE", 50.1, 8.6)),
        processing=(*base.processing, _work("DEFRAW", "pick", 2, 300)),
        delivery=(*base.delivery, _delivery("DEFRAW", "Mo-Fr 09-10", 5, 500, 200)),
        services=(
            *base.services,
            replace(_service("LOCAL", "From stock", "C", "CX", "none"), kind="stock", clearance="none"),
        ),
        rates=(*base.rates, _rate("LOCAL", 2000, 0)),
        warehouses=(Warehouse("DEFRAW", True, "DE", 1000, 1500.0, 50.0, 1.0, 30.0, 10_000_000, "assumed"),),
        stock=(Stock("DEFRAW", "shop", "LAMP", 2),),
    )


def hub() -> Network:
    """Shanghai to Frankfurt over Dubai three times a week, or by one direct flight on Sunday.

    Shanghai-Dubai Mon, Wed, Fri 12 (8 h); transit 4 h; Dubai-Frankfurt Tue, Thu, Sat 06 (7 h); direct
    Sun 12 (12 h); every cutoff 2 h; delivery every day at 10:00; all else as in `two_offices`. Facts:
    an order of Mon 00 is ready Tue 07. Over the hub it flies Wed 12, is ready in Dubai Thu 00, flies
    Thu 06, lands 13, is at the delivery office Fri 11, attempted Sat 10 (130 hours); directly it flies
    Sun 12, lands Mon 00, is at the delivery office Mon 22, attempted Tue 10 (202 hours). An order of
    Fri 00 is ready Sat 07: directly Tue 10 (106 hours), over the hub it flies Mon 12 and Tue 06, is
    at the delivery office Wed 11, attempted Thu 10 (154 hours). A kilogram costs 10.00 + 8.00 CNY and
    0.20 an item in transit over the hub, 20.00 directly. Routes: CNSHAA>AEDXBA>DEFRAA, CNSHAA>DEFRAA.
    """
    base = two_offices()
    first = [_departure(f"EK303-{day}", ("CNSHAA", "AEDXBA"), day, "12:00", 8, 1000) for day in (1, 3, 5)]
    second = [_departure(f"EK045-{day}", ("AEDXBA", "DEFRAA"), day, "06:00", 7, 800) for day in (2, 4, 6)]
    direct = _departure("MU219-7", ("CNSHAA", "DEFRAA"), SUN, "12:00", 12, 2000)
    return replace(
        base,
        name="hub",
        facilities=(*base.facilities, _facility("AEDXBA", "Dubai", "hub", "AE", 25.25, 55.36)),
        processing=(*base.processing, _work("AEDXBA", "transit", 4, 20)),
        departures=(*first, *second, direct),
        delivery=(_delivery("DEFRAA", "Mo-Su 09-10", 12, 700, 500),),
    )


def four_orders() -> pl.DataFrame:
    """Four orders of the seller `shop` from CNSHAA to Frankfurt; the columns of `orders`, five rows.

    o1: one LAMP, Mon 00. o2: one LAMP, Mon 03 exactly (the last for the Tuesday flight of
    `two_offices`), wanted by Thu 12. o3: one LAMP, Mon 03:30, so it starts at hour 4 and misses that
    flight. o4: two lines, a LAMP and two MUGs (1,000 g), Thu 00. In `one_warehouse` o1 and o2 take
    the two LAMPs; o3 finds none left and o4 finds no MUG.
    """
    thursday = datetime(2026, 1, 8, tzinfo=UTC)
    rows = [
        _order("o1", 1, MONDAY, (LAMP, 1)),
        _order("o2", 1, MONDAY.replace(hour=3), (LAMP, 1), thursday.replace(hour=12)),
        _order("o3", 1, MONDAY.replace(hour=3, minute=30), (LAMP, 1)),
        _order("o4", 1, thursday, (LAMP, 1)),
        _order("o4", 2, thursday, (MUG, 2)),
    ]
    instant = pl.Datetime("us", "UTC")
    return pl.DataFrame(rows, schema_overrides={"placed_at": instant, "wanted_by": instant})


def _facility(code: str, city: str, kind: str, country: str, latitude: float, longitude: float) -> Facility:
    return Facility(code, f"{city} {kind}", kind, country, city, latitude, longitude, "UTC", "assumed")


def _work(facility: str, activity: str, hours: float, cost_item_minor: float = 0.0) -> Processing:
    span = (float(hours),) * 3
    return Processing(facility, activity, "*", "24/7", *span, 1_000_000, 0, float(cost_item_minor), 0.0, "assumed")


def _departure(
    name: str, leg: tuple[str, str], weekday: int, departs: str, hours: float, cost_kg_minor: float
) -> Departure:
    span = (float(hours),) * 3
    figures = (2.0, *span, 0, 0, 5000, float(cost_kg_minor))
    return Departure(name, *leg, "air", name[:2], weekday, departs, *figures, *ALWAYS, "assumed")


def _customs(facility: str, direction: str, hours: float, cost_item_minor: float = 0.0) -> Channel:
    span = (float(hours),) * 3
    return Channel(
        facility,
        direction,
        "postal",
        "green",
        1_000_000,
        False,
        False,
        "24/7",
        *span,
        float(cost_item_minor),
        "assumed",
    )


def _delivery(facility: str, open_hours: str, hours: float, cost_item_minor: float, cost_kg_minor: float) -> Delivery:
    span = (float(hours),) * 3
    return Delivery(
        facility, "DE", "home", *span, open_hours, 0, 0, 0, float(cost_item_minor), float(cost_kg_minor), "assumed"
    )


def _service(code: str, name: str, mail_class: str, indicator: str, modes: str) -> Service:
    return Service(
        service=code,
        name=name,
        kind="direct",
        mail_class=mail_class,
        service_indicator=indicator,
        modes=modes,
        routing="fastest",
        origins="*",
        destinations="*",
        clearance="postal",
        delivery="home",
        currency="CNY",
        weight_min_g=0,
        weight_max_g=2000,
        length_max_mm=600,
        sum_max_mm=900,
        value_max_minor=None,
        battery="contained",
        volumetric_divisor=0,
        tracked=True,
        source="assumed",
    )


def _rate(service: str, charge_item_minor: float, charge_kg_minor: float) -> Rate:
    charges = (float(charge_item_minor), float(charge_kg_minor), 0.0)
    return Rate(service, "*", "DE", "", 0, 2000, *charges, *ALWAYS, "assumed")


def _order(
    order_id: str, line: int, placed_at: datetime, what: tuple[Product, int], wanted_by: datetime | None = None
) -> dict[str, object]:
    product, quantity = what
    return {
        "tenant": "main",
        "seller": "shop",
        "order_id": order_id,
        "line": line,
        "placed_at": placed_at,
        "sku": product.sku,
        "quantity": quantity,
        "unit_value": product.unit_value,
        "currency": product.currency,
        "weight_g": product.weight_g,
        "length_mm": product.length_mm,
        "width_mm": product.width_mm,
        "height_mm": product.height_mm,
        "origin": "CNSHAA",
        "country": "DE",
        "postcode": "60311",
        "city": "Frankfurt",
        "wanted_by": wanted_by,
        "battery": product.battery,
        "hs_code": product.hs_code,
        "description": product.description,
    }

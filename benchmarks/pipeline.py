"""A pipeline of five stages as a network: shifts, cutoffs and capacities, and what comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import polars as pl

from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Facility, Processing
from entrepost.network.network import Network
from entrepost.network.region import Region
from entrepost.network.service import Rate, Service
from entrepost.tables.frames import INSTANT

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS = (date(1, 1, 1), date(9999, 12, 31))
HERE, THERE, AREA = "CNCANA", "DEFRAA", "DE"
WEIGHT_G = 400
UNLIMITED = 1_000_000
Span = tuple[float, float, float]
"""A duration in hours: at the least, the median, the 90 % quantile."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How many items come in a week, and whether places keep shifts, have limits, take varying times.

    With shifts there is one flight a day that closes before it leaves, without them one every hour.
    """

    items_a_week: int
    shifts: bool = True
    limits: bool = True
    durations: Mapping[str, Span] | None = None


VARYING = {"accept": (1, 2, 4), "outward": (1, 3, 6), "ride": (10, 12, 16), "inward": (1, 3, 8), "deliver": (4, 12, 30)}
FIXED = {"accept": (2, 2, 2), "outward": (3, 3, 3), "ride": (12, 12, 12), "inward": (3, 3, 3), "deliver": (12, 12, 12)}
SHIFTS = {"accept": "Mo-Sa 08-20", "outward": "Mo-Su 06-22", "inward": "Mo-Sa 06-22", "deliver": "Mo-Sa 09-17"}
OPEN_A_WEEK = {"accept": 72, "outward": 112, "inward": 96}
ROOM = 1.12
"""A place can finish so many times what comes in on average."""


def build(pipeline: Pipeline, one_round: bool = False) -> Network:
    """The pipeline as a network; `one_round`: every delivery is attempted at ten, so that nothing is drawn."""
    times = pipeline.durations or VARYING
    limit = {name: round(ROOM * pipeline.items_a_week / hours) for name, hours in OPEN_A_WEEK.items()}
    works = [
        Processing(
            facility,
            name,
            "*",
            SHIFTS[name] if pipeline.shifts else "24/7",
            *map(float, times[name]),
            limit[name] if pipeline.limits else UNLIMITED,
            0,
            *(0.0, 0.0, "made up"),
        )
        for facility, name in ((HERE, "accept"), (HERE, "outward"), (THERE, "inward"))
    ]
    rounds = "Mo-Sa 09-10" if one_round else SHIFTS["deliver"]
    delivery = Delivery(THERE, AREA, "home", *map(float, times["deliver"]), rounds, 0, 0, 0, *(0.0, 0.0, "made up"))
    return Network(
        name="pipeline",
        currency="CNY",
        time_zone="UTC",
        ordinary_week=MONDAY.date(),
        items_per_week=pipeline.items_a_week,
        sources={},
        facilities=tuple(_facility(code) for code in (HERE, THERE)),
        processing=tuple(works),
        departures=tuple(_departures(pipeline, times["ride"])),
        clearance=(),
        delivery=(delivery,),
        regions=(Region("DE", "DE", "", "Frankfurt", 50.1, 8.7, "UTC", AREA, 1, 1.0, "made up"),),
        services=(_service(),),
        rates=(Rate("PACKET", "*", "DE", "", 0, 2000, 1.0, 0.0, 0.0, *ALWAYS, "made up"),),
    )


def draw_orders(pipeline: Pipeline, items: int, seed: int) -> pl.DataFrame:
    """Orders of one item each that come evenly at random, in the order in which they come (a Poisson stream)."""
    gaps = np.random.default_rng(seed).exponential(7 * 86_400_000_000 / pipeline.items_a_week, items)
    placed = int(MONDAY.timestamp()) * 1_000_000 + np.cumsum(gaps).astype(np.int64)
    numbers = pl.Series("order_id", np.arange(items)).cast(pl.String).str.zfill(9)
    fixed = {
        "tenant": "main",
        "seller": "shop",
        "sku": "LAMP",
        "unit_value": "1.00",
        "currency": "CNY",
        "origin": HERE,
        "country": "DE",
        "postcode": "60311",
        "city": "Frankfurt",
        "battery": "none",
        "hs_code": "940521",
        "description": "lamp",
    }
    whole = {"line": 1, "quantity": 1, "weight_g": WEIGHT_G, "length_mm": 200, "width_mm": 100, "height_mm": 50}
    return pl.DataFrame({"order_id": numbers, "placed_at": pl.Series(placed).cast(INSTANT)}).with_columns(
        **{name: pl.lit(text) for name, text in fixed.items()},
        **{name: pl.lit(number, pl.Int64) for name, number in whole.items()},
        wanted_by=pl.lit(None, INSTANT),
    )


def choose_all(orders: pl.DataFrame) -> pl.DataFrame:
    """All orders go the one way."""
    way = {"service": pl.lit("PACKET"), "route": pl.lit(f"{HERE}>{THERE}"), "area": pl.lit(AREA)}
    return orders.select("tenant", "seller", "order_id").with_columns(**way)


def _facility(code: str) -> Facility:
    return Facility(code, code, "office_of_exchange", code[:2], code, 0.0, 0.0, "UTC", "made up")


def _departures(pipeline: Pipeline, span: Span) -> list[Departure]:
    """A flight a day that takes what comes in a day and a little more, or one every hour without limits."""
    hours = [18] if pipeline.shifts else range(24)
    room = round(ROOM * pipeline.items_a_week / 7 * WEIGHT_G / 1000) if pipeline.limits else UNLIMITED
    times = (4.0 if pipeline.shifts else 0.0, *map(float, span))
    return [
        Departure(
            *(f"F{day}-{hour}", HERE, THERE, "air", "F", day, f"{hour:02d}:00", *times, 0, 0, room, 0.0),
            *ALWAYS,
            "made up",
        )
        for day in range(1, 8)
        for hour in hours
    ]


def _service() -> Service:
    return Service(
        service="PACKET",
        name="packet",
        kind="direct",
        mail_class="U",
        service_indicator="LX",
        modes="air",
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
        battery="any",
        volumetric_divisor=0,
        tracked=True,
        source="made up",
    )

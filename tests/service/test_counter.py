"""One order at the counter is answered as frames answer it, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.clock import to_hour
from entrepost.journey.hourly import HourBook, compile_hour
from entrepost.mail.order import Line, Order
from entrepost.network.calendar import Suspension
from entrepost.network.network import Network
from entrepost.network.region import Region
from entrepost.network.service import Surcharge
from entrepost.service.at_counter.ranking import Plain
from entrepost.service.choice import choose
from entrepost.service.counter import Counter, open_counter
from entrepost.service.policy import Balanced, Fastest, KeepDate, LeastCharge, LeastCost
from entrepost.service.quote import quote
from tests.worlds import ALWAYS, one_warehouse, two_offices, two_services

PLACED = datetime(2026, 1, 5, 10, tzinfo=UTC)
POLICIES: tuple[Plain, ...] = (
    Balanced(day_value_minor=300),
    KeepDate(),
    KeepDate(0.5),
    LeastCharge(),
    LeastCost(),
    LeastCost(300),
    Fastest(),
)
LINES = st.builds(
    Line,
    line=st.just(1),
    quantity=st.integers(1, 6),
    unit_value=st.sampled_from(["0", "30.00", "12.345", "900", "0.005"]),
    weight_g=st.sampled_from([1, 99, 400, 2000, 2001, 9000]),
    sku=st.sampled_from(["", "LAMP", "MUG"]),
    length_mm=st.sampled_from([0, 100, 610, 1500]),
    width_mm=st.sampled_from([0, 100, 400]),
    height_mm=st.sampled_from([0, 50, 300]),
    battery=st.sampled_from(["none", "contained", "loose"]),
)


@cache
def counters() -> tuple[tuple[Counter, HourBook], ...]:
    worlds = [two_offices(), one_warehouse(), two_services(), _many_rules()]
    return tuple((open_counter(each), compile_hour(each, to_hour(PLACED))) for each in worlds)


@st.composite
def orders(draw: Any) -> Order:
    """Orders of one hour to places of the worlds and beside them."""
    wanted = draw(st.sampled_from([None, 1, 6, 9, 20, 40]))
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    priced = any(line.unit_value != "0" for line in lines)
    return Order(
        tenant="main",
        seller=draw(st.sampled_from(["shop", "other"])),
        order_id="o1",
        placed_at=PLACED - timedelta(minutes=draw(st.integers(0, 59))),
        origin=draw(st.sampled_from(["CNSHAA", "NOWHERE"])),
        country=draw(st.sampled_from(["DE", "FR", "US"])),
        lines=tuple(replace(line, line=number + 1) for number, line in enumerate(lines)),
        currency=draw(st.sampled_from(["CNY", "EUR", "USD", "KWD"] if priced else ["", "EUR"])),
        postcode=draw(st.sampled_from(["", "60311", "6", "60 31*", "x-1", "1011"])),
        city=draw(st.sampled_from(["", "Frankfurt", "FRANKFURT ", "Fránkfurt", "Berlin"])),
        wanted_by=None if wanted is None else PLACED + timedelta(days=wanted, minutes=7),
    )


@settings(max_examples=40, deadline=None)
@given(orders(), st.sampled_from(POLICIES), st.integers(0, 3))
def test_an_order_is_quoted_and_chosen_for_as_by_frames(order: Order, policy: Plain, world: int) -> None:
    counter, book = counters()[world]
    offers, frame = counter.quote(order, book), frame_of(order)
    if offers is None:
        assert sum(line.weight_g * line.quantity for line in order.lines) > 30_000
        return
    told = quote(counter.network, frame)
    assert offers == told.to_dicts()
    assert counter.choose(order, offers, policy) == choose(counter.network, frame, policy, told).to_dicts()[0]


def frame_of(order: Order) -> pl.DataFrame:
    """The order as rows of the table."""
    shared = (
        "tenant",
        "seller",
        "order_id",
        "placed_at",
        "origin",
        "country",
        "currency",
        "postcode",
        "city",
        "wanted_by",
    )
    own = tuple(Line.__dataclass_fields__)
    rows = [
        {name: getattr(order, name) or None for name in shared} | {name: getattr(line, name) for name in own}
        for line in order.lines
    ]
    times = {name: pl.Datetime("us", "UTC") for name in ("placed_at", "wanted_by")}
    texts = dict.fromkeys(("currency", "postcode", "city"), pl.String)
    frame = pl.DataFrame(rows, schema_overrides={**times, **texts})
    return frame.with_columns(pl.col("sku").replace("", None))


def _many_rules() -> Network:
    """Two services and stock, with limits, surcharges, a dear postcode, a second region and a strike."""
    base, stock = two_services(), one_warehouse()
    fast, slow = base.services
    limited = replace(fast, volumetric_divisor=5000, value_max_minor=100_000, length_max_mm=1000, battery="contained")
    regions = (
        *base.regions,
        Region("DE-10", "DE", "101", "Fránkfurt", 52.5, 13.4, "Europe/Berlin", "DE", 1, 2.0, "assumed"),
    )
    added = (
        ("*", "fuel", "*", "*", "percent", 12.5),
        ("FAST", "fuel", "*", "DE", "item", 33.3),
        ("SLOW", "peak", "*", "*", "kg", 7.7),
    )
    return replace(
        stock,
        regions=regions,
        departures=base.departures,
        services=(limited, replace(slow, currency="EUR"), *stock.services[1:]),
        rates=(*base.rates, replace(base.rates[0], postcode_prefix="60 3", charge_item_minor=9999.0), *stock.rates[1:]),
        surcharges=tuple(
            Surcharge(
                service=service,
                surcharge=name,
                origin=origin,
                country=country,
                area="*",
                kind=kind,
                amount=amount,
                valid_from=ALWAYS[0],
                valid_to=ALWAYS[1],
                source="assumed",
            )
            for service, name, origin, country, kind, amount in added
        ),
        suspensions=(Suspension("SLOW", "DE", date(2026, 1, 1), date(2026, 1, 31), "strike", "assumed"),),
    )

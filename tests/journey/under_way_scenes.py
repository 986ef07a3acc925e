"""Items under way whose truth is known: hand-written histories, and simulated ones with scans missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.tables.items import ORDER
from tests.journey.histories import uncertain_offices
from tests.planning.scenes import DIRECT, choose_all, many_orders
from tests.worlds import MONDAY

INSTANT = pl.Datetime("us", "UTC")
SEED = 7
SILENT = replace(AS_ASSUMED, unscanned_per_million_most=400_000, report_hours_most=16.0)
"""As assumed, but up to four of ten scans are never sent, and reports come up to 16 hours late on average."""

Scan = tuple[str, int] | tuple[str, int, str]


def at(hour: float) -> datetime:
    """An instant by hours after Monday midnight."""
    return MONDAY + timedelta(hours=hour)


def history(*scans: Scan, item: str = "a", placed: float | None = 0, **cells: object) -> pl.DataFrame:
    """The events of one item of `two_offices`: (code, hour) or (code, hour, place); first that it was ordered."""
    begun = [(None, 0.0, None)] if placed is not None else []
    told = [(code, hour, place[0] if place else _usual(code)) for code, hour, *place in scans]
    rows = [
        {
            "item_id": item,
            "code": code,
            "time": at(hour) if code else None,
            "facility": facility,
            "placed_at": None if placed is None else at(placed),
            "service": "PACKET",
            "route": DIRECT,
            "area": "DE",
            **cells,
        }
        for code, hour, facility in [*begun, *told]
    ]
    texts = dict.fromkeys(("item_id", "code", "facility", "service", "route", "area"), pl.String)
    schema = {**texts, "time": INSTANT, "placed_at": INSTANT}
    return pl.DataFrame(rows, schema={**schema, **dict.fromkeys(cells.keys() - schema.keys(), pl.String)})


def difficult_offices() -> Network:
    """Uncertain offices with two regimes, holds, refusals, losses, missed flights and closed nights."""
    base = uncertain_offices()
    green = replace(base.clearance[1], share_per_million=820_000)
    held = replace(_lasting(green, 6.0, 20.0, 50.0), channel="inspection", held=True, open_hours="Mo-Fr 08-17")
    refused = replace(_lasting(green, 6.0, 10.0, 30.0), channel="refused", refused=True)
    channels = (replace(held, share_per_million=150_000), replace(refused, share_per_million=30_000))
    at_night = ("outward", "inward")
    return replace(
        base,
        clearance=(base.clearance[0], green, *channels),
        regimes=(
            Regime("calm", 700_000, 0.8, 0.9, 0.8, 0.9, "assumed"),
            Regime("busy", 300_000, 1.6, 1.4, 1.7, 1.5, "assumed"),
        ),
        departures=tuple(
            replace(row, missed_1_per_million=60_000, missed_2_per_million=20_000) for row in base.departures
        ),
        processing=tuple(
            replace(row, lost_per_million=10_000, open_hours="Mo-Sa 06-22" if row.activity in at_night else "24/7")
            for row in base.processing
        ),
        delivery=tuple(replace(row, lost_per_million=20_000, open_hours="Mo-Fr 09-14") for row in base.delivery),
    )


def simulate_items(network: Network, items: int, world: World = SILENT, hours_apart: float = 0.0) -> pl.DataFrame:
    """All scans of so many items, each in a lane of its own, with what was chosen; and a row that it was ordered."""
    orders = many_orders(items, hours_apart).with_columns(country="L" + pl.int_range(items).cast(pl.String))
    chosen = choose_all(orders)
    events = simulate(network, orders, chosen, SEED, world)
    ordered = orders.select(*ORDER, "placed_at")
    begun = orders.select(*ORDER, item_id=pl.col("order_id") + "#1").with_columns(code=pl.lit(None, pl.String))
    known = chosen.select(*ORDER, "service", "route", "area").join(ordered, on=ORDER)
    return pl.concat([events, begun], how="diagonal").join(known, on=ORDER)


def scanning_of(world: World, network: Network) -> Scanning:
    """What is true of scans in a world."""
    places = [row.facility for row in network.facilities]
    return Scanning(
        EtaParams(),
        {(place, code): world.draw_unscanned(SEED, place, code) for place in places for code in CODES},
        {place: world.draw_report_hours(SEED, place) for place in places},
    )


def arrivals(events: pl.DataFrame) -> pl.DataFrame:
    """item_id and arrived_at, the first attempt of each item that arrives."""
    attempted = events.filter(pl.col("code").is_in(["EMI", "EMH", "EDH"]))
    return attempted.group_by("item_id").agg(arrived_at=pl.col("time").min())


def _lasting(row: object, least: float, median: float, ninth: float) -> object:
    return replace(row, hours_min=least, hours_p50=median, hours_p90=ninth)  # type: ignore[type-var]


def _usual(code: str) -> str:
    return "CNSHAA" if code in ("EMA", "EMB", "EXA", "EXB", "EXC", "EXX", "EMC") else "DEFRAA"

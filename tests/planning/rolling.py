"""Weeks that roll: each Monday a network learns from what was known by then, and promises the orders of the week.

The world is never shown to it: its steps last up to 30 % longer or shorter than the network says, departures leave
late or not at all, days of places and countries are slow for all, three scans in ten go missing, and from one day on
everything takes longer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import polars as pl

from entrepost.journey.learn import learn
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.network.sample_network import sample_network
from entrepost.operations.corrections import restate, with_corrections
from entrepost.planning.corrections import measure_corrections
from entrepost.planning.measure import measure_waits
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.service.choice import choose
from entrepost.tables.items import ORDER
from entrepost.tables.sample_orders import sample_orders

BEGIN = datetime(2026, 2, 23, tzinfo=UTC)
WEEKS, SLOWER_WEEK = 14, 7
MISSING = 300
"""So many of a thousand scans are never sent."""

ALL_SENT = World(unscanned_per_million_most=0, final_unscanned_per_million_most=0)
"""The default world, of whose scans the share above is taken out afterwards."""

ROOMY_ORDERS = 20_000
"""So many orders fill no departure of `few_lanes` for good."""

COUNTRIES = ("US", "DE", "GB", "FR", "JP", "AU")
ORIGINS = 3


@dataclass(frozen=True)
class Rolled:
    """What became of the promises: `waits` of all orders; `learned`: those that a learned network promised."""

    waits: pl.DataFrame
    learned: pl.DataFrame


def few_lanes() -> Network:
    """The sample network with one region in each of 6 countries, three origins, two services; no holidays, all in UTC.

    There is one regime: a week that is bad for all orders of a lane would make it chance whether the few weeks that
    are judged keep what they promise, however long the lanes are watched.
    """
    network = sample_network().only(("PACKET", "EMS"))
    weights: dict[str, float] = {}
    for row in network.regions:
        weights[row.country] = weights.get(row.country, 0.0) + row.weight
    regions = tuple(
        replace(
            max((row for row in network.regions if row.country == country), key=lambda row: row.weight),
            weight=weights[country] ** 0.5,
            postcode_prefix="",
            time_zone="UTC",
        )
        for country in COUNTRIES
    )
    areas = {row.area for row in regions}
    sold: dict[str, float] = {}
    for seller in network.sellers:
        sold[seller.origin] = sold.get(seller.origin, 0.0) + seller.weight
    origins = sorted(sold, key=lambda origin: -sold[origin])[:ORIGINS]
    return replace(
        network,
        facilities=tuple(replace(row, time_zone="UTC") for row in network.facilities),
        regions=regions,
        delivery=tuple(row for row in network.delivery if row.area in areas),
        sellers=tuple(row for row in network.sellers if row.origin in origins),
        calendar=(),
        suspensions=(),
        time_zone="UTC",
        regimes=(Regime("ordinary", 1_000_000, 1.0, 1.0, 1.0, 1.0, "assumed"),),
    )


def with_room(network: Network, orders: int) -> Network:
    """The same network with as much more room in its departures as there are more orders than `ROOMY_ORDERS`.

    How many orders there are then decides how sure the figures are, and not how full the departures: of 80,000 orders
    the flights of one lane would carry away less than comes, and who waits there would wait for ever.
    """
    more = max(orders / ROOMY_ORDERS, 1.0)
    rows = tuple(replace(row, capacity_kg=round(row.capacity_kg * more)) for row in network.departures)
    return replace(network, departures=rows)


def slower_from(network: Network, day: date, factor: float) -> Network:
    """The same network, but whatever begins on that day or later takes so many times as long."""
    places = {row.country for row in network.facilities} | {row.country for row in network.regions}
    ever = date(2099, 12, 31)
    slow = [Exceptional("slow", each, "", "", "*", day, ever, factor, "slower", "assumed") for each in sorted(places)]
    departures = []
    for row in network.departures:
        later = {name: getattr(row, name) * factor for name in ("hours_min", "hours_p50", "hours_p90")}
        departures.append(replace(row, valid_to=day - timedelta(days=1)))
        departures.append(replace(row, departure=f"{row.departure}-slower", valid_from=day, **later))
    return replace(network, calendar=(*network.calendar, *slow), departures=tuple(departures))


def roll(orders: int, seed: int, slower: float, first_week: int) -> Rolled:
    """Promise week by week; before `first_week` by the network as it is, from then on by what was learned."""
    network = with_room(few_lanes(), orders)
    day = (BEGIN + timedelta(weeks=SLOWER_WEEK)).date()
    world = slower_from(network, day, slower)
    lines = sample_orders(network, orders, seed, WEEKS, BEGIN.date())
    begins = BEGIN + timedelta(weeks=first_week)
    chosen = choose(network, lines.filter(pl.col("placed_at") < begins))
    for week in range(first_week, WEEKS):
        now = BEGIN + timedelta(weeks=week)
        past = lines.filter(pl.col("placed_at") < now)
        events = _sent(simulate(world, past, chosen, seed, ALL_SENT))
        knows = _learned(network, past, chosen, events, now)
        following = lines.filter(pl.col("placed_at").is_between(now, now + timedelta(weeks=1), closed="left"))
        chosen = pl.concat([chosen, choose(knows, following)], how="vertical_relaxed")
    waits = measure_waits(simulate(world, lines, chosen, seed, ALL_SENT), lines, chosen)
    return Rolled(waits, waits.filter(pl.col("placed_at") >= begins))


def _learned(
    network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, events: pl.DataFrame, now: datetime
) -> Network:
    """What is known by then of step times, and by how much the promises of such a network would have been off."""
    placed = orders.group_by(ORDER).agg(pl.col("placed_at").min())
    journeys = chosen.drop_nulls("service").select(*ORDER, "service", "route", "area").join(placed, on=ORDER)
    learned = learn(network, events.join(journeys, on=ORDER), now)
    stated = restate(learned, orders, chosen)
    return with_corrections(learned, measure_corrections(orders, stated, events, now), now)


def _sent(events: pl.DataFrame) -> pl.DataFrame:
    """The scans without those that go missing; the same ones whenever it is asked."""
    scan = pl.concat_str(*ORDER, "code", "facility", pl.col("time").cast(pl.Int64))
    return events.filter(scan.hash(1) % 1000 >= MISSING)

"""Histories whose truth is known: two offices with uncertain steps, simulated in a world that differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from entrepost.network.network import Network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.tables.items import ORDER
from tests.planning.scenes import choose_all, many_orders
from tests.worlds import MONDAY, two_offices

DIFFERENT = replace(AS_ASSUMED, factor_spread=0.3)
"""Each step lasts up to 30 % longer or shorter than assumed; nothing else happens."""

SEED = 5
DAYS = 100
LATER = MONDAY + timedelta(days=DAYS + 20)
"""When the last item has long been delivered."""


def uncertain_offices() -> Network:
    """Two offices (`tests.worlds`) where each step takes at least half of what it took, nine in ten up to twice."""
    base = two_offices()
    tables = ("processing", "departures", "clearance", "delivery")
    return replace(base, **{table: tuple(map(_spread, getattr(base, table))) for table in tables})  # type: ignore[arg-type]


def simulate_history(
    network: Network, items: int, world: World = DIFFERENT, seed: int = SEED, days: int = DAYS
) -> pl.DataFrame:
    """The scans of so many items over so many days, with what was chosen for them and when they were placed."""
    orders = many_orders(items, 24 * days / items)
    chosen = choose_all(orders)
    events = simulate(network, orders, chosen, seed, world)
    placed = orders.select(*ORDER, "placed_at")
    return events.join(chosen.select(*ORDER, "service", "route", "area"), on=ORDER).join(placed, on=ORDER)


def drop_scans(events: pl.DataFrame, share: float) -> pl.DataFrame:
    """The history without this share of its scans, drawn at random."""
    return events.filter(pl.Series(np.random.default_rng(1).random(events.height) >= share))


def _spread(row: object) -> object:
    return replace(row, hours_min=row.hours_p50 / 2, hours_p90=row.hours_p50 * 2)  # type: ignore[attr-defined, type-var]

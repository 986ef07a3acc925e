"""A made-up history to learn from: orders of the sample network, chosen once, sent many times."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.service.choice import choose
from entrepost.tables.items import ORDER
from entrepost.tables.sample_orders import sample_orders

Picked = tuple[pl.DataFrame, pl.DataFrame]
"""Orders, and what was chosen for each."""

ORDERS_MOST = 40_000
"""So many orders are drawn and chosen for; more are the same ones a week later, and again."""

EVENTS_AN_ORDER = 11.7
WEEKS = 8


def pick_orders(network: Network, events: int, seed: int, country: str = "") -> Picked:
    """The orders that make so many events, or the most that are drawn; if need be those of one country alone."""
    orders = sample_orders(network, min(round(events / EVENTS_AN_ORDER), ORDERS_MOST), seed, WEEKS)
    orders = orders.filter(pl.col("country") == country) if country else orders
    return orders, choose(network, orders)


def write_history(network: Network, picked: Picked, events: int, seed: int, world: str | World, path: Path) -> int:
    """Write the first so many events, each with what was chosen for its item and when it was placed; how many."""
    some = picked[0].select(ORDER).unique(maintain_order=True).head(round(events / EVENTS_AN_ORDER))
    orders, chosen = (each.join(some, on=ORDER, how="semi") for each in picked)
    copies = -(-round(events / EVENTS_AN_ORDER) // some.height)
    sent, journeys = (pl.concat([_again(each, copy) for copy in range(copies)]) for each in (orders, chosen))
    history = simulate(network, sent, journeys, seed, world)
    placed = sent.group_by(ORDER).agg(pl.col("placed_at").min())
    told = journeys.select(*ORDER, "service", "route", "area").join(placed, on=ORDER)
    history = history.join(told, on=ORDER).sort("recorded_at").head(events)
    history.write_parquet(path)
    return history.height


def _again(frame: pl.DataFrame, copy: int) -> pl.DataFrame:
    """The same orders so many weeks later, with names of their own."""
    instants = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    later = [pl.col(name) + timedelta(weeks=copy) for name in instants]
    return frame.with_columns(pl.col("order_id") + f"-{copy}", *later)

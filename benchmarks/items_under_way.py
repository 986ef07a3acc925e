"""Made-up items under way at one instant: orders of the sample network carried through a world with scans missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.milestones import OVER
from entrepost.network.network import Network
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.service.choice import choose
from entrepost.tables.items import ORDER
from entrepost.tables.sample_orders import sample_orders

WEEKS = 2
"""Orders of so many weeks before the instant; nearly all of them are under way still or came."""

DISTINCT = 40_000
"""So many orders are quoted; the others are copies of them placed at other instants."""

A_BATCH = 400_000
WORLD = World(capacities=False)
"""Everything that the default world does, but nobody waits for room."""

KEPT = ("item_id", "code", "time", "recorded_at", "facility", "reason", "placed_at", "service", "route", "area")


@dataclass(frozen=True)
class UnderWay:
    """The events of so many items that were known at an instant."""

    events: pl.DataFrame
    now: datetime
    items: int


def build(network: Network, items: int, seed: int) -> UnderWay:
    """Items whose wait has not ended, with all that was known of each, in the order of time."""
    first = network.ordinary_week + timedelta(weeks=4)
    now = datetime(first.year, first.month, first.day, 9, tzinfo=UTC) + timedelta(weeks=WEEKS, days=2)
    orders = sample_orders(network, min(DISTINCT, items), seed, WEEKS, first)
    orders = orders.filter(pl.col("line") == pl.col("line").min().over(ORDER))
    chosen = choose(network, orders).select(*ORDER, "service", "route", "area")
    dice, found, count, batch = np.random.default_rng(seed), [], 0, 0
    while count < items:
        copies = max(1, min(A_BATCH, 2 * (items - count)) // orders.height + 1)
        known = _carry(network, orders, chosen, (copies, batch, dice), now)
        known = known.filter(pl.col("item_id").rank("dense") <= items - count)
        count += known.get_column("item_id").n_unique()
        found.append(known)
        batch += 1
    return UnderWay(pl.concat(found).sort("time"), now, count)


def _carry(
    network: Network,
    orders: pl.DataFrame,
    chosen: pl.DataFrame,
    copied: tuple[int, int, np.random.Generator],
    now: datetime,
) -> pl.DataFrame:
    """The known events of copies of orders, each placed at an instant of its own; of those under way."""
    copies, batch, dice = copied
    many, choice = (_copy(frame, copies, batch) for frame in (orders, chosen))
    hours = pl.Series(dice.random(many.height) * WEEKS * 7 * 24)
    placed = pl.lit(now) - pl.duration(seconds=(hours * 3600).cast(pl.Int64))
    many = many.with_columns(placed_at=placed.cast(pl.Datetime("us", "UTC")))
    events = simulate(network, many, choice, batch, WORLD)
    events = events.filter((pl.col("time") <= now) & (pl.col("recorded_at") <= now))
    events = events.with_columns(item_id=pl.concat_str(*ORDER[:2], "item_id", separator="/"))
    over = events.filter(pl.col("code").is_in([code for code, ends in zip(CODES, OVER, strict=False) if ends]))
    known = events.join(over.select("item_id").unique(), on="item_id", how="anti")
    told = choice.join(many.select(*ORDER, "placed_at"), on=ORDER)
    return known.join(told, on=ORDER).select(KEPT)


def _copy(frame: pl.DataFrame, copies: int, batch: int) -> pl.DataFrame:
    """So many copies of orders, each by a name of its own."""
    return pl.concat([frame.with_columns(order_id=pl.col("order_id") + f"-{batch}-{copy}") for copy in range(copies)])

"""The world of the pictures: the demonstration's orders, told day by day as far as they were after five weeks.

The account is that of a post in China. What happens abroad is told by the partners' messages, what happens at home is
scanned; every row comes from a use case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import polars as pl

from entrepost.network.network import Network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.carry import carry
from entrepost.operations.events import record_events
from entrepost.operations.intake import intake_orders
from entrepost.operations.order_desk import promise_orders
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.sample_orders import sample_orders
from entrepost.wiring import open_store
from tools.docs.tower import bags, partners

ORDERS, SEED, DAYS = 6_000, 1, 35
TOGETHER = 5
"""Orders of so many days come in together: promises of a few cost as much as those of many."""
STEP = timedelta(hours=6)
TOLD_DAYS = 14
"""So long mail has been dispatched by receptacles, and messages exchanged."""
BY = Caller("main", "anna@example.org", frozenset(SCOPES))


@dataclass
class Clock:
    """It is the instant that somebody set."""

    instant: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.instant


@dataclass
class World:
    """A store with its clock, the network, and what pages need besides."""

    store: Store
    clock: Clock
    network: Network
    folder: Path
    now: datetime
    awake: Event = field(default_factory=Event)
    names: dict[str, str] = field(default_factory=dict)
    """What pictures are taken of, by what it shows."""

    @property
    def zones(self) -> dict[str, str]:
        """The time zones of all places."""
        return {each.facility: each.time_zone for each in self.network.facilities}

    @property
    def uploads(self) -> Path:
        """Where files wait, plans are made and versions of the network lie."""
        return self.folder / "uploads"


def open_world(folder: Path, network: Network) -> World:
    """Orders come in and are promised every few days, and go through the simulated world up to now."""
    orders = sample_orders(network, ORDERS, SEED).with_columns(pl.col("placed_at").cast(INSTANT))
    begin = datetime.fromisoformat(str(orders.item(0, "placed_at"))).replace(minute=0, second=0, microsecond=0)
    clock = Clock(begin)
    store = open_store(folder / "tower.db", clock)
    world = World(store, clock, network, folder, begin + timedelta(days=DAYS))
    for day in range(0, DAYS, TOGETHER):
        clock.instant = begin + timedelta(days=day + TOGETHER)
        path = folder / f"orders-{clock.instant:%Y-%m-%d}.csv"
        orders.filter(_within("placed_at", clock.instant - timedelta(days=TOGETHER), clock.instant)).write_csv(path)
        intake_orders(store, path, origins=network.facility_by_code)
        promise_orders(store, network)
    _tell(world, carry(store, network, SEED).with_columns(pl.col("time").cast(INSTANT)), begin)
    clock.instant = world.now
    return world


def _tell(world: World, events: pl.DataFrame, begin: datetime) -> None:
    """Scan and tell what happened in steps of some hours, so that all is known as late as it would be."""
    partners.agree(world.store, world.network)
    told_from = world.now - timedelta(days=TOLD_DAYS)
    office = bags.Station(world.store, world.network, BY, events)
    abroad = partners.Abroad(world.store, world.zones, world.now)
    world.clock.instant = begin
    while world.clock.instant < world.now:
        before = world.clock.instant
        now = world.clock.instant = before + (STEP if before >= told_from else timedelta(days=1))
        came = office.events.filter(_within("time", before, now))
        if before < told_from:
            record_events(world.store, came, world.zones)
            continue
        theirs = came.filter(pl.col("facility").str.slice(0, 2).is_in(list(partners.OPERATORS)))
        record_events(world.store, came.join(theirs, on=["item_id", "time", "code"], how="anti"), world.zones)
        abroad.tell(theirs, office.arrived(now))
        if now.hour < STEP.total_seconds() / 3600:
            abroad.hear([*office.dispatch(), *office.receive(now - timedelta(days=4))])
        abroad.answer()
    office.fill_next()
    world.names |= office.names | abroad.finish()


def _within(column: str, after: datetime, until: datetime) -> pl.Expr:
    """After one instant, until another."""
    return (pl.col(column) > pl.lit(after).cast(INSTANT)) & (pl.col(column) <= pl.lit(until).cast(INSTANT))

"""A store for the load on a server: orders of the sample network, promised, and carried for eight weeks up to now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.event_stream import name_items
from entrepost.network.network import Network
from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.events import record_event_file
from entrepost.operations.keys import make_key
from entrepost.operations.store import ITEM, PROMISE, Store
from entrepost.planning.simulate import simulate
from entrepost.planning.simulation.world import World
from entrepost.service.choice import choose
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER, items_of, value_minor
from entrepost.tables.sample_orders import sample_orders
from entrepost.wiring import open_store

WEEKS = 8
DISTINCT = 20_000
"""So many orders are quoted; the others are copies of them, placed at other instants."""

BATCH = 100_000
KEYS = 6
"""Shops that ask, each with its own key: a caller may ask a hundred times a second."""

WORLD = World(capacities=False)
CALLER = Caller("main", "benchmark", frozenset(SCOPES))


@dataclass(frozen=True, slots=True)
class Filled:
    """A store's file, the instant up to which its items were carried, how many there are, and its keys."""

    path: Path
    now: datetime
    items: int
    keys: tuple[str, ...]


def fill(path: Path, network: Network, items: int, seed: int) -> Filled:
    """Fill a new store: items placed evenly over the weeks before now, some at an end and some under way.

    They come in as they do in life, in the order of time: events that lie after the last order of a batch wait for
    the next one.
    """
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    orders, chosen = _offered(network, min(DISTINCT, items), seed, now)
    offered = orders, orders.select(ORDER).join(chosen, on=ORDER, how="left", maintain_order="left")
    store, dice = open_store(path), np.random.default_rng(seed)
    placed, waiting = _placed(dice.random(items), now), pl.DataFrame()
    try:
        for first in range(0, items, BATCH):
            part = placed.slice(first, BATCH)
            numbers = np.arange(first, first + len(part))
            sent = _add(store, offered, (numbers, dice.integers(0, orders.height, numbers.size), part))
            events = simulate(network, *sent[:2], seed, WORLD, sent[2]).drop(*ORDER[1:])
            happened = events.filter((pl.col("time") <= now) & (pl.col("recorded_at") <= now))
            until = placed[first + len(part)] if first + len(part) < items else now
            waiting = _record(store, network, pl.concat([waiting, happened], how="diagonal"), until)
        names = ["quotes:write", "tracking:read", "events:write"]
        keys = tuple(make_key(store, CALLER, f"shop {number}", names)[1] for number in range(KEYS))
    finally:
        store.close()
    return Filled(path, now, items, keys)


def of_one_country(network: Network, country: str = "DE") -> Network:
    """The network as far as it serves one country."""
    return replace(
        network,
        regions=tuple(row for row in network.regions if row.country == country),
        delivery=tuple(row for row in network.delivery if row.area.startswith(country)),
        surcharges=(),
        warehouses=(),
        stock=(),
    )


def _placed(shares: np.ndarray, now: datetime) -> pl.Series:
    """Instants in the weeks before now, in their order."""
    seconds = (np.sort(shares) - 1.0) * WEEKS * 168 * 3600
    return pl.select(pl.lit(now) + pl.duration(seconds=pl.Series(seconds).cast(pl.Int64))).to_series().cast(INSTANT)


def _offered(network: Network, count: int, seed: int, now: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders of one line and one item, and the row that was chosen for each; what nothing can serve is left out."""
    first = (now - timedelta(weeks=WEEKS)).date()
    orders = sample_orders(network, count, seed, WEEKS, first).filter(pl.col("line") == 1)
    light = items_of(orders).filter(pl.len().over(ORDER) == 1)
    orders = orders.join(light.select(ORDER), on=ORDER, how="semi", maintain_order="left")
    chosen = choose(network, orders).filter(pl.col("service").is_not_null())
    return orders.join(chosen.select(ORDER), on=ORDER, how="semi", maintain_order="left"), chosen


def _add(
    store: Store, offered: tuple[pl.DataFrame, pl.DataFrame], which: tuple[np.ndarray, np.ndarray, pl.Series]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Add copies of orders with these numbers, placed at these instants; their lines, promises and named items."""
    (orders, chosen), (numbers, picked, placed) = offered, which
    name = pl.Series("order_id", numbers).cast(pl.String)
    lines = orders[picked].with_columns(name, placed_at=placed, wanted_by=pl.lit(None, INSTANT))
    told = chosen[picked].with_columns(name)
    store.add_lines(lines.with_columns(unit_value_minor=value_minor(lines) // lines["quantity"]), "benchmark")
    store.add_promises(_promises(told, placed))
    items = items_of(lines).with_columns(
        item_id=name_items(numbers), service=told["service"], issued_at=placed, item=pl.lit(1, pl.Int64)
    )
    store.add_items(items.select(ITEM))
    return lines, told, items.select(*ORDER, "item", "item_id")


def _record(store: Store, network: Network, events: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Record the events up to an instant through the intake of files; those after it."""
    path = Path(f"{store.place}.events.parquet")  # type: ignore[attr-defined]
    events.filter(pl.col("time") <= until).sort("time").write_parquet(path)
    record_event_file(store, path, zones={each.facility: each.time_zone for each in network.facilities})
    path.unlink()
    return events.filter(pl.col("time") > until)


def _promises(told: pl.DataFrame, placed: pl.Series) -> pl.DataFrame:
    """What was promised, from the hour of the order on."""
    start = placed.dt.truncate("1h") + timedelta(hours=1)
    by = pl.select((pl.lit(start) + pl.duration(hours=told["wait_hours_p90"])).cast(INSTANT)).to_series()
    none = pl.lit(None, pl.String)
    return told.with_columns(
        given_at=placed, arrive_by_p90=by, wanted_by=pl.lit(None, INSTANT), explanation=none
    ).select(PROMISE)

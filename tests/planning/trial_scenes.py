"""A tiny world for trials: one warehouse, a flight on every day, Poisson demand for lamps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from entrepost.network.network import Network
from entrepost.planning.trial import TrialParams, TrialPlan
from entrepost.service.policy import FirstNamed
from tests.planning.scenes import many_orders
from tests.worlds import one_warehouse

DAYS = 120
LOCAL_FIRST = FirstNamed(("LOCAL", "PACKET"))
ASSUMED = TrialParams(replications=3, world="as_assumed", day_value_minor=100)


def today() -> Network:
    """One warehouse, closed; a flight on every day of the week."""
    network = one_warehouse()
    flights = tuple(replace(network.departures[0], departure=f"MU-{day}", weekday=day) for day in range(1, 8))
    closed = tuple(replace(row, open=False) for row in network.warehouses)
    return replace(network, warehouses=closed, departures=flights, stock=())


def opened() -> Network:
    """The same with the warehouse open."""
    network = today()
    return replace(network, warehouses=tuple(replace(row, open=True) for row in network.warehouses))


def lamps(a_day: float = 1.0, seed: int = 1) -> pl.DataFrame:
    """Poisson demand for LAMPs, so many a day over `DAYS` days."""
    dice = np.random.default_rng(seed)
    hours = np.cumsum(dice.exponential(24 / a_day, int(DAYS * a_day * 2)))
    hours = hours[hours < DAYS * 24]
    first = pl.col("placed_at").first()
    placed = first + pl.duration(seconds=pl.Series((hours * 3600).astype(np.int64)))
    return many_orders(hours.size).with_columns(placed_at=placed)


def shelf(level: int, on_hand: int = 0, **columns: object) -> pl.DataFrame:
    """A base stock of LAMPs in Frankfurt, brought by air."""
    row = {"warehouse": "DEFRAW", "seller": "shop", "sku": "LAMP", "on_hand": on_hand, "reorder": level - 1, "lot": 1}
    return pl.DataFrame([{**row, "mode": "air", **columns}])


def plan(level: int, **fields: object) -> TrialPlan:
    """The warehouse open, with that base stock; lamps from stock first."""
    return TrialPlan(opened(), shelf(level), LOCAL_FIRST, **fields)  # type: ignore[arg-type]

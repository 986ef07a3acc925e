"""What orders are expected to wait on their own dates, where services were chosen by the ordinary week.

A plan is made for ordinary weeks, but tried on weeks with holidays in them, of which the network's calendar knows. So
some of the orders are promised once more, on their dates; by how much that differs is added to what the plan expects.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.journey.promise import find_routes, promise_on
from entrepost.network.network import Network
from entrepost.planning.trials.arm import Arm
from entrepost.tables.items import ORDER

Floats = NDArray[np.float64]
LOOKED_AT = 1500
"""So many orders, evenly spread, are promised on their dates: their mean is that of all within 0.04 days."""


def find_longer(arm: Arm, orders: pl.DataFrame) -> Floats:
    """By how many hours each order is expected to wait longer than in an ordinary week; NaN: it was not looked at."""
    longer, count = np.full(arm.first.height, np.nan), arm.first.height
    rows = np.unique(np.linspace(0, count - 1, min(count, LOOKED_AT)).astype(np.int64))
    longer[rows] = wait_longer(arm.network, orders, arm.first, rows)
    share = np.ones(count)
    share[arm.asks] = arm.planned_share
    rest = rows[share[rows] < 1]
    by_mail = wait_longer(arm.network, orders, arm.instead, rest)
    longer[rest] = share[rest] * longer[rest] + (1 - share[rest]) * by_mail
    return longer


def wait_longer(network: Network, orders: pl.DataFrame, chosen: pl.DataFrame, rows: NDArray[np.int64]) -> Floats:
    """By how many hours each of these choices waits longer on its date than in an ordinary week; NaN: not known.

    Parameters
    ----------
    chosen : DataFrame
        A row per order: its key, service, route, area and items.
    rows : array
        Which of them.
    """
    if not rows.size:
        return np.zeros(0)
    some = chosen[rows].join(
        orders.group_by(ORDER).agg(pl.col("placed_at").first()), on=ORDER, how="left", maintain_order="left"
    )
    asked = some.with_columns(
        origin=pl.col("route").str.split(">").list.first(), start_hour=-(-pl.col("placed_at").dt.epoch("us") // HOUR_US)
    )
    requests = asked.select("start_hour", pl.col("items").fill_null(1), wanted_hour=pl.lit(None, pl.Int64))
    requests = requests.with_columns(number=find_routes(network, asked))
    real, usual = (
        promise_on(network, requests, dated=dated).get_column("wait_hours_mean").fill_null(np.nan).to_numpy()
        for dated in (True, False)
    )
    longer: Floats = real - usual
    return longer

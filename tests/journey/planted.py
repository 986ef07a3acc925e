"""Histories of two offices in which something is planted: an office gone quiet, a lost departure, a slow step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.simulation.world import AS_ASSUMED
from tests.journey.histories import SEED, simulate_history, uncertain_offices
from tests.worlds import MONDAY

NOW = MONDAY + timedelta(days=60, hours=7)
"""A Friday, in the middle of the history."""

QUIET_SINCE = NOW - timedelta(days=3, hours=12)


@cache
def usual(seed: int = SEED, items: int = 3000) -> pl.DataFrame:
    """What is scanned in 100 days if all goes as the network says, every scan sent."""
    return simulate_history(uncertain_offices(), items, AS_ASSUMED, seed)


def quiet_office(place: str = "DEFRAA", since: datetime = QUIET_SINCE) -> pl.DataFrame:
    """An office sends nothing from an instant on; the mail goes on."""
    return usual().filter((pl.col("facility") != place) | (pl.col("time") < since))


def last_departure(before: datetime) -> pl.DataFrame:
    """The items that left with the last departure before an instant: item_id, and the hour in which it left."""
    left = usual().filter((pl.col("code") == "EMC") & (pl.col("time") < before))
    hour = left.select(pl.col("time").dt.truncate("1h").max()).item()
    return left.filter(pl.col("time").dt.truncate("1h") == hour).select("item_id", "time")


def lost_departure(share: float = 1.0) -> tuple[pl.DataFrame, list[str]]:
    """Of the last departure more than five days ago this share of the items is lost; and which they are."""
    left = last_departure(NOW - timedelta(days=5))
    lost = left.get_column("item_id").sort().to_list()
    lost = lost[: round(share * len(lost))]
    gone = pl.col("item_id").is_in(lost) & (pl.col("time") > left.get_column("time").max())
    return usual().filter(~gone), lost


def slower(network: Network, activity: str = "inward", factor: float = 1.5) -> Network:
    """The network whose work of one activity takes so many times as long."""
    rows = [
        replace(
            row,
            hours_min=row.hours_min * factor,
            hours_p50=row.hours_p50 * factor,
            hours_p90=row.hours_p90 * factor,
        )
        if row.activity == activity
        else row
        for row in network.processing
    ]
    return replace(network, processing=tuple(rows))


@cache
def slow_step() -> pl.DataFrame:
    """Inward sorting takes half as long again as the network says, from the beginning."""
    return simulate_history(slower(uncertain_offices()), 3000, AS_ASSUMED)


def lost_item(item: str = "") -> tuple[pl.DataFrame, str]:
    """One item is not heard of any more after it was received in the inward office ten days ago."""
    inward = usual().filter((pl.col("code") == "EMD") & (pl.col("time") < NOW - timedelta(days=10)))
    last = inward.sort("time").row(-1, named=True)
    item = item or last["item_id"]
    gone = (pl.col("item_id") == item) & (pl.col("time") > last["time"])
    return usual().filter(~gone), item

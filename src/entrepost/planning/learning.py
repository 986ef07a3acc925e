"""Promises before and after learning: the same orders by the same services, stated by two networks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from entrepost.network.network import Network
from entrepost.planning.measure import kept_rate, measure_waits
from entrepost.planning.reporting.frames import kept_at_levels, with_names

LEAST_ORDERS = 30


@dataclass(frozen=True, slots=True)
class Learning:
    """What learning changed: when it was learned from how many items, and how promises of later orders were kept.

    `levels`: state ('before', 'after'), label, level, orders, stated, kept, gap, error, pinball. `services` and
    `lanes`: label, orders, stated, and kept, gap, error before and after. `steps`: how many steps were learned.
    """

    day: date
    items: int
    steps: int
    corrections: int
    later: int
    levels: pl.DataFrame
    services: pl.DataFrame
    lanes: pl.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """When a network was learned, from how many items, and how many steps and corrections it has."""

    day: date
    items: int
    steps: int
    corrections: int


def compare_promises(
    network: Network,
    orders: pl.DataFrame,
    events: pl.DataFrame,
    stated: tuple[pl.DataFrame, pl.DataFrame],
    learned: Learned,
) -> Learning:
    """Measure what was stated of some orders before and after learning, by the same events.

    Parameters
    ----------
    network : Network
        Names of places, services and lanes.
    orders, events : DataFrame
        The orders placed since, and what became of them.
    stated : tuple of DataFrame
        The rows of choices before and after, each with the same service of each order; orders that only one
        of them has are left out.
    learned : Learned
        What was learned, for the reader.
    """
    keys = ["tenant", "seller", "order_id", "service"]
    both = [each.join(other, on=keys, how="semi") for each, other in (stated, stated[::-1])]
    before, after = (with_names(network, measure_waits(events, orders, each), each) for each in both)
    levels = [
        kept_at_levels(waits).with_columns(state=pl.lit(state))
        for waits, state in ((before, "before"), (after, "after"))
    ]
    return Learning(
        day=learned.day,
        items=learned.items,
        steps=learned.steps,
        corrections=learned.corrections,
        later=before.height,
        levels=pl.concat(levels),
        services=_side_by_side(before, after, "service_name"),
        lanes=_side_by_side(before, after, "lane"),
    )


def _side_by_side(before: pl.DataFrame, after: pl.DataFrame, key: str) -> pl.DataFrame:
    """For each value of a column with enough orders how promises were kept, before and after."""
    then = kept_rate(after, [key]).select(key, kept_after="kept", gap_after="gap", error_after="error")
    found = kept_rate(before, [key]).filter(pl.col("orders") >= LEAST_ORDERS).join(then, on=key)
    return found.rename({key: "label"}).sort("orders", descending=True)

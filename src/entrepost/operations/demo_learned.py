"""The demonstration learns: from what was known after the first weeks, for the promises of the later ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import polars as pl

from entrepost.journey.learn import learn_more
from entrepost.network.network import Network
from entrepost.operations.corrections import restate, with_corrections
from entrepost.planning.corrections import measure_corrections
from entrepost.planning.learning import Learned, Learning, compare_promises
from entrepost.tables.items import ORDER

Stage = Callable[[str], AbstractContextManager[None]]
"""Says what is done now and how long it took."""

KNOWN_WEEKS = 5
"""Weeks of orders after which it is learned; the promises of later ones are compared."""

MOST_ORDERS = 20_000
"""So many orders, drawn from those weeks, are enough to learn from: more would make the demonstration longer."""


LEAST_SHARE = 0.02
"""Services that were chosen less often are not compared."""


def learn_midway(
    network: Network, orders: pl.DataFrame, promises: pl.DataFrame, events: pl.DataFrame, stage: Stage
) -> Learning | None:
    """Learn step times and corrections from the first weeks, and state the promises of later orders anew.

    Parameters
    ----------
    network : Network
        What is believed, and what the promises rest on.
    orders, promises, events : DataFrame
        Of the whole time; what became known after the day of learning is not learned from.
    stage : callable
        ``with stage(title): ...`` around each part of the work.

    Returns
    -------
    Learning or None
        None where no order was placed after the first weeks.
    """
    promises = _of_much_used(promises)
    first: datetime = orders["placed_at"].min()  # type: ignore[assignment]
    now = datetime.combine(first.date(), time(), UTC) + timedelta(weeks=KNOWN_WEEKS)
    before, later = orders.filter(pl.col("placed_at") < now), orders.filter(pl.col("placed_at") >= now)
    past = _some(before, promises)
    if past.is_empty() or later.is_empty():
        return None
    journeys = promises.select(*ORDER, "service", "route", "area").join(
        past.group_by(ORDER).agg(pl.col("placed_at").min()), on=ORDER
    )
    known = events.join(journeys, on=ORDER)
    with stage(f"step times learned from {journeys.height:,} orders of the first {KNOWN_WEEKS} weeks"):
        learned = learn_more(network, known, now)
    with stage("promises given until then measured"):
        measured = measure_corrections(past, restate(learned.network, past, promises), known, now)
        knows = with_corrections(learned.network, measured, now)
    with stage("promises of the later weeks stated anew"):
        anew = restate(knows, later, promises)
    told = Learned(now.date(), learned.items, learned.steps, len(measured.corrections))
    found = compare_promises(network, later, events, (promises, anew), told)
    return replace(found, notes=_notes())


def _of_much_used(promises: pl.DataFrame) -> pl.DataFrame:
    """The promises of services that carry enough to be worth the time of following their routes anew."""
    return promises.filter(pl.len().over("service") >= LEAST_SHARE * promises.height)


def _some(orders: pl.DataFrame, promises: pl.DataFrame) -> pl.DataFrame:
    """The lines of promised orders, no more than `MOST_ORDERS` of them: every second, third, ... in order of time."""
    heads = orders.join(promises, on=ORDER, how="semi").select(ORDER).unique(maintain_order=True)
    every = -(-heads.height // MOST_ORDERS) or 1
    return orders.join(heads.gather_every(every), on=ORDER, how="semi", maintain_order="left")


def _notes() -> tuple[str, ...]:
    return (
        f"Learned was from at most {MOST_ORDERS:,} orders, evenly drawn from the first {KNOWN_WEEKS} weeks, and from "
        "what was known by then. The services stay those that were chosen before: with better dates some orders would "
        f"choose another, and their journeys would have to be carried anew. Services that carry less than "
        f"{LEAST_SHARE:.0%} of the orders are left out.",
    )

"""Arrival of items under way: a million forecast again at once, and one by itself.

``python -m benchmarks.eta_speed [--json]``
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import numpy as np
import polars as pl

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.items_under_way import UnderWay, build
from benchmarks.rate_sheet import narrow
from benchmarks.report import main
from benchmarks.under_way_walk import Walk
from entrepost.base.clock import EPOCH
from entrepost.journey.book import longest_horizon
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.eta import eta, forecast
from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.network.sample_network import sample_network

SEED = 9
WALKS, TINY_WALKS = 40_000, 1_000
TINY_COUNTRIES = 3
JOURNEYS = 4
SIGMAS = 5
"""What no difference of a fair drawing exceeds in practice."""

BATCH_SECONDS, ONE_MS = 30.0, 5.0


def compare(tiny: bool, say: Say) -> Comparison:
    """Check that both doors and a walk by drawing give equal answers, then time both doors."""
    network = narrow(sample_network(), TINY_COUNTRIES) if tiny else sample_network()
    many = build(network, 100 if tiny else 1_000_000, SEED)
    say(f"{many.items} items under way at {many.now:%Y-%m-%d %H:%M}, {many.events.height} events")
    believed = forecast(network, many.events, many.now).scanning
    say("equal: " + check_doors(network, many, believed, 5 if tiny else 200))
    calm = replace(network, regimes=(Regime("usual", 1_000_000, 1.0, 1.0, 1.0, 1.0, "assumed"),))
    walked, said = check_walk(calm, many, TINY_WALKS if tiny else WALKS)
    say("equal: " + said)
    say("timed, ours: entrepost.eta, events in, a row for each item out, scans' figures learned anew; two threads")
    say("timed, peer: the walk by drawing of one item, to the accuracy of that check; one thread")
    seconds = time_runs(lambda: eta(network, many.events, many.now), 1 if tiny else 3)
    singles = [many.events.filter(pl.col("item_id") == name) for name in names(many, 3 if tiny else 100)]
    alone = [time_runs(lambda one=one: eta(network, one, many.now, believed), 1)[0] for one in singles]
    ours = Side("Entrepost, all at once", "eta", many.items, seconds)
    peer = Side("walk by drawing", "one item", 1, walked)
    found = {
        "one item, median, ms": 1000 * float(np.median(alone)),
        "one item, P90, ms": 1000 * np.quantile(alone, 0.9),
    }
    goals = (
        Goal("all at once, s", float(np.median(seconds)), BATCH_SECONDS, at_most=True),
        Goal("one item, median, ms", found["one item, median, ms"], ONE_MS, at_most=True),
    )
    return Comparison("arrival of items under way", "items", SEED, ours, peer, goals, found)


def names(many: UnderWay, count: int) -> list[str]:
    """Some of the items, evenly spaced."""
    found = many.events.get_column("item_id").unique().sort()
    return found.gather_every(max(1, found.len() // count)).head(count).to_list()


def check_doors(network: Network, many: UnderWay, believed: Scanning, count: int) -> str:
    """Require that each of some items is forecast alone as among all."""
    together = eta(network, many.events, many.now, believed)
    some = names(many, count)
    for name in some:
        alone = eta(network, many.events.filter(pl.col("item_id") == name), many.now, believed)
        require_equal(alone.equals(together.filter(pl.col("item_id") == name)), f"item {name} by itself")
    return f"{len(some)} items by themselves, column for column"


def check_walk(network: Network, many: UnderWay, walks: int) -> tuple[tuple[float, ...], str]:
    """Require that items accepted a day or two ago and not heard of since arrive as walks by drawing do."""
    journeys = many.events.select("service", "route", "area").unique().sort("service", "route", "area")
    chosen = journeys.filter(pl.col("service").is_in(["PACKET", "EMS"]))
    chosen = chosen.gather_every(max(1, chosen.height // JOURNEYS)).head(JOURNEYS)
    now = int((many.now - EPOCH).total_seconds() // 3600)
    timeline = dated_timeline(network, now - 240, now, longest_horizon(network))
    scanning = Scanning(EtaParams(unscanned_per_million=200_000))
    walk = Walk(timeline, scanning, now - timeline.first_hour, random.Random(SEED))
    worst, seconds = 0.0, []
    for number, journey in enumerate(chosen.iter_rows()):
        accepted = many.now - timedelta(hours=20 + 20 * number)
        found = _ask(network, journey, accepted, many.now, scanning)
        begin = int((accepted - EPOCH).total_seconds() // 3600) - timeline.first_hour
        started = perf_counter()
        hours = walk.draw(journey, begin, walks)
        seconds.append(perf_counter() - started)
        arrived = EPOCH.timestamp() / 3600 + timeline.first_hour + hours
        away = arrived.mean() - found["arrive_mean"].timestamp() / 3600
        worst = max(worst, abs(away) / (arrived.std() / np.sqrt(arrived.size)))
        by_p90 = float((arrived <= found["arrive_p90"].timestamp() / 3600).mean())
        require_equal(by_p90 > 0.9 - SIGMAS * np.sqrt(0.09 / arrived.size), f"P90 of {journey}: {by_p90:.3f}")
    require_equal(worst < SIGMAS, f"a mean by {worst:.1f} standard errors")
    return tuple(seconds), f"{JOURNEYS} items walked {walks} times each: means within {worst:.1f} standard errors"


def _ask(
    network: Network, journey: tuple[str, str, str], accepted: datetime, now: datetime, scanning: Scanning
) -> dict[str, datetime]:
    """The forecast of an item that was accepted then and not heard of since."""
    service, route, area = journey
    cells = {"item_id": "x", "code": "EMB", "time": accepted, "facility": route.partition(">")[0]}
    events = pl.DataFrame([{**cells, "service": service, "route": route, "area": area}])
    return eta(network, events, now, scanning).row(0, named=True)


if __name__ == "__main__":
    sys.exit(main(compare))

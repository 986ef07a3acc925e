"""The pipeline in SimPy: a process for each item, which keeps a slot at each stage and waits until it is through.

Calendars and durations are lists that are at hand; what a stage can still finish is kept as it is in
`planning.simulation.kernel`. Resources with queues of requests would do more work for the same answer, and so would
a timeout for each scan: a process waits once for each stage.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.comparison import load_peer
from benchmarks.pipeline import HERE, THERE, WEIGHT_G
from entrepost.base.clock import HOUR_US
from entrepost.journey.calendars import Hours, Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.step import Deliver, Itinerary, Ride, Work
from entrepost.network.duration import Duration
from entrepost.network.facility import Processing
from entrepost.planning.simulate import COLUMNS
from entrepost.tables.frames import INSTANT

SECOND_US = 1_000_000
LEVELS = 1 << 12
"""A duration is one of so many equally likely whole hours."""

Scan = tuple[str, str]
"""An event code and the facility that sends it."""

Stage = Any
"""What has `scans`, and `pass_by(hour)`: the hours of these scans of an item that is there; the last one ends it."""

START = ("EMA", HERE)
SCANS: dict[str, tuple[Scan, ...]] = {
    "accept": (("EMB", HERE),),
    "outward": (("EXA", HERE), ("EXC", HERE)),
    "ride": (("EMC", HERE), ("EMD", THERE)),
    "inward": (("EDB", THERE), ("EDC", THERE), ("EMF", THERE)),
    "deliver": (("EMG", THERE), ("EDG", THERE), ("EMI", THERE)),
}
"""What each stage sends: customs take no time here, but their scans are sent."""


@dataclass
class Shift:
    """Work in open hours, in each of which only so many items are finished."""

    scans: tuple[Scan, ...]
    hours: list[int]
    count: list[int]
    done: list[int]
    reopens: list[int]
    limit: int
    dice: Random

    def __post_init__(self) -> None:
        """Begin with empty slots."""
        self.sent = len(self.scans)
        self.used = [0] * (len(self.done) + 2)
        self.room = list(range(len(self.done) + 2))

    def pass_by(self, hour: int) -> tuple[int, ...]:
        """The end of the first open hour, so many after this one, in which there is room: all scans are sent then."""
        before = self.count[hour]
        slot = self._take(before + self.hours[int(self.dice.random() * LEVELS)])
        return (self.reopens[hour] if slot == before else self.done[slot - 1],) * self.sent

    def _take(self, slot: int) -> int:
        room = self.room
        while room[slot] != slot:
            room[slot] = slot = room[room[slot]]
        self.used[slot] += 1
        if self.used[slot] >= self.limit:
            room[slot] = slot + 1
        return slot


@dataclass
class Flights:
    """Departures in the order of their cutoffs, each with the room that is left."""

    scans: tuple[Scan, ...]
    hours: list[int]
    cutoffs: list[int]
    leaves: list[int]
    free_g: list[int]
    dice: Random

    def pass_by(self, hour: int) -> tuple[int, ...]:
        """Departure and arrival of the first flight that can be caught and has room."""
        run = bisect_left(self.cutoffs, hour)
        while self.free_g[run] < WEIGHT_G:
            run += 1
        self.free_g[run] -= WEIGHT_G
        leaves = self.leaves[run]
        return leaves, leaves + self.hours[int(self.dice.random() * LEVELS)]


@dataclass
class Rounds:
    """The way to the delivery office, then the first round that begins there or later."""

    scans: tuple[Scan, ...]
    hours: list[int]
    opens: list[int]
    closes: list[int]
    dice: Random

    def pass_by(self, hour: int) -> tuple[int, ...]:
        """At the office, the begin of the round, and an hour of it."""
        office = hour + self.hours[int(self.dice.random() * LEVELS)]
        which = bisect_left(self.opens, office)
        opens = self.opens[which]
        return office, opens, opens + 1 + int(self.dice.random() * (self.closes[which] - opens))


def simulate(timeline: Timeline, steps: Itinerary, orders: pl.DataFrame, seed: int) -> pl.DataFrame:
    """A frame of every scan as `planning.simulate` hands it back; orders of one item each, as they come."""
    environment = load_peer("simpy").Environment()
    dice = Random(seed)
    stages = [_stage(timeline, step, dice) for step in steps]
    sent = [START, *(scan for stage in stages for scan in stage.scans)]
    numbered = [(stage, [sent.index(scan) for scan in stage.scans]) for stage in stages]
    placed = orders.get_column("placed_at").dt.epoch("us").to_list()
    first, random, timeout = timeline.first_hour, dice.random, environment.timeout
    times, items, scans = array("q"), array("I"), array("I")

    def item(number: int) -> Iterator[Any]:
        now = int(environment.now)
        latest = max((first + now) * HOUR_US - int(random() * 3600) * SECOND_US, placed[number])
        times.append(latest)
        items.append(number)
        scans.append(0)
        for stage, numbers in numbered:
            now = int(environment.now)
            hours = stage.pass_by(now)
            for scan, hour in zip(numbers, hours, strict=True):
                time = (first + hour) * HOUR_US - int(random() * 3600) * SECOND_US
                if time > latest:  # noqa: PLR1730, a call of max would cost the peer a tenth of a second
                    latest = time
                times.append(latest)
                items.append(number)
                scans.append(scan)
            yield timeout(hours[-1] - now)

    environment.process(_source(environment, [-(-each // HOUR_US) - first for each in placed], item))
    environment.run()
    return _frame(orders, sent, np.asarray(times), np.asarray(items), np.asarray(scans))


def simulate_hours(timeline: Timeline, steps: Itinerary, starts: list[int], seed: int) -> list[list[int]]:
    """For each item only the hours at which it is through each stage; `starts` ascend."""
    environment = load_peer("simpy").Environment()
    dice = Random(seed)
    stages = [_stage(timeline, step, dice) for step in steps]
    through: list[list[int]] = [[] for _ in starts]

    def item(number: int) -> Iterator[Any]:
        passed = through[number]
        for stage in stages:
            now = int(environment.now)
            hour = stage.pass_by(now)[-1]
            passed.append(hour)
            yield environment.timeout(hour - now)

    environment.process(_source(environment, starts, item))
    environment.run()
    return through


def _source(environment: Any, starts: list[int], item: Callable[[int], Iterator[Any]]) -> Iterator[Any]:
    """A process for each item at its hour."""
    for number, start in enumerate(starts):
        if start > environment.now:
            yield environment.timeout(start - environment.now)
        environment.process(item(number))


def _frame(
    orders: pl.DataFrame, sent: list[Scan], time: NDArray[Any], item: NDArray[Any], scan: NDArray[Any]
) -> pl.DataFrame:
    """Every scan with its item, in the order of time; what is sent is reported at once and has no reason."""
    known = orders.select("order_id", pl.concat_str("order_id", pl.lit("#1")).alias("item_id"), "tenant", "seller")
    kinds = pl.DataFrame(sent, schema=["code", "facility"], orient="row")
    order = np.argsort(time, kind="stable")
    item, scan = pl.Series(item[order]), pl.Series(scan[order])
    instant = pl.Series(time[order]).cast(INSTANT)
    return (
        known.select(pl.all().gather(pl.lit(item)))
        .hstack(kinds.select(pl.all().gather(pl.lit(scan))))
        .with_columns(time=instant, recorded_at=instant, reason=pl.lit(None, pl.String))
        .select(COLUMNS)
    )


def _stage(timeline: Timeline, step: Work | Ride | Deliver | Any, dice: Random) -> Stage:
    if isinstance(step, Ride):
        runs = timeline.departures(step.departures, step.time_zone)
        room = [step.departures[row].capacity_kg * 1000 for row in runs.row.tolist()]
        return Flights(
            SCANS["ride"], _levels(step.departures[0].duration), runs.cutoff.tolist(), runs.leaves.tolist(), room, dice
        )
    row = step.row
    if isinstance(step, Work):
        hours = timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)
        return _shift(SCANS[row.activity], hours, row, dice)
    rounds = timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
    return Rounds(SCANS["deliver"], _levels(row.duration), rounds.round_from.tolist(), rounds.round_to.tolist(), dice)


def _shift(scans: tuple[Scan, ...], hours: Hours, row: Processing, dice: Random) -> Shift:
    lists = (hours.count.tolist(), hours.done.tolist(), hours.reopens.tolist())
    return Shift(scans, _levels(row.duration), *lists, row.throughput_items_hour, dice)


def _levels(duration: Duration) -> list[int]:
    upto = discretise(duration).cumsum()
    found = upto.searchsorted([(number + 0.5) / LEVELS for number in range(LEVELS)], side="right")
    return [min(int(each), upto.size - 1) for each in found]

"""The pipeline in SimPy: a process for each item, which keeps a slot at each stage and waits until it is through.

Calendars and durations are lists that are at hand; what a stage can still finish is kept as it is in
`planning.kernel`. Resources with queues of requests would do more work for the same answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.comparison import load_peer
from benchmarks.pipeline import WEIGHT_G
from entrepost.journey.calendars import Hours, Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.step import Deliver, Itinerary, Ride, Work
from entrepost.network.duration import Duration

LEVELS = 1 << 12
"""A duration is one of so many equally likely whole hours."""

Stage = Any
"""What has `pass_by(hour)`: the hour at which an item that is there is through."""


@dataclass
class Shift:
    """Work in open hours, in each of which only so many items are finished."""

    hours: list[int]
    count: list[int]
    done: list[int]
    reopens: list[int]
    limit: int
    dice: Random

    def __post_init__(self) -> None:
        """Begin with empty slots."""
        self.used = [0] * (len(self.done) + 2)
        self.room = list(range(len(self.done) + 2))

    def pass_by(self, hour: int) -> int:
        """The end of the first open hour, so many after this one, in which there is room."""
        before = self.count[hour]
        slot = self._take(before + self.hours[int(self.dice.random() * LEVELS)])
        return self.reopens[hour] if slot == before else self.done[slot - 1]

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

    hours: list[int]
    cutoffs: list[int]
    leaves: list[int]
    free_g: list[int]
    dice: Random

    def pass_by(self, hour: int) -> int:
        """The arrival of the first flight that can be caught and has room."""
        run = bisect_left(self.cutoffs, hour)
        while self.free_g[run] < WEIGHT_G:
            run += 1
        self.free_g[run] -= WEIGHT_G
        return self.leaves[run] + self.hours[int(self.dice.random() * LEVELS)]


@dataclass
class Rounds:
    """The way to the delivery office, then the first round that begins there or later."""

    hours: list[int]
    opens: list[int]
    closes: list[int]
    dice: Random

    def pass_by(self, hour: int) -> int:
        """An hour of the round."""
        which = bisect_left(self.opens, hour + self.hours[int(self.dice.random() * LEVELS)])
        opens = self.opens[which]
        return opens + 1 + int(self.dice.random() * (self.closes[which] - opens))


def simulate(timeline: Timeline, steps: Itinerary, starts: list[int], seed: int) -> list[list[int]]:
    """For each item the hours at which it is through each stage; `starts` ascend."""
    simpy = load_peer("simpy")
    dice = Random(seed)
    stages = [_stage(timeline, step, dice) for step in steps]
    through: list[list[int]] = [[] for _ in starts]
    environment = simpy.Environment()

    def item(number: int) -> Iterator[Any]:
        passed = through[number]
        for stage in stages:
            now = int(environment.now)
            hour = stage.pass_by(now)
            passed.append(hour)
            yield environment.timeout(hour - now)

    def source() -> Iterator[Any]:
        for number, start in enumerate(starts):
            if start > environment.now:
                yield environment.timeout(start - environment.now)
            environment.process(item(number))

    environment.process(source())
    environment.run()
    return through


def _stage(timeline: Timeline, step: Work | Ride | Deliver | Any, dice: Random) -> Stage:
    if isinstance(step, Ride):
        runs = timeline.departures(step.departures, step.time_zone)
        room = [step.departures[row].capacity_kg * 1000 for row in runs.row.tolist()]
        return Flights(_levels(step.departures[0].duration), runs.cutoff.tolist(), runs.leaves.tolist(), room, dice)
    row = step.row
    if isinstance(step, Work):
        hours = timeline.open_hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)
        return _shift(hours, row.duration, row.throughput_items_hour, dice)
    rounds = timeline.open_hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
    return Rounds(_levels(row.duration), rounds.round_from.tolist(), rounds.round_to.tolist(), dice)


def _shift(hours: Hours, duration: Duration, limit: int, dice: Random) -> Shift:
    return Shift(_levels(duration), hours.count.tolist(), hours.done.tolist(), hours.reopens.tolist(), limit, dice)


def _levels(duration: Duration) -> list[int]:
    upto = discretise(duration).cumsum()
    found = upto.searchsorted([(number + 0.5) / LEVELS for number in range(LEVELS)], side="right")
    return [min(int(each), upto.size - 1) for each in found]

"""A traveller who walks a journey hour by hour: the slow, plain reading of the steps' meanings.

Written from the words in `entrepost.journey.step`, sharing no code with the engine but the
discretised durations, it is what the engine's exact distributions are held against.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from entrepost.journey.calendars import Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.step import Clear, Deliver, Itinerary, Ride, Step, Work
from entrepost.network.duration import Duration
from entrepost.network.opening import parse
from entrepost.network.regime import Regime

IsOpen = Callable[[int], bool]


def walk(timeline: Timeline, regime: Regime, steps: Itinerary, start: int, dice: random.Random) -> int | None:
    """The index of the hour at which one item is attempted, or None where it never is."""
    hour: int | None = start
    for step in steps:
        hour = _walk_step(timeline, regime, step, hour, dice)
        if hour is None or hour > timeline.hours:
            return None
    return hour


def _walk_step(timeline: Timeline, regime: Regime, step: Step, hour: int, dice: random.Random) -> int | None:
    if isinstance(step, Work):
        if dice.random() < step.row.lost_per_million / 1e6:
            return None
        is_open = _open(timeline, step.row.open_hours, step.time_zone)
        return _work(is_open, hour, _draw(step.row.duration, regime.work_factor, dice), timeline.hours)
    if isinstance(step, Clear):
        weights = [channel.share_per_million for channel in step.channels]
        channel = dice.choices(step.channels, weights)[0]
        if channel.refused:
            return None
        is_open = _open(timeline, channel.open_hours, step.time_zone)
        return _work(is_open, hour, _draw(channel.duration, regime.clear_factor, dice), timeline.hours)
    if isinstance(step, Ride):
        return _ride(timeline, regime, step, hour, dice)
    return _deliver(timeline, regime, step, hour, dice)


def _work(is_open: IsOpen, hour: int, needed: int, end: int) -> int | None:
    """Whole open hours are worked off one by one; with none needed it is done when the place is open."""
    done = 0
    while hour < end:
        if needed == 0 and is_open(hour):
            return hour
        if is_open(hour):
            done += 1
            if done == needed:
                return hour + 1
        hour += 1
    return None


def _ride(timeline: Timeline, regime: Regime, step: Ride, hour: int, dice: random.Random) -> int | None:
    runs = timeline.departures(step.departures, step.time_zone)
    chances = [run for run in range(runs.cutoff.size) if runs.cutoff[run] >= hour]
    if not chances:
        return None
    row = step.departures[runs.row[chances[0]]]
    luck = dice.random() * 1e6
    missed = 1 if luck < row.missed_1_per_million else 0
    if row.missed_1_per_million <= luck < row.missed_1_per_million + row.missed_2_per_million:
        missed = 2
    if missed >= len(chances):
        return None
    taken = chances[missed]
    travel = step.departures[runs.row[taken]].duration
    return int(runs.leaves[taken]) + _draw(travel, regime.travel_factor, dice)


def _deliver(timeline: Timeline, regime: Regime, step: Deliver, hour: int, dice: random.Random) -> int | None:
    if dice.random() < step.row.lost_per_million / 1e6:
        return None
    is_open = _open(timeline, step.row.open_hours, step.time_zone)
    hour += _draw(step.row.duration, regime.deliver_factor, dice)
    while hour < timeline.hours and not (is_open(hour) and not is_open(hour - 1)):
        hour += 1
    if hour >= timeline.hours:
        return None
    closes = hour
    while closes < timeline.hours and is_open(closes):
        closes += 1
    return dice.randrange(hour, closes) + 1


def _open(timeline: Timeline, text: str, time_zone: str) -> IsOpen:
    week = parse(text)
    offsets = timeline.offsets(time_zone)

    def is_open(hour: int) -> bool:
        if hour < 0:
            return False
        local = timeline.first_hour + hour + int(offsets[min(hour, timeline.hours - 1)])
        return week[(local + 72) % 168]

    return is_open


def _draw(duration: Duration, factor: float, dice: random.Random) -> int:
    probabilities = discretise(duration, factor)
    return dice.choices(range(probabilities.size), probabilities)[0]

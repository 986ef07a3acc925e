"""Items under way walked by drawing: the plain reading of a journey of which some scans were not heard.

Written from the words in `entrepost.journey.step`, it shares only discretised durations and calendars with the
filter. A walk that would have been heard of by now is thrown away; of what is left each is as probable as any.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from entrepost.journey.calendars import Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.itinerary import build_itinerary, parse_route
from entrepost.journey.step import Clear, Deliver, Ride, Work
from entrepost.journey.under_way.params import Scanning

SCANNED = {"prepare": "EMA", "pick": "EMA", "accept": "EMB", "outward": "EXA", "inward": "EDB"}


@dataclass(frozen=True)
class Walk:
    """Walks items of one regime; hours are indices of the timeline, `now` the present."""

    timeline: Timeline
    scanning: Scanning
    now: int
    dice: random.Random

    def draw(self, journey: tuple[str, str, str], accepted: int, walks: int) -> np.ndarray:
        """The hours of the attempt of items accepted at an hour and not heard of since; so many walks are tried."""
        service, route, area = journey
        steps = build_itinerary(self.timeline.network, service, parse_route(route), area)
        names = [step.name for step in steps]
        rest = steps[names.index("accept") + 1 :]
        found = [self._walk(rest, parse_route(route), accepted) for _ in range(walks)]
        return np.array([hour for hour in found if hour is not None])

    def _walk(self, steps: tuple[object, ...], stops: tuple[str, ...], hour: int) -> int | None:
        legs = iter(pairwise(stops))
        for step in steps:
            done = self._ride(step, next(legs), stops, hour) if isinstance(step, Ride) else self._step(step, hour)
            if done is None or done >= self.timeline.hours:
                return None
            hour = done
        return hour

    def _step(self, step: object, hour: int) -> int | None:
        if isinstance(step, Work):
            place = step.row.facility
            if self.dice.random() < step.row.lost_per_million / 1e6:
                return None
            hours = self._open(step, step.row.open_hours, place, step.row.activity)
            done = self._work(hours, hour, self._draw(step.row.duration))
            return self._tell(done, (place, SCANNED.get(step.name, "")))
        if isinstance(step, Clear):
            return self._clear(step, hour)
        assert isinstance(step, Deliver)
        return self._deliver(step, hour)

    def _clear(self, step: Clear, hour: int) -> int | None:
        channel = self.dice.choices(step.channels, [row.share_per_million for row in step.channels])[0]
        if channel.refused:
            return None
        abroad = step.name == "import"
        hours = self._open(step, channel.open_hours, channel.facility, "clearance")
        if (
            channel.held
            and self._tell(int(hours.reopens[hour]), (channel.facility, "EME" if abroad else "EXB")) is None
        ):
            return None
        done = self._work(hours, hour, self._draw(channel.duration))
        told = [(channel.facility, code) for code in (("EDC", "EMF") if abroad else ("EXC",))]
        return self._tell(done, *told)

    def _ride(self, step: Ride, leg: tuple[str, str], stops: tuple[str, ...], hour: int) -> int | None:
        runs = self.timeline.departures(step.departures, step.time_zone)
        chances = [run for run in range(runs.cutoff.size) if runs.cutoff[run] >= hour]
        if not chances:
            return None
        row, luck = step.departures[runs.row[chances[0]]], self.dice.random() * 1e6
        missed = 1 if luck < row.missed_1_per_million else 0
        if row.missed_1_per_million <= luck < row.missed_1_per_million + row.missed_2_per_million:
            missed = 2
        if missed >= len(chances):
            return None
        taken = chances[missed]
        left = self._tell(int(runs.leaves[taken]), (leg[0], "EMC" if leg[0] == stops[0] else "EMK"))
        if left is None:
            return None
        landed = left + self._draw(step.departures[runs.row[taken]].duration)
        return self._tell(landed, (leg[1], "EMD" if leg[1] == stops[-1] else "EMJ"))

    def _deliver(self, step: Deliver, hour: int) -> int | None:
        row = step.row
        if self.dice.random() < row.lost_per_million / 1e6:
            return None
        office = self._tell(hour + self._draw(row.duration), (row.from_facility, "EMG"))
        if office is None or office >= self.timeline.hours:
            return None
        hours = self._open(step, row.open_hours, row.area, "delivery")
        which = int(hours.round_of[office])
        if which >= hours.round_from.size:
            return None
        opens, closes = int(hours.round_from[which]), int(hours.round_to[which])
        if self._tell(opens, (row.from_facility, "EDG")) is None:
            return None
        return self._tell(self.dice.randrange(opens, closes) + 1, (row.from_facility, "EMI"))

    def _tell(self, hour: int | None, *scans: tuple[str, str]) -> int | None:
        """The hour, unless one of its scans is known of by now."""
        if hour is None or hour > self.now:
            return hour
        for place, code in scans:
            if not code or self.dice.random() < self.scanning.find_unscanned(place, code):
                continue
            late = self.scanning.find_report_hours(place)
            if late <= 0 or self.dice.expovariate(1 / late) < self.now - hour + 0.5:
                return None
        return hour

    def _open(self, step: Work | Clear | Deliver, text: str, place: str, activity: str):  # type: ignore[no-untyped-def]
        return self.timeline.open_hours(text, step.time_zone, step.country, place, activity)

    def _work(self, hours, hour: int, needed: int) -> int | None:  # type: ignore[no-untyped-def]
        """Whole open hours are worked off; with none needed it is done when the place is open."""
        if needed == 0:
            return int(hours.reopens[hour])
        at = int(hours.count[hour]) + needed - 1
        return int(hours.done[at]) if at < hours.done.size else None

    def _draw(self, duration) -> int:  # type: ignore[no-untyped-def]
        odds = discretise(duration, 1.0)
        return self.dice.choices(range(odds.size), odds)[0]

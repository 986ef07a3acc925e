"""From a network and a stretch of time to the tables that the filter reads; paths are added when they are met."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import EntrepostError
from entrepost.journey.calendars import Hours, Timeline
from entrepost.journey.discretise import SLICES, discretise, slices
from entrepost.journey.engine import MILLION
from entrepost.journey.itinerary import build_delivery, build_ride, handing_over, parse_route, receiving
from entrepost.journey.learning.stages import CHANNEL_REASON, CLEARED, CODES, ENDS, shares_of
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.journey.under_way.params import Scanning
from entrepost.journey.under_way.tables import (
    CHANNEL,
    CLEAR,
    DEPART,
    LAST_MILE,
    NONE,
    PASS,
    RUN,
    STAGE,
    TRAVEL,
    WORK,
    Course,
)
from entrepost.network.duration import Duration

STRAY = 0.02
"""This share of a widened duration is spread wide (assumed)."""

HELD, REFUSED = {"export": "EXB", "import": "EME"}, {"export": "EXX", "import": "EDX"}
LAGS = 15 * 24
"""So many hours after it happened a scan that is not known of was missed."""

DAY_HOURS = 24.0


@dataclass
class CourseTables:
    """Numbers paths (a service on a route), last miles and whatever they are made of, on one timeline.

    `names` has the step and the facility of each stage, `last_names` of each last mile.
    """

    timeline: Timeline
    names: list[tuple[str, str]] = field(default_factory=list)
    first: list[int] = field(default_factory=lambda: [0])
    places: dict[str, int] = field(default_factory=dict)
    scans: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    last_names: list[str] = field(default_factory=list)
    _stages: list[dict[str, Any]] = field(default_factory=list)
    _channels: list[tuple[Any, ...]] = field(default_factory=list)
    _runs: list[NDArray[Any]] = field(default_factory=list)
    _last_miles: list[dict[str, Any]] = field(default_factory=list)
    _hours: list[Hours] = field(default_factory=list)
    _odds: list[tuple[Duration, float]] = field(default_factory=list)
    _numbers: dict[Any, Any] = field(default_factory=dict)
    _packed: Course | None = None
    parents: dict[int, Any] = field(default_factory=dict)
    named: tuple[int, Any] = (-1, None)
    _believed: tuple[Scanning, Course] | None = None
    _wide: tuple[Course, Course] | None = None

    def __post_init__(self) -> None:
        self.places.update({row.facility: number for number, row in enumerate(self.timeline.network.facilities)})

    def add_path(self, service: str, route: str) -> int:
        """The number of a service's way along a route; -1 where the network does not have it."""
        key = ("path", service, route)
        if key not in self._numbers:
            begin = len(self._stages)
            try:
                self._add_stages(service, parse_route(route))
            except (EntrepostError, KeyError):
                del self._stages[begin:], self.names[begin:]
                self._numbers[key] = -1
                return -1
            self._numbers[key] = len(self.first) - 1
            self.first.append(len(self._stages))
            self._packed = None
        return int(self._numbers[key])

    def add_last_mile(self, service: str, facility: str, area: str) -> int:
        """The number of a service's last mile from a facility to an area; -1 where there is none."""
        key = ("last mile", service, facility, area)
        if key not in self._numbers:
            try:
                network = self.timeline.network
                step = build_delivery(network, facility, area, network.service_by_code[service])
            except (EntrepostError, KeyError):
                self._numbers[key] = -1
                return -1
            self._numbers[key] = self._last_mile(step)
        return int(self._numbers[key])

    def pack(self) -> Course:
        """All tables; they are made again only after something was added."""
        if self._packed is None:
            self._packed, self._believed = self._pack(), None
        return self._packed

    def with_scanning(self, scanning: Scanning) -> Course:
        """The packed tables, with what is believed of scans."""
        if self._believed is None or self._believed[0] is not scanning or self._packed is None:
            self._believed = scanning, self.pack()._replace(lags=self._lags(scanning))
        return self._believed[1]

    def widened(self, scanning: Scanning) -> Course:
        """The same with every duration widened: nothing that may still happen is impossible."""
        course = self.with_scanning(scanning)
        if self._wide is None or self._wide[0] is not course:
            self._wide = course, course._replace(**_in_a_row([widen(*each) for each in self._odds]))
        return self._wide[1]

    def _add_stages(self, service_code: str, facilities: tuple[str, ...]) -> None:
        network = self.timeline.network
        service = network.service_by_code[service_code]
        if service.kind == "stock":
            row = network.find_processing(facilities[0], "pick", service.mail_class)
            place = network.get_facility(facilities[0])
            self._named([Work(row, place.country, place.time_zone)] if row else [], ("pick",), facilities[0])
            return
        before = handing_over(network, facilities[0], service)
        self._named(before, ("prepare", "accept", "outward", "export"), facilities[0])
        for number, (here, there) in enumerate(pairwise(facilities)):
            row = network.find_processing(here, "transit", service.mail_class) if number else None
            if row:
                place = network.get_facility(here)
                self._add(self._work(Work(row, place.country, place.time_zone), ()), "transit", here)
            last = number == len(facilities) - 2
            self._ride(build_ride(network, here, there, service), "EMK" if number else "EMC", "EMD" if last else "EMJ")
        self._named(receiving(network, facilities[-1], service), ("inward", "import"), facilities[-1])

    def _named(self, steps: list[Step], names: tuple[str, ...], facility: str) -> None:
        """The steps of these names in order; one that is not there takes no time, but is scanned."""
        known = {step.name: step for step in steps}
        for name in names:
            codes = ("EDC", "EMF") if name == "import" else ((CLEARED[name] if name in CLEARED else ENDS[name]),)
            step = known.get(name)
            if isinstance(step, Work):
                row = self._work(step, codes)
            elif isinstance(step, Clear):
                row = self._clear(step, codes)
            else:
                row = self._ends(PASS, facility, codes)
            self._add(row, name, facility)

    def _add(self, row: dict[str, Any], name: str, facility: str) -> None:
        self._stages.append(row)
        self.names.append((name, facility))

    def _ends(self, kind: int, facility: str, codes: tuple[str, ...], **cells: Any) -> dict[str, Any]:
        numbers = [CODES.index(code) for code in codes] + [NONE, NONE]
        told = {"code": numbers[-1 if not codes else len(codes) - 1], "also": numbers[0] if len(codes) > 1 else NONE}
        scan = self._scan(*((facility, code) for code in codes)) if codes else NONE
        place = self.places[facility]
        return {"kind": kind, "place": place, "scan": scan, "held": NONE, "refused": NONE, **told, **cells}

    def _scan(self, *told: tuple[str, str]) -> int:
        if ("scan", told) not in self._numbers:
            self._numbers["scan", told] = len(self.scans)
            self.scans.append(told)
        return int(self._numbers["scan", told])

    def _work(self, step: Work, codes: tuple[str, ...]) -> dict[str, Any]:
        row = step.row
        calendar = self._calendar(row.open_hours, step.time_zone, step.country, row.facility, row.activity)
        timed = self._timed(calendar, row.duration, "work_factor")
        return self._ends(WORK, row.facility, codes, lost=row.lost_per_million / MILLION, **timed)

    def _clear(self, step: Clear, codes: tuple[str, ...]) -> dict[str, Any]:
        facility = step.channels[0].facility
        key = ("channels", step.channels)
        if key not in self._numbers:
            begin = len(self._channels)
            self._channels += [self._channel(step, row) for row in step.channels]
            self._numbers[key] = (begin, len(self._channels))
        first, last = self._numbers[key]
        held, refused = (self._scan((facility, code[step.name])) for code in (HELD, REFUSED))
        return {**self._ends(CLEAR, facility, codes, first=first, last=last), "held": held, "refused": refused}

    def _channel(self, step: Clear, row: Any) -> tuple[Any, ...]:
        calendar = self._calendar(row.open_hours, step.time_zone, step.country, row.facility, "clearance")
        timed = self._timed(calendar, row.duration, "clear_factor")
        held = CHANNEL_REASON.get(row.channel, 1) if row.held else 0
        return (row.share_per_million / MILLION, held, row.refused, *timed.values())

    def _ride(self, ride: Ride, leaves: str, arrives: str) -> None:
        key = ("runs", ride)
        if key not in self._numbers:
            begin = sum(table.size for table in self._runs)
            self._runs.append(self._list_runs(ride))
            self._numbers[key] = (begin, begin + self._runs[-1].size)
        first, last = self._numbers[key]
        start, span = ride.from_facility, {"first": first, "last": last}
        self._add(self._ends(DEPART, start, (leaves,), **span), "departure", start)
        self._add(self._ends(TRAVEL, ride.to_facility, (arrives,), **span), "ride", start)

    def _list_runs(self, ride: Ride) -> NDArray[Any]:
        runs = self.timeline.departures(ride.departures, ride.time_zone)
        table = np.zeros(runs.cutoff.size, dtype=RUN)
        table["cutoff"], table["leaves"] = runs.cutoff, runs.leaves
        odds = [self._durations(row.duration, "travel_factor", (1.0,)) for row in ride.departures]
        figures = [(row.missed_1_per_million / MILLION, row.missed_2_per_million / MILLION) for row in ride.departures]
        table["odds"] = np.array(odds, dtype=np.int32)[runs.row]
        table["once"], table["twice"] = np.array(figures)[runs.row].T
        return table

    def _last_mile(self, step: Deliver) -> int:
        row = step.row
        key = ("last mile", row)
        if key not in self._numbers:
            facility = row.from_facility
            calendar = self._calendar(row.open_hours, step.time_zone, step.country, row.area, "delivery")
            codes = {"office": "EMG", "round": "EDG", "attempt": "EMI"}
            told = {name: self._scan((facility, code)) for name, code in codes.items()}
            cells = {"lost": row.lost_per_million / MILLION, "place": self.places[facility]}
            self._numbers[key] = len(self._last_miles)
            self._last_miles.append({**self._timed(calendar, row.duration, "deliver_factor"), **told, **cells})
            self.last_names.append(facility)
            self._packed = None
        return int(self._numbers[key])

    def _calendar(self, text: str, time_zone: str, country: str, facility: str, activity: str) -> int:
        """Places without days of their own share the calendar of their country."""
        named = facility if (facility, "") in self.timeline.network.calendar_by_place else ""
        key = ("hours", text, time_zone, country, named, activity)
        if key not in self._numbers:
            self._numbers[key] = len(self._hours)
            self._hours.append(self.timeline.open_hours(text, time_zone, country, named, activity))
        return int(self._numbers[key])

    def _timed(self, calendar: int, duration: Duration, factor: str) -> dict[str, int]:
        slow = self._hours[calendar].factors
        return {"calendar": calendar, "odds": self._durations(duration, factor, slow), "variants": len(slow)}

    def _durations(self, duration: Duration, factor: str, slow: tuple[float, ...]) -> int:
        """The first of a duration's distributions, one for each regime and slowness."""
        key = ("odds", duration, factor, slow)
        if key not in self._numbers:
            self._numbers[key] = len(self._odds)
            scales = [getattr(row, factor) * each for row in self.timeline.network.regimes for each in slow]
            self._odds += [(duration, scale) for scale in scales]
        return int(self._numbers[key])

    def _lags(self, scanning: Scanning) -> NDArray[np.float64]:
        """For each scan the probability of not being known of after so many hours; of two codes, of both."""
        lag = np.arange(LAGS + 1) + 0.5
        table = np.ones((len(self.scans) + 1, LAGS + 1))
        for number, told in enumerate(self.scans):
            for place, code in told:
                missed, hours = scanning.find_unscanned(place, code), scanning.find_report_hours(place)
                table[number] *= missed + (1 - missed) * (np.exp(-lag / hours) if hours > 0 else 0.0)
        return table

    def _pack(self) -> Course:
        beyond, hours = self.timeline.hours + 1, self._hours
        stages = np.zeros(len(self._stages), dtype=STAGE)
        last_miles = np.zeros(len(self._last_miles), dtype=LAST_MILE)
        for table, rows in ((stages, self._stages), (last_miles, self._last_miles)):
            for number, row in enumerate(rows):
                for name, value in row.items():
                    table[number][name] = value
        return Course(
            first=np.array(self.first, dtype=np.int64),
            stages=stages,
            channels=np.array(self._channels, dtype=CHANNEL),
            runs=np.concatenate([*self._runs, np.empty(0, dtype=RUN)]),
            last_miles=last_miles,
            before=_stack([each.count for each in hours], beyond),
            done=_stack([each.done for each in hours], beyond),
            reopens=_stack([each.reopens for each in hours], beyond),
            variant=_stack([each.variant for each in hours], 0),
            round_of=_stack([each.round_of for each in hours], beyond),
            round_from=_stack([each.round_from for each in hours], beyond),
            round_to=_stack([each.round_to for each in hours], beyond),
            **_in_a_row([np.asarray(discretise(*each)) for each in self._odds]),
            lags=self._lags(Scanning()),
            regimes=shares_of(self.timeline.network.regimes),
        )


def widen(duration: Duration, factor: float) -> NDArray[np.float64]:
    """A duration of which a share is spread wide: as likely in each doubling of its time up to a month and more."""
    usual = discretise(duration, factor)
    most = int(4 * max(factor * duration.hours_p90, 30 * DAY_HOURS))
    hours = np.arange(1, most + 1)
    wide = 1.0 / (hours + max(duration.hours_p50 * factor, 1.0))
    found = np.zeros(max(most + 1, usual.size))
    found[: usual.size] += (1 - STRAY) * usual
    found[1 : most + 1] += STRAY * wide / wide.sum()
    return found


def _in_a_row(curves: list[NDArray[np.float64]]) -> dict[str, Any]:
    """Distributions one after the other, and each in slices."""
    sliced = [slices(curve) for curve in curves]
    return {
        "odds_first": np.concatenate([[0], np.cumsum([curve.size for curve in curves])]).astype(np.int64),
        "odds": np.concatenate([*curves, np.empty(0)]),
        "upto": np.concatenate([*(np.cumsum(curve) for curve in curves), np.empty(0)]),
        "slice_hours": np.array([hours for hours, _ in sliced], dtype=np.int32).reshape(-1, 2 * SLICES),
        "slice_shares": np.array([shares for _, shares in sliced]).reshape(-1, 2 * SLICES),
    }


def _stack(rows: list[NDArray[Any]], filler: int) -> NDArray[np.int32]:
    width = max((row.size for row in rows), default=0)
    table = np.full((len(rows), width), filler, dtype=np.int32)
    for number, row in enumerate(rows):
        table[number, : row.size] = row
    return table

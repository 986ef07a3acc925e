"""From a network, a world and what is sent to the tables that the kernel reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.calendars import Hours, Timeline
from entrepost.journey.discretise import discretise
from entrepost.journey.itinerary import build_itinerary, parse_route
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.network.departure import Departure
from entrepost.network.duration import Duration
from entrepost.planning.simulation.hash import hash_texts
from entrepost.planning.simulation.tables import (
    BOARDING,
    CHANNEL,
    CLEAR,
    CODES,
    DELIVER,
    NO_CODE,
    PASS,
    REASONS,
    RIDE,
    RUN,
    STEP,
    WORK,
    Calendars,
    Odds,
    Queues,
)
from entrepost.planning.simulation.world import BETWEEN, MILLION, World, hash_text

DONE_CODES = {"prepare": "EMA", "pick": "EMA", "accept": "EMB", "outward": "EXA", "transit": "", "inward": "EDB"}
"""Which scan ends a step of work."""

CLEAR_CODES = {"export": ("EXB", "EXC", "", "EXX"), "import": ("EME", "EDC", "EMF", "EDX")}
"""Scans of clearance: held, released, right after, refused."""

HELD_REASONS = {"inspection": "EXAMINATION", "documents": "NO_DECLARATION", "payment": "AWAITING_PAYMENT"}
"""The retention reason that a held channel gives, by its name; another one of export screens, of import examines."""

UNLIMITED = 1_000_000
"""A throughput from here on is none."""


@dataclass
class CourseTables:
    """Rows of the kernel's tables; each thing stands there once and is named by its number."""

    timeline: Timeline
    world: World
    seed: int
    items: int
    steps: list[dict[str, Any]] = field(default_factory=list)
    channels: list[tuple[Any, ...]] = field(default_factory=list)
    boardings: list[NDArray[Any]] = field(default_factory=list)
    dated: list[NDArray[np.int64]] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)
    odds: list[NDArray[np.float64]] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)
    _ranges: dict[Any, tuple[int, int]] = field(default_factory=dict)
    _boarded: int = 0

    def stops(self, service_code: str, route: str, area: str) -> list[int]:
        """The numbers of the steps of a route, in order."""
        network = self.timeline.network
        facilities = parse_route(route)
        itinerary = build_itinerary(network, service_code, facilities, area)
        by_name: dict[str, Step] = {
            step.name: step for step in itinerary if not isinstance(step, Ride) and step.name != "transit"
        }
        if network.service_by_code[service_code].kind == "stock":
            return [self._named(by_name, "pick", facilities[0]), self._named(by_name, "deliver", facilities[-1])]
        before = [self._named(by_name, name, facilities[0]) for name in ("prepare", "accept", "outward", "export")]
        after = [self._named(by_name, name, facilities[-1]) for name in ("inward", "import", "deliver")]
        between = [step for step in itinerary if isinstance(step, Ride) or step.name == "transit"]
        return before + self._carried(between, facilities) + after

    def _carried(self, between: list[Step], facilities: tuple[str, ...]) -> list[int]:
        numbers = []
        for step in between:
            if isinstance(step, Ride):
                sends = "EMC" if step.from_facility == facilities[0] else "EMK"
                then = "EMD" if step.to_facility == facilities[-1] else "EMJ"
                numbers.append(self._once((step, sends, then), lambda s=step, a=sends, b=then: self._ride(s, a, b)))
            else:
                numbers.append(self._once(step, lambda s=step: self._step(s)))
        return numbers

    def _named(self, steps: dict[str, Step], name: str, place: str) -> int:
        """The step of that name, or one that takes no time and sends the same scans."""
        if name in steps:
            return self._once(steps[name], lambda: self._step(steps[name]))
        codes = CLEAR_CODES[name][1:3] if name in CLEAR_CODES else (DONE_CODES[name], "")
        return self._once(
            ("pass", name, place), lambda: self._row(PASS, name, place, sends=_code(codes[0]), then=_code(codes[1]))
        )

    def _once(self, key: Any, build: Any) -> int:
        if key not in self._numbers:
            row = build()
            self._numbers[key] = len(self.steps)
            self.steps.append(row)
        return self._numbers[key]

    def _step(self, step: Step) -> dict[str, Any]:
        if isinstance(step, Work):
            return self._work(step)
        if isinstance(step, Clear):
            return self._clear(step)
        assert isinstance(step, Deliver)
        return self._deliver(step)

    def _work(self, step: Work) -> dict[str, Any]:
        row = step.row
        hours = self._hours(row.open_hours, step.time_zone, step.country, row.facility, row.activity)
        factor = self.world.draw_factor(self.seed, row.facility, row.activity)
        return self._row(
            WORK,
            row.activity,
            row.facility,
            shared=hash_text(row.facility),
            sends=_code(DONE_CODES[row.activity]),
            lost=row.lost_per_million / MILLION,
            queue=self._queue(row.throughput_items_hour, row),
            **self._timed(hours, row.duration, "work_factor", factor),
        )

    def _clear(self, step: Clear) -> dict[str, Any]:
        facility = step.channels[0].facility
        held, sends, then, refused = CLEAR_CODES[step.name]
        first, last = self._range(step, len(self.channels), lambda: self._channels(step))
        codes = {"held": _code(held), "sends": _code(sends), "then": _code(then), "refused": _code(refused)}
        return self._row(CLEAR, step.name, facility, shared=hash_text(step.country), first=first, last=last, **codes)

    def _channels(self, step: Clear) -> int:
        upto = 0
        for row in step.channels:
            upto += row.share_per_million
            hours = self._hours(row.open_hours, step.time_zone, step.country, row.facility, "clearance")
            factor = self.world.draw_factor(self.seed, row.facility, f"{row.direction} {row.channel}")
            timed = self._timed(hours, row.duration, "clear_factor", factor)
            reason = HELD_REASONS.get(row.channel, "SECURITY_SCREENING" if row.direction == "export" else "EXAMINATION")
            held = REASONS.index(reason) if row.held else 0
            self.channels.append((upto / MILLION, held, row.refused, timed["hours"], timed["odds"], timed["variants"]))
        return len(step.channels)

    def _ride(self, step: Ride, sends: str, then: str) -> dict[str, Any]:
        leg = f"{step.from_facility}>{step.to_facility}"
        first, last = self._range(step, self._boarded, lambda: self._boardings(step, leg))
        row = self._row(RIDE, leg, step.from_facility, sends=_code(sends), then=_code(then), first=first, last=last)
        return {**row, "then_place": self._place(step.to_facility)}

    def _boardings(self, step: Ride, leg: str) -> int:
        factor = self.world.draw_factor(self.seed, leg, "ride")
        rows = step.departures
        dated = self.timeline.departures(rows, step.time_zone)
        table = np.zeros(dated.row.size, dtype=BOARDING)
        table["cutoff"] = dated.cutoff
        for name, of_rows in (
            ("odds", [self._odds(row.duration, "travel_factor", factor, (1.0,)) for row in rows]),
            ("once", [row.missed_1_per_million / MILLION for row in rows]),
            ("twice", [row.missed_2_per_million / MILLION for row in rows]),
        ):
            table[name] = np.array(of_rows)[dated.row]
        self.boardings.append(table)
        numbers = np.array([self._departure(row) for row in rows], dtype=np.int64)
        self.dated.append(numbers[dated.row] << 32 | dated.leaves)
        self._boarded += table.size
        return int(table.size)

    def _departure(self, row: Departure) -> int:
        if ("departure", row.departure) not in self._numbers:
            self._numbers["departure", row.departure] = len(self.departures)
            self.departures.append(row)
        return self._numbers["departure", row.departure]

    def _deliver(self, step: Deliver) -> dict[str, Any]:
        row = step.row
        hours = self._hours(row.open_hours, step.time_zone, step.country, row.area, "delivery")
        factor = self.world.draw_factor(self.seed, row.area, f"deliver {row.product}")
        return self._row(
            DELIVER,
            "deliver",
            row.from_facility,
            key=hash_text("deliver", row.area),
            shared=hash_text(step.country),
            lost=row.lost_per_million / MILLION,
            failed=row.attempt_failed_per_million / MILLION,
            pickup=row.pickup_per_million / MILLION,
            **self._timed(hours, row.duration, "deliver_factor", factor),
        )

    def _row(self, kind: int, name: str, facility: str, **cells: Any) -> dict[str, Any]:
        place = self._place(facility)
        row = {"kind": kind, "key": hash_text(name, facility), "place": place, "then_place": place, "queue": -1}
        return {**row, "sends": NO_CODE, "then": NO_CODE, **cells}

    def _place(self, facility: str) -> int:
        if ("place", facility) not in self._numbers:
            self._numbers["place", facility] = len(self.places)
            self.places.append(facility)
        return self._numbers["place", facility]

    def _hours(self, *place: str) -> int:
        if ("hours", *place) not in self._numbers:
            self._numbers[("hours", *place)] = len(self.hours)
            self.hours.append(self.timeline.open_hours(*place))
        return self._numbers[("hours", *place)]

    def _timed(self, hours: int, duration: Duration, regime_factor: str, factor: float) -> dict[str, int]:
        slow = self.hours[hours].factors
        odds = self._odds(duration, regime_factor, factor, slow)
        return {"hours": hours, "odds": odds, "variants": len(slow)}

    def _odds(self, duration: Duration, regime_factor: str, factor: float, slow: tuple[float, ...]) -> int:
        """The number of the first of a duration's distributions: for each regime one for each slowness."""
        key = (duration, regime_factor, factor, slow)
        if key not in self._numbers:
            self._numbers[key] = len(self.odds)
            for regime in self.timeline.network.regimes:
                scale = getattr(regime, regime_factor) * factor
                self.odds += [np.cumsum(discretise(duration, scale * each)) for each in slow]
        return self._numbers[key]

    def _queue(self, throughput: int, key: Any) -> int:
        if not self.world.capacities or throughput >= min(UNLIMITED, self.items):
            return -1
        if ("queue", key) not in self._numbers:
            self._numbers["queue", key] = len(self.limits)
            self.limits.append(throughput)
        return self._numbers["queue", key]

    def _range(self, key: Any, first: int, build: Callable[[], int]) -> tuple[int, int]:
        if key not in self._ranges:
            self._ranges[key] = (first, first + build())
        return self._ranges[key]

    def to_steps(self) -> NDArray[Any]:
        """The steps as records."""
        table = np.zeros(len(self.steps), dtype=STEP)
        for number, row in enumerate(self.steps):
            for name, value in row.items():
                table[number][name] = value
        return table

    def to_channels(self) -> NDArray[Any]:
        """The customs channels as records."""
        return np.array(self.channels, dtype=CHANNEL)

    def to_rides(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """For each ride its dated departures in the order of their cutoffs, and these departures, as records.

        Services that share a dated departure share its capacity.
        """
        boardings = np.concatenate([np.empty(0, dtype=BOARDING), *self.boardings])
        dated, boardings["run"] = np.unique(
            np.concatenate([np.empty(0, dtype=np.int64), *self.dated]), return_inverse=True
        )
        runs = np.zeros(dated.size, dtype=RUN)
        number, runs["leaves"] = dated >> 32, dated & 0xFFFFFFFF
        names = pl.Series("name", [row.departure for row in self.departures], dtype=pl.String)
        hours = pl.Series("hour", self.timeline.first_hour + runs["leaves"].astype(np.int64)).cast(pl.String)
        named = pl.DataFrame([names.gather(number), hours]).select(pl.concat_str("name", "hour", separator=BETWEEN))
        runs["key"] = hash_texts(named.to_series())
        runs["free_g"] = np.array([row.capacity_kg * 1000 for row in self.departures], dtype=np.int64)[number]
        return boardings, runs

    def to_queues(self) -> Queues:
        """Empty queues of the facilities whose throughput is limited."""
        width = self.timeline.hours + 2
        room = np.tile(np.arange(width, dtype=np.int32), (len(self.limits), 1))
        return Queues(np.array(self.limits, dtype=np.int32), np.zeros_like(room), room)

    def to_odds(self) -> Odds:
        """All discretised durations."""
        first = np.concatenate([[0], np.cumsum([part.size for part in self.odds])]).astype(np.int64)
        return Odds(first, np.concatenate(self.odds) if self.odds else np.empty(0))

    def to_calendars(self) -> Calendars:
        """All open hours, padded to the same width; beyond the last hour stands one that never comes."""
        beyond = self.timeline.hours + 1
        variants = [hours.variant for hours in self.hours]
        return Calendars(
            before=_stack([hours.count for hours in self.hours], beyond),
            done=_stack([hours.done for hours in self.hours], beyond),
            reopens=_stack([hours.reopens for hours in self.hours], beyond),
            variant=_stack(variants, 0),
            round_of=_stack([hours.round_of for hours in self.hours], beyond),
            round_from=_stack([hours.round_from for hours in self.hours], 0),
            round_to=_stack([hours.round_to for hours in self.hours], 0),
        )


def lane_weeks(hours: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the Monday-based UTC week of each hour since 1970."""
    return (hours + 72) // WEEK_HOURS  # 1970-01-01 was a Thursday


def _code(name: str) -> int:
    return CODES.index(name) if name else int(NO_CODE)


def _stack(rows: list[NDArray[Any]], filler: int) -> NDArray[np.int32]:
    width = max((row.size for row in rows), default=0)
    table = np.full((len(rows), width), filler, dtype=np.int32)
    for number, row in enumerate(rows):
        table[number, : row.size] = row
    return table

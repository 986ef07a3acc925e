"""What can be learned, and where on a route it happens: numbered steps, and the stages of journeys.

A *stage* ends with a scan; it is one step, or one with a wait (for a departure, for a round). A step
is a row of the network folder, or the rows of a leg that carry alike; it has a number here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entrepost.base.errors import EntrepostError
from entrepost.journey.calendars import Timeline
from entrepost.journey.itinerary import build_itinerary, parse_route
from entrepost.journey.step import Clear, Deliver, Ride, Step, Work
from entrepost.network.duration import Duration
from entrepost.network.regime import Regime

PASS, WORK, DEPART, TRAVEL, CHANGE, CLEAR, OFFICE, ATTEMPT = range(8)

MILLION = 1_000_000
NO_STEP = (-1, 0)

CODES = (
    *("EMA", "EMB", "EXA", "EXC", "EMC", "EMJ", "EMK", "EMD", "EDB", "EMF", "EMG", "EMI", "EMH", "EDH"),
    *("EDC", "EXB", "EME", "EXX", "EDX", "EDG"),
)
"""The scans that are read; a code's number is its place here."""

ENDS = {"prepare": "EMA", "pick": "EMA", "accept": "EMB", "outward": "EXA", "inward": "EDB"}
"""Which scan ends a step of work."""

CLEARED = {"export": "EXC", "import": "EMF"}
STAGE = np.dtype(
    [
        *[("kind", np.int8), ("code", np.int8)],
        *[(name, np.int32) for name in ("place", "first", "count", "leg")],
        *[(name, np.float64) for name in ("median", "p90", "lost")],
    ]
)
LEG_RUN = np.dtype([(name, np.int32) for name in ("cutoff", "leaves", "step", "mode")])
REASONS = ("EXAMINATION", "SECURITY_SCREENING", "NO_DECLARATION", "AWAITING_PAYMENT")
CHANNEL_REASON = {"documents": 2, "payment": 3}
"""The reason that a channel of this name gives; every other one that holds gives one of the first two."""


@dataclass(frozen=True, slots=True)
class Learnable:
    """A step of which durations are learned: the rows of one table of the folder that share it."""

    table: str
    rows: tuple[int, ...]
    old: Duration
    factors: tuple[float, ...]
    name: str
    country: str
    place: str
    calendar: int = -1
    held: int = 0
    refused: bool = False
    share: float = 1.0
    group: int = -1
    lost: float = 0.0
    failed: float = 0.0
    ready: float = 0.0


@dataclass
class StageTables:
    """Numbers steps as journeys name them, and lists the stages of each journey.

    `steps` by their number; `journeys` the stages of each journey; `legs` the runs of each leg;
    `calendars` of the steps that have one; `places` the facilities by their number.
    """

    timeline: Timeline
    steps: list[Learnable] = field(default_factory=list)
    journeys: list[list[tuple[Any, ...]]] = field(default_factory=list)
    legs: list[NDArray[Any]] = field(default_factory=list)
    counts: list[NDArray[np.int32]] = field(default_factory=list)
    slow: list[NDArray[np.float64]] = field(default_factory=list)
    modes: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    _numbers: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        network = self.timeline.network
        self.places += [row.facility for row in network.facilities]
        self._numbers.update({("place", code): number for number, code in enumerate(self.places)})
        for table in ("processing", "departures", "clearance", "delivery"):
            self._numbers[table] = {id(row): number for number, row in enumerate(getattr(network, table))}

    def add_journey(self, service: str, route: str, area: str) -> bool:
        """Add the stages of a journey; False where the network does not have it, and it is empty."""
        try:
            steps = build_itinerary(self.timeline.network, service, parse_route(route), area)
        except (EntrepostError, KeyError):
            self.journeys.append([])
            return False
        stock = self.timeline.network.service_by_code[service].kind == "stock"
        self.journeys.append(self._stages(steps, parse_route(route), stock))
        return True

    def _stages(self, steps: Sequence[Step], facilities: tuple[str, ...], stock: bool) -> list[tuple[Any, ...]]:
        named = {step.name: step for step in steps if not isinstance(step, Ride) and step.name != "transit"}
        before = ("pick",) if stock else ("prepare", "accept", "outward", "export")
        stages = [self._stage(named.get(name), name, facilities[0]) for name in before]
        if not stock:
            changes = {step.row.facility: step for step in steps if isinstance(step, Work) and step.name == "transit"}
            rides = [step for step in steps if isinstance(step, Ride)]
            for here, ride in zip(pairwise(facilities), rides, strict=True):
                stages += self._carried(ride, changes.get(here[0]), here, facilities)
            stages += [self._stage(named.get(name), name, facilities[-1]) for name in ("inward", "import")]
        deliver = named["deliver"]
        assert isinstance(deliver, Deliver)
        place = self._place(facilities[-1])
        number = self._delivery(deliver)
        row = deliver.row
        stages.append(_row(OFFICE, ("EMG", place), (number, 1), row.duration, row.lost_per_million))
        stages.append(_row(ATTEMPT, ("EMI", place), NO_STEP, Duration(1.0, 24.0, 72.0)))
        return stages

    def number_countries(self) -> NDArray[np.int32]:
        """The number of each place's country, and at the end -1 for places that nobody knows."""
        numbers: dict[str, int] = {}
        countries = [row.country for row in self.timeline.network.facilities]
        return np.array([*(numbers.setdefault(each, len(numbers)) for each in countries), -1], dtype=np.int32)

    def _carried(
        self, ride: Ride, change: Work | None, here: tuple[str, str], facilities: tuple[str, ...]
    ) -> list[tuple[Any, ...]]:
        leg = self._leg(ride)
        origin, end = here[0] == facilities[0], here[1] == facilities[-1]
        between = 168.0 * 2 / max(len(ride.departures), 1)
        wait = Duration(0.0, between / 4, between)
        first = self._work(change) if change else -1
        ends = ("EMC" if origin else "EMK", self._place(here[0]))
        leaves = _row(DEPART if origin else CHANGE, ends, (first, 0), wait, leg=leg)
        number = int(self.legs[leg]["step"][0]) if self.legs[leg].size else -1
        travel = self.steps[number].old if number >= 0 else wait
        ends = ("EMD" if end else "EMJ", self._place(here[1]))
        return [leaves, _row(TRAVEL, ends, (number, 1), travel, leg=leg)]

    def _stage(self, step: Step | None, name: str, facility: str) -> tuple[Any, ...]:
        ends = (CLEARED[name] if name in CLEARED else ENDS[name], self._place(facility))
        if isinstance(step, Work):
            return _row(WORK, ends, (self._work(step), 1), step.row.duration, step.row.lost_per_million)
        if isinstance(step, Clear):
            refused = sum(row.share_per_million for row in step.channels if row.refused)
            return _row(CLEAR, ends, (self._channels(step), len(step.channels)), step.channels[0].duration, refused)
        return _row(PASS, ends, NO_STEP, Duration(0.0, 0.5, 1.0))

    def _place(self, facility: str) -> int:
        return int(self._numbers["place", facility])

    def _work(self, step: Work) -> int:
        row = step.row
        return self._once(
            "processing",
            (row,),
            "work_factor",
            name=row.activity,
            country=step.country,
            place=row.facility,
            calendar=self._calendar(row.open_hours, step.time_zone, step.country, row.facility, row.activity),
            lost=row.lost_per_million / MILLION,
        )

    def _channels(self, step: Clear) -> int:
        first = step.channels[0]
        key = ("group", first.facility, first.direction, first.regime)
        group = self._numbers.setdefault(key, len(self._numbers))
        numbers = [
            self._once(
                "clearance",
                (row,),
                "clear_factor",
                name=f"{row.direction} {row.channel}",
                country=step.country,
                place=row.facility,
                calendar=self._calendar(row.open_hours, step.time_zone, step.country, row.facility, "clearance"),
                held=CHANNEL_REASON.get(row.channel, 1) if row.held else 0,
                refused=row.refused,
                share=row.share_per_million / MILLION,
                group=group,
            )
            for row in step.channels
        ]
        return numbers[0]

    def _delivery(self, step: Deliver) -> int:
        row = step.row
        return self._once(
            "delivery",
            (row,),
            "deliver_factor",
            name=f"deliver {row.product}",
            country=step.country,
            place=f"{row.from_facility} to {row.area}",
            lost=row.lost_per_million / MILLION,
            failed=row.attempt_failed_per_million / MILLION,
            ready=row.pickup_per_million / MILLION,
        )

    def _leg(self, ride: Ride) -> int:
        key = ("leg", ride)
        if key in self._numbers:
            return int(self._numbers[key])
        groups: dict[Any, list[Any]] = {}
        for row in self.timeline.network.departures_by_leg[ride.from_facility, ride.to_facility]:
            groups.setdefault((row.mode, row.carrier, row.duration), []).append(row)
        country = self.timeline.network.get_facility(ride.to_facility).country
        leg = f"{ride.from_facility}>{ride.to_facility}"
        numbers = {}
        for (mode, carrier, _), rows in groups.items():
            named = {"name": mode, "country": country, "place": f"{leg} by {carrier}"}
            number = self._once("departures", tuple(rows), "travel_factor", **named)
            numbers.update({id(row): number for row in rows})
        runs = self.timeline.departures(ride.departures, ride.time_zone)
        table = np.zeros(runs.cutoff.size, dtype=LEG_RUN)
        table["cutoff"], table["leaves"] = runs.cutoff, runs.leaves
        steps = np.array([numbers[id(row)] for row in ride.departures], dtype=np.int32)
        modes = np.array([self._mode(leg, row) for row in ride.departures], dtype=np.int32)
        table["step"], table["mode"] = steps[runs.row], modes[runs.row]
        self._numbers[key] = len(self.legs)
        self.legs.append(np.sort(table, order="leaves", kind="stable"))
        return len(self.legs) - 1

    def _mode(self, leg: str, row: Any) -> int:
        key = (row.from_facility, row.to_facility, row.mode)
        if ("mode", key) not in self._numbers:
            self._numbers["mode", key] = len(self.modes)
            self.modes.append(key)
        return int(self._numbers["mode", key])

    def _once(self, table: str, rows: tuple[Any, ...], regime_factor: str, **cells: Any) -> int:
        numbers = tuple(self._numbers[table][id(row)] for row in rows)
        if (table, numbers) not in self._numbers:
            self._numbers[table, numbers] = len(self.steps)
            factors = tuple(getattr(each, regime_factor) for each in self.timeline.network.regimes)
            self.steps.append(Learnable(table, numbers, rows[0].duration, factors, **cells))
        return int(self._numbers[table, numbers])

    def _calendar(self, *place: str) -> int:
        if ("hours", place) not in self._numbers:
            hours = self.timeline.open_hours(*place)
            self._numbers["hours", place] = len(self.counts)
            self.counts.append(hours.count)
            self.slow.append(np.array(hours.factors)[hours.variant])
        return int(self._numbers["hours", place])


def _row(
    kind: int, ends: tuple[str, int], steps: tuple[int, int], usual: Duration, lost: int = 0, leg: int = -1
) -> tuple[Any, ...]:
    """A stage that ends with a code at a place: so many steps from the first on, its usual hours, who is lost."""
    return (kind, CODES.index(ends[0]), ends[1], *steps, leg, usual.hours_p50, usual.hours_p90, lost / MILLION)


def shares_of(regimes: Sequence[Regime]) -> NDArray[np.float64]:
    """The regimes' shares; they sum to 1."""
    return np.array([row.share_per_million for row in regimes]) / MILLION

"""Which way each service goes: from the Pareto fronts over a week of start hours, by its routing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from entrepost.base.clock import WEEK_HOURS
from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.discretise import discretise, mean_hours
from entrepost.journey.engine import MILLION
from entrepost.journey.scan import Connections, Front, scan
from entrepost.network.departure import Departure
from entrepost.network.network import Network
from entrepost.network.service import Service

START_EVERY_HOURS = 12
SEARCH_HOURS = 6 * WEEK_HOURS
NEVER_HOURS = 1_000_000

RANK = {"fastest": (0, 1, 2), "cheapest": (0, 1, 2), "reliable": (2, 0, 1)}
"""For each routing the order in which arrival (0), cost (1) and risk (2) decide."""

COSTS_ALIKE = 1.05
"""The cheapest ways are all that cost at most so many times the least: nobody waits days to save a cent."""


@dataclass(frozen=True)
class Finder:
    """Finds ways through the ordinary week's timetable of one network."""

    network: Network
    _connections: dict[str, Connections] = field(default_factory=dict, repr=False)
    _fronts: dict[tuple[str, str], list[Front]] = field(default_factory=dict, repr=False)

    def best_paths(self, origin: str, service: Service) -> dict[str, tuple[str, ...]]:
        """For every facility that can be reached the way that is best at most hours of the week.

        At each of 14 start hours of the week the Pareto front of arrival, cost and reliability is
        scanned, and the label that the service's routing prefers names a way; the way named most
        often is taken, the first by name among equals.
        """
        codes = [facility.facility for facility in self.network.facilities]
        votes: dict[int, Counter[tuple[int, ...]]] = {}
        for front in self.fronts(origin, service.modes):
            for node in np.flatnonzero(front.sizes):
                label = _preferred(front, [int(each) for each in front.kept(int(node))], service.routing)
                votes.setdefault(int(node), Counter())[front.path(label)] += 1
        paths = {codes[node]: min(count, key=lambda path: (-count[path], path)) for node, count in votes.items()}
        return {end: tuple(codes[node] for node in path) for end, path in paths.items() if len(path) > 1}

    def fronts(self, origin: str, modes: str) -> list[Front]:
        """The fronts from an origin by these modes, one for every start hour of the week."""
        key = (origin, modes)
        if key not in self._fronts:
            connections = self.connections(modes)
            source = [facility.facility for facility in self.network.facilities].index(origin)
            starts = range(0, WEEK_HOURS, START_EVERY_HOURS)
            self._fronts[key] = [scan(connections, source, start) for start in starts]
        return self._fronts[key]

    def connections(self, modes: str) -> Connections:
        """The departures of these modes over six ordinary weeks, as a scan takes them."""
        if modes not in self._connections:
            allowed = modes.split("+")
            rows = [row for row in self.network.departures if row.mode in allowed]
            self._connections[modes] = _connect(self.network, rows)
        return self._connections[modes]


def _preferred(front: Front, labels: list[int], routing: str) -> int:
    if routing == "cheapest":
        most = COSTS_ALIKE * min(float(front.cost[each]) for each in labels)
        labels = [each for each in labels if front.cost[each] <= most]
    return min(labels, key=lambda each: _rank(front, each, routing))


def _rank(front: Front, label: int, routing: str) -> tuple[float, ...]:
    values = (float(front.arrives[label]), float(front.cost[label]), float(front.risk[label]))
    return (*(round(values[each], 9) for each in RANK[routing]), float(label))


def _connect(network: Network, rows: Iterable[Departure]) -> Connections:
    number = {facility.facility: index for index, facility in enumerate(network.facilities)}
    timeline = ordinary_timeline(network, SEARCH_HOURS)
    table: list[tuple[float, ...]] = []
    for row in rows:
        runs = timeline.departures((row,), network.get_facility(row.from_facility).time_zone)
        hours = max(1, round(mean_hours(discretise(row.duration))))
        caught = 1 - (row.missed_1_per_million + row.missed_2_per_million) / MILLION
        risk = -math.log(max(caught, 1e-6))
        ends = number[row.from_facility], number[row.to_facility]
        for cutoff, leaves in zip(runs.cutoff, runs.leaves, strict=True):
            table.append((leaves, cutoff, leaves + hours, *ends, row.cost_kg_minor, risk))
    array = np.array(sorted(table)).reshape(-1, 7)
    handling = [_transit_hours(network, facility.facility) for facility in network.facilities]
    return Connections(
        origin=array[:, 3].astype(np.int32),
        destination=array[:, 4].astype(np.int32),
        cutoff=array[:, 1].astype(np.int64),
        leaves=array[:, 0].astype(np.int64),
        arrives=array[:, 2].astype(np.int64),
        cost=np.ascontiguousarray(array[:, 5]),
        risk=np.ascontiguousarray(array[:, 6]),
        handling=np.array(handling, dtype=np.int64),
    )


def _transit_hours(network: Network, facility: str) -> int:
    """Hours between two rides; where a facility does no transit work nothing changes planes."""
    row = network.find_processing(facility, "transit", "*")
    return round(mean_hours(discretise(row.duration))) if row else NEVER_HOURS

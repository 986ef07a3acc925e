"""What the checks of a network look at: its rows with their lines, and who can reach what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from entrepost.base.findings import Finding, Level
from entrepost.network.network import Network
from entrepost.network.service import Service

ALL = "*"
Spot = tuple[str, int, str]
"""Table, index of the row in it, column."""


@dataclass(frozen=True)
class Ways:
    """How the mail of a service can travel: its modes, legs, origins, and the ends with a last mile."""

    modes: frozenset[str]
    legs: frozenset[tuple[str, str]]
    origins: frozenset[str]
    ends: frozenset[str]

    @cached_property
    def onward(self) -> frozenset[str]:
        """Facilities that the origins reach."""
        return spread(self.origins, self.legs)

    def uses(self, here: str, there: str) -> bool:
        """Whether a way from an origin to an end takes this leg without passing a place twice."""
        if here in self.origins and there in self.ends:
            return True
        before = [leg for leg in self.legs if there not in leg]
        after = [leg for leg in self.legs if here not in leg]
        return here in spread(self.origins - {there}, before) and not self.ends.isdisjoint(spread({there}, after))


@dataclass(frozen=True)
class Survey:
    """A network under check; `rows` holds for each table the line of each row in its file."""

    network: Network
    rows: Mapping[str, Sequence[int]]

    def list_rows(self, table: str) -> Iterator[tuple[int, Any]]:
        """Index and noun of each row of a table."""
        return enumerate(getattr(self.network, table))

    def find(self, code: str, spot: Spot, message: str, fix: str, level: Level = "error") -> Finding:
        """A finding at a row, whose line is that of a freshly written file where it is not known."""
        table, index, column = spot
        lines = self.rows.get(table)
        line = lines[index] if lines else index + 2
        return Finding(code, column, message, f"{table}.csv", line, fix, level)

    def find_in_head(self, code: str, key: str, message: str, fix: str) -> Finding:
        """A finding about a setting of `network.toml`."""
        return Finding(code, key, message, "network.toml", fix=fix)

    @cached_property
    def origins(self) -> frozenset[str]:
        """Facilities where sellers hand in: those that accept mail, and those that rows name as origin."""
        named = {row.origin for row in self.network.sellers} | {row.origin for row in self.network.rates}
        for service in self.network.services:
            named |= set(split(service.origins))
        accepting = {row.facility for row in self.network.processing if row.activity in ("prepare", "accept")}
        return frozenset((named | accepting) - {ALL})

    @cached_property
    def ways(self) -> dict[str, Ways]:
        """For each direct service how its mail can travel."""
        return {row.service: self._ways(row) for row in self.network.services if row.kind == "direct"}

    @cached_property
    def areas(self) -> dict[str, frozenset[str]]:
        """For each service the areas to which it can deliver."""
        warehouses = frozenset(row.warehouse for row in self.network.warehouses)
        found: dict[str, set[str]] = {row.service: set() for row in self.network.services}
        for service in self.network.services:
            starts = warehouses if service.kind == "stock" else self.ways[service.service].onward
            for row in self.network.delivery:
                if row.product == service.delivery and row.from_facility in starts:
                    found[service.service].add(row.area)
        return {service: frozenset(areas) for service, areas in found.items()}

    @cached_property
    def country_of(self) -> dict[str, str]:
        """The country of each area."""
        return {row.area: row.country for row in self.network.regions}

    def _ways(self, service: Service) -> Ways:
        modes = split(service.modes)
        legs = {(row.from_facility, row.to_facility) for row in self.network.departures if row.mode in modes}
        origins = self.origins if service.origins == ALL else frozenset(split(service.origins))
        ends = frozenset(row.from_facility for row in self.network.delivery if row.product == service.delivery)
        return Ways(frozenset(modes), frozenset(legs), origins, ends)


def split(text: str) -> list[str]:
    """The entries of a cell that joins several by `+`."""
    return [entry.strip() for entry in text.split("+")]


def spread(starts: Iterable[str], legs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The starts and all that can be reached from them over the legs."""
    onward: dict[str, list[str]] = {}
    for here, there in legs:
        onward.setdefault(here, []).append(there)
    reached = set(starts)
    open_ends = list(reached)
    while open_ends:
        fresh = set(onward.get(open_ends.pop(), ())) - reached
        reached |= fresh
        open_ends += fresh
    return frozenset(reached)

"""When items under way arrive, and where they are: the exact filter over their events, for many items at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import EPOCH
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.book import longest_horizon
from entrepost.journey.calendars import Timeline, dated_timeline
from entrepost.journey.learn import to_instant
from entrepost.journey.learning.facts import JOURNEY
from entrepost.journey.under_way.arrive import WIDTH
from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.desk import EtaDesk
from entrepost.journey.under_way.frame import SCHEMA, make_frame
from entrepost.journey.under_way.milestones import (
    BACKWARD,
    EARLY,
    ENDED,
    Milestones,
    Scans,
    empty_milestones,
    read_milestones,
)
from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.journey.under_way.read import NO_HOUR, Histories, read_events
from entrepost.journey.under_way.rows import FEW, is_few, make_rows, read_rows
from entrepost.journey.under_way.scanning import learn_scanning
from entrepost.network.network import Network

CLOCK_BACKWARD = finding_code("eta_clock_backward", "Scans lie before those that they must follow; they are set aside.")
EARLY_SCAN = finding_code("eta_before_acceptance", "Scans lie before the order was placed; one of both is set aside.")
ROUTE_UNKNOWN = finding_code("eta_route_unknown", "Items on a route that the network does not have have wider ranges.")

BLOCK_HOURS = 14 * 24
"""The calendars of a fortnight's presents are made once."""

PATH = np.dtype([("path", "i4"), ("mile", "i4")])


def eta(
    network: Network, events: pl.DataFrame, now: datetime | date, scanning: Scanning | EtaParams | None = None
) -> pl.DataFrame:
    """Forecast the arrival of every item under way.

    What an item's events say, and that there were no others so far, decides where it may be; from there it is
    followed through opening hours, departures and holidays to its first delivery attempt.

    Parameters
    ----------
    network : Network
        Steps, calendars, and the regimes of a lane's week.
    events : DataFrame
        item_id, code, time; optionally tenant, seller, facility, reason, recorded_at, placed_at, promised_by
        (the date that was promised), and service, route, area, as `learn` takes them. A row without a code
        says that an item was ordered.
    now : datetime or date
        What happened or became known later is not looked at; a date is its first instant (UTC).
    scanning : Scanning or EtaParams, optional
        What is believed of scans. Parameters, or nothing: it is learned from the events, drawn towards these.

    Returns
    -------
    DataFrame
        A row for each item whose wait has not ended; columns as in `under_way.frame.SCHEMA`. The quantiles and the
        mean are of items that do arrive; `basis` says whose distribution they are.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    return forecast(network, events, now, scanning).items


def silence(
    network: Network, events: pl.DataFrame, now: datetime | date, scanning: Scanning | EtaParams | None = None
) -> pl.DataFrame:
    """How probable it is that an item, given its history up to its last scan, is silent for so long.

    Missed scans, late reports and lost items are allowed for: a small `silence_probability` means that by its
    own distribution something should have been heard of the item. Parameters are those of `eta`.

    Returns
    -------
    DataFrame
        tenant, seller, item_id, service, route, step (where it most probably is), facility, last_code,
        last_event_at, silence_probability (the share of items with its history that would still be silent),
        loss_probability (that it is lost, given the silence), basis.
    """
    found = eta(network, events, now, scanning)
    names = ("tenant", "seller", "item_id", "service", "route", "step", "facility", "last_code", "last_event_at")
    return found.select(*names, "silence_probability", "loss_probability", "basis")


@dataclass(frozen=True)
class Forecast:
    """The items, what was believed of scans, and what was odd about the events."""

    items: pl.DataFrame
    scanning: Scanning
    findings: tuple[Finding, ...]


def forecast(
    network: Network, events: pl.DataFrame, now: datetime | date, scanning: Scanning | EtaParams | None = None
) -> Forecast:
    """The same as `eta`, with findings and what was believed of scans."""
    instant = to_instant(now)
    present = int((instant - EPOCH).total_seconds() // 3600)
    params = scanning if isinstance(scanning, EtaParams) else scanning.params if scanning else EtaParams()
    histories = (read_rows(network, events, instant) if is_few(events) else None) or read_events(
        network, events, instant
    )
    tables = find_tables(network, present, params)
    begin = tables.timeline.first_hour
    paths, strange = _find_paths(tables, histories.items)
    milestones = _read(tables, histories, paths, present - begin)
    believed = scanning
    if not isinstance(believed, Scanning):
        believed = learn_scanning(tables, milestones, histories, present, params)
    going = np.flatnonzero(milestones.flags & ENDED == 0)
    items = histories.items if going.size == paths.size else histories.items[going]
    desk = EtaDesk(tables, believed, _cut(milestones, going), paths[going], present - begin)
    findings = (*histories.findings, *strange, *_clock_findings(milestones.flags))
    return Forecast(_make_frame(desk, items), believed, findings)


def find_tables(network: Network, present: int, params: EtaParams) -> CourseTables:
    """The tables of the fortnight of an hour since 1970; made once."""
    return _tables_of(_Known(network), present // BLOCK_HOURS, params.lookback_days)


class _Known:
    """A network as the key of what is computed from it once: equal where its content is."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Known):
            return False
        return self.network is other.network or self.network.content_hash == other.network.content_hash

    def __hash__(self) -> int:
        return hash(self.network.content_hash)


@lru_cache(maxsize=4)
def _tables_of(known: _Known, block: int, lookback_days: int) -> CourseTables:
    """The tables of a fortnight of presents, with room behind it for what happened, before it for what will."""
    first, last = block * BLOCK_HOURS - lookback_days * 24, (block + 1) * BLOCK_HOURS
    timeline: Timeline = dated_timeline(known.network, first, last, longest_horizon(known.network))
    return CourseTables(timeline)


def _find_paths(tables: CourseTables, items: pl.DataFrame) -> tuple[NDArray[Any], list[Finding]]:
    """The path and the last mile of each item; -1 where the network does not have them."""
    few = items.height <= FEW
    rows = list(zip(*(items.get_column(name).to_list() for name in JOURNEY), strict=True)) if few else []
    journeys = items.select(JOURNEY).unique(maintain_order=True) if not few else pl.DataFrame()
    numbers = {}
    strange = []
    for service, route, area in dict.fromkeys(rows) if few else journeys.iter_rows():
        path = tables.add_path(service or "", route or "")
        mile = tables.add_last_mile(service or "", (route or "").rpartition(">")[2], area or "")
        numbers[service, route, area] = (path, mile)
        if path < 0 or mile < 0:
            strange.append((service, route, area))
    fix = "give service, route and area as the network has them, or add the route to it"
    findings = [
        Finding(
            ROUTE_UNKNOWN,
            "route",
            f"the network does not have {service or 'no service'} on {route or 'no route'} to {area or 'no area'}",
            "events",
            fix=fix,
            level="warning",
        )
        for service, route, area in strange[:20]
    ]
    if few:
        return np.array([numbers[row] for row in rows], dtype=PATH), findings
    known = np.array(list(numbers.values()), dtype=PATH)
    both = items.select(JOURNEY).join(
        journeys.with_row_index("journey"), on=JOURNEY, how="left", nulls_equal=True, maintain_order="left"
    )
    return known[both.get_column("journey").to_numpy()], findings


def _read(tables: CourseTables, histories: Histories, paths: NDArray[Any], now: int) -> Milestones:
    """The milestones of all items, their hours as indices of the timeline."""
    course, begin = tables.pack(), tables.timeline.first_hour
    longest = int(np.diff(course.first).max(initial=0)) + WIDTH + 1
    found = empty_milestones(paths.size, longest, course)
    placed = histories.items.get_column("placed_hour").fill_null(NO_HOUR).to_numpy()
    hour, told, ordered = (to_index(each, begin) for each in (histories.hour, histories.told, placed))
    scans = Scans(histories.first, histories.code, histories.place, hour, told, histories.reason)
    read_milestones(course, scans, paths, ordered, now, found)
    return found


def to_index(hours: NDArray[Any], begin: int) -> NDArray[np.int32]:
    """Hours since 1970 as indices of a timeline."""
    found: NDArray[np.int32] = np.where(hours == NO_HOUR, NO_HOUR, hours.astype(np.int64) - begin).astype(np.int32)
    return found


def _cut(found: Milestones, rows: NDArray[np.int64]) -> Milestones:
    """The milestones of some items."""
    of_items = {name: getattr(found, name)[rows] for name in ("hours", "slot", "held", "flags")}
    return found._replace(**of_items)


def _clock_findings(flags: NDArray[np.uint8]) -> list[Finding]:
    found = []
    fix = "correct the clocks of the places that send them"
    for code, flag in ((CLOCK_BACKWARD, BACKWARD), (EARLY_SCAN, EARLY)):
        if count := int(np.count_nonzero(flags & flag)):
            found.append(Finding(code, "time", f"{count:,} items", "events", fix=fix, level="warning"))
    return found


def _make_frame(desk: EtaDesk, items: pl.DataFrame) -> pl.DataFrame:
    """A row for each item under way."""
    if not items.height:
        return pl.DataFrame(schema=SCHEMA)
    known, said = desk.locate(items.get_column("promised_hour").to_numpy(), lambda rows: items[rows])
    tell = make_rows if items.height <= FEW else make_frame
    return tell(desk.tables, items, known, said)

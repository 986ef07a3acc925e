"""From the events of a frame to the arrays that `spells` reads, with findings for what makes no sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.itinerary import JOINT
from entrepost.journey.learning.facts import (
    JOURNEY,
    SHOWN,
    UNSCANNED,
    Facts,
    Gathered,
    codes_of,
    drop_before,
    gather,
    hours_of,
    places_of,
    reasons_of,
)
from entrepost.journey.learning.missing import Missing, learn_missing
from entrepost.journey.learning.returns import leave_out_way_back, weigh_returned
from entrepost.journey.learning.spell_walk import list_spells
from entrepost.journey.learning.spells import (
    EXTRAS,
    UNKNOWN,
    Events,
    Scans,
    Spells,
    Stages,
    count_attempts,
    leave_out,
    pack_stages,
    read_scans,
)
from entrepost.journey.learning.stages import CODES, StageTables
from entrepost.network.network import Network

HISTORY_EMPTY = finding_code("learn_history_empty", "No event was known yet; every figure stays as it was.")
PLACE_UNKNOWN = finding_code("learn_place_unknown", "Events of a place that the network does not have are left out.")
ROUTE_UNKNOWN = finding_code("learn_route_unknown", "Items on a route that the network does not have are left out.")
CLOCK_BACKWARD = finding_code("learn_clock_backward", "A scan lies before the one that it must follow; it is left out.")
EARLY = finding_code("learn_before_acceptance", "A scan lies before the order was placed; one is left out.")
AGAIN = finding_code("learn_scanned_again", "A scan says once more that a step has ended; the earliest counts.")

SETTLED_HOURS = 14 * 24
"""Orders placed later than so long ago may have items that nobody scanned yet, unless rows without a code name them."""

ROOM_HOURS = 60 * 24
"""The calendars reach so far before the first event and after the last: for the departures around them."""

MEMORY_HOURS = 3 * 365 * 24
"""An item of which nothing happened for so long is forgotten."""


@dataclass(frozen=True)
class History:
    """What a history says: the steps that it could tell of, its spells, and findings; `started` the items' begins."""

    tables: StageTables
    stages: Stages
    spells: Spells
    journey: NDArray[np.int32]
    attempts: NDArray[np.int64]
    missing: Missing
    as_of: int
    items: int
    events: int
    findings: tuple[Finding, ...] = field(default=())
    started: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))


def read_history(network: Network, events: pl.DataFrame | Facts, as_of: datetime) -> History:
    """Read what was known at an instant.

    Parameters
    ----------
    network : Network
        Whose rows are to be learned.
    events : DataFrame or Facts
        As for `facts.gather`, or the facts that were known at this instant.
    as_of : datetime
        What happened or became known later is not looked at.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    gathered = Gathered(events) if isinstance(events, Facts) else gather(events, as_of)
    findings = list(gathered.findings)
    end = int(as_of.timestamp() // 3600)
    facts = drop_before(gathered.facts, earliest_hour(end))
    first = max(int(hours_of(facts.keys).min()) - ROOM_HOURS if facts.keys.size else end, earliest_hour(end))
    tables = StageTables(dated_timeline(network, first, end, ROOM_HOURS))
    if not facts.keys.size:
        findings.append(Finding(HISTORY_EMPTY, "time", f"no event is known at {as_of}", "events", level="warning"))
    items = _with_guesses(network, facts)
    journeys = items.select(JOURNEY).unique(maintain_order=True).with_row_index("journey")
    unknown = [row for row in journeys.iter_rows(named=True) if not _add(tables, row)]
    findings += [_unknown_route(row) for row in unknown[:SHOWN]]
    findings += _unknown_places(network, facts)
    stages = pack_stages(tables)
    items = items.join(journeys, on=JOURNEY, how="left", nulls_equal=True).sort("item")
    scans, again = _scans(tables, facts, items, stages)
    disorder = leave_out(scans, stages)
    begin = tables.timeline.first_hour
    whole = bool((codes_of(facts.keys) == UNSCANNED).any())
    settled = end - begin - (0 if whole else SETTLED_HOURS)
    missing = learn_missing(scans, stages, end - begin)
    spells = list_spells(scans, stages, end - begin, settled)
    weigh_returned(stages, spells, missing.shares)
    findings += _count_findings(*disorder, again)
    return History(
        tables=tables,
        stages=stages,
        spells=spells,
        journey=scans.journey,
        attempts=count_attempts(scans, stages, len(tables.steps)),
        missing=missing,
        as_of=end - begin,
        items=facts.items.height,
        events=int((codes_of(facts.keys) != UNSCANNED).sum()),
        findings=tuple(findings),
        started=first_hours(scans),
    )


def first_hours(scans: Scans) -> NDArray[np.int32]:
    """The hour at which each item began, as far as is known; -1 where nothing is."""
    never = np.iinfo(np.int32).max
    first = np.where(scans.hours < 0, never, scans.hours).min(axis=1, initial=never)
    found: NDArray[np.int32] = np.where(first == never, UNKNOWN, first).astype(np.int32)
    return found


def earliest_hour(end: int) -> int:
    """Nothing is learned from what happened before this hour."""
    return end - MEMORY_HOURS - ROOM_HOURS


def _with_guesses(network: Network, facts: Facts) -> pl.DataFrame:
    """The items; where nobody says it, with the route that the scans show, and the only service or area there is."""
    items = facts.items.with_row_index("item")
    if items.get_column("route").null_count() == 0:
        return items
    shown = _shown_routes(facts, items)
    items = items.join(shown, on="item", how="left").sort("item")
    direct = [row for row in network.services if row.kind == "direct"]
    service = direct[0].service if len(direct) == 1 else None
    route = pl.coalesce("route", "shown")
    items = items.with_columns(route=route, service=pl.coalesce("service", pl.lit(service, pl.String)))
    areas: dict[str, set[str]] = {}
    for row in network.delivery:
        areas.setdefault(row.from_facility, set()).add(row.area)
    only = {place: next(iter(found)) for place, found in areas.items() if len(found) == 1}
    last = pl.col("route").str.split(JOINT).list.last()
    guess = last.replace_strict(only, default=None, return_dtype=pl.String)
    return items.with_columns(area=pl.coalesce("area", guess)).drop("shown")


def _shown_routes(facts: Facts, items: pl.DataFrame) -> pl.DataFrame:
    """The places that scans of mail on its way show, in order, of items of which nobody says the route."""
    item = np.repeat(np.arange(items.height, dtype=np.uint32), np.diff(facts.offsets))
    carried = [CODES.index(code) for code in ("EMC", "EMJ", "EMK", "EMD", "EXC", "EXA", "EDB")]
    lost = items.get_column("route").is_null().to_numpy()
    some = lost[item] & np.isin(codes_of(facts.keys), carried) & (places_of(facts.keys) > 0)
    names = np.array(["", *facts.places], dtype=object)
    columns = {"item": item[some], "hour": hours_of(facts.keys[some]), "place": names[places_of(facts.keys[some])]}
    stops = pl.DataFrame(columns, schema_overrides={"place": pl.String}).sort("item", "hour", "place")
    route = pl.col("place").unique(maintain_order=True).str.join(JOINT)
    return stops.group_by("item").agg(shown=route)


def _add(tables: StageTables, row: dict[str, str | None]) -> bool:
    service, route, area = (row[name] for name in JOURNEY)
    return tables.add_journey(service or "", route or "", area or "")


def _scans(tables: StageTables, facts: Facts, items: pl.DataFrame, stages: Stages) -> tuple[Scans, int]:
    """The scans of all items, and how many say once more that a stage has ended."""
    longest = max((len(each) for each in tables.journeys), default=0)
    begin = tables.timeline.first_hour
    count = items.height
    journey = items.get_column("journey").to_numpy().astype(np.int32)
    hours = np.full((count, longest + 1), UNKNOWN, dtype=np.int32)
    placed = -(-pl.col("placed_at").dt.epoch("us") // HOUR_US) - begin
    usable = pl.when(placed.is_between(0, tables.timeline.hours)).then(placed).otherwise(UNKNOWN)
    hours[:, 0] = items.select(usable.fill_null(UNKNOWN)).to_series().to_numpy()
    scans = Scans(
        journey=journey,
        hours=hours,
        extras=np.full((count, EXTRAS), UNKNOWN, dtype=np.int32),
        reason=np.zeros((count, 2), dtype=np.int8),
        last=np.full(count, UNKNOWN, dtype=np.int32),
    )
    number = {code: at for at, code in enumerate(tables.places)}
    place = np.array([UNKNOWN, *(number.get(name, UNKNOWN) for name in facts.places)], dtype=np.int32)
    item = np.repeat(np.arange(count, dtype=np.uint32), np.diff(facts.offsets))
    recent = hours_of(facts.keys) >= begin
    keys = facts.keys[recent]
    seen = Events(
        item[recent], codes_of(keys), place[places_of(keys)], hours_of(keys) - np.int32(begin), reasons_of(keys)
    )
    return scans, read_scans(leave_out_way_back(seen, scans, stages), scans, stages)


def _unknown_route(row: dict[str, str | None]) -> Finding:
    shown = f"{row['service'] or 'no service'} on {row['route'] or 'no route'} to {row['area'] or 'no area'}"
    fix = "give service, route and area as the network has them, or add the route to it"
    return Finding(ROUTE_UNKNOWN, "route", f"the network does not have {shown}", "events", fix=fix, level="warning")


def _unknown_places(network: Network, facts: Facts) -> list[Finding]:
    """Places that the network does not have, those with the most events first."""
    counts = np.bincount(places_of(facts.keys), minlength=len(facts.places) + 1)[1:].tolist()
    strange = [
        (-count, place)
        for count, place in zip(counts, facts.places, strict=True)
        if count and place and place not in network.facility_by_code
    ]
    fix = "add it to facilities.csv"
    return [
        Finding(PLACE_UNKNOWN, "facility", f"{-count:,} events of {place}", "events", 0, fix, "warning")
        for count, place in sorted(strange)[:SHOWN]
    ]


def _count_findings(out: int, early: int, again: int) -> list[Finding]:
    """What is wrong with the order of scans, counted."""
    clocks = "correct the clocks of the places that send them"
    kinds = (
        (CLOCK_BACKWARD, max(out - early, 0), clocks),
        (EARLY, early, clocks),
        (AGAIN, again, "ask the places that send them whether they scan twice"),
    )
    return [
        Finding(code, "time", f"{count:,} scans", "events", fix=fix, level="warning")
        for code, count, fix in kinds
        if count
    ]

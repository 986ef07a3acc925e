"""From the events of a frame to the arrays that `spells` reads, with findings for what makes no sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.itinerary import JOINT
from entrepost.journey.learn_spells import list_spells
from entrepost.journey.learn_stages import CODES, REASONS, StageTables
from entrepost.journey.spells import (
    EXTRAS,
    UNKNOWN,
    Events,
    Scans,
    Spells,
    Stages,
    count_attempts,
    pack_stages,
    read_scans,
    unscanned_share,
)
from entrepost.network.network import Network

HISTORY_EMPTY = finding_code("learn_history_empty", "No event was known yet; every figure stays as it was.")
PLACE_UNKNOWN = finding_code("learn_place_unknown", "Events of a place that the network does not have are left out.")
ROUTE_UNKNOWN = finding_code("learn_route_unknown", "Items on a route that the network does not have are left out.")
CLOCK_BACKWARD = finding_code("learn_clock_backward", "A scan lies before the one that it must follow; it is left out.")
EARLY = finding_code("learn_before_acceptance", "A scan lies before the order was placed; it is left out.")

INSTANT = pl.Datetime("us", "UTC")
ITEM = ("tenant", "seller", "item_id")
JOURNEY = ("service", "route", "area")
UNSCANNED = len(CODES)
"""The code of a row that says no more than that an item was ordered."""

SETTLED_HOURS = 14 * 24
"""Orders placed later than so long ago may have items that nobody scanned yet, unless rows without a code name them."""

ROOM_HOURS = 60 * 24
"""The calendars reach so far before the first event and after the last: for the departures around them."""


@dataclass(frozen=True)
class History:
    """What a history says: the steps that it could tell of, its spells, and findings."""

    tables: StageTables
    stages: Stages
    spells: Spells
    journey: NDArray[np.int32]
    attempts: NDArray[np.int64]
    unscanned: float
    as_of: int
    items: int
    events: int
    findings: tuple[Finding, ...] = field(default=())


def read_history(network: Network, events: pl.DataFrame, as_of: datetime) -> History:
    """Read what was known at an instant.

    Parameters
    ----------
    network : Network
        Whose rows are to be learned.
    events : DataFrame
        item_id, code, time; optionally tenant, seller, facility, reason, recorded_at, placed_at, and service,
        route, area as `chosen` has them. A row without a code says that an item was ordered.
    as_of : datetime
        What happened or became known later is not looked at.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    findings: list[Finding] = []
    known = _known(events, as_of)
    hours = known.get_column("hour")
    end = int(as_of.timestamp() // 3600)
    first = int(hours.min()) if known.height else end  # type: ignore[arg-type]
    first = max(first, end - 3 * 365 * 24) - ROOM_HOURS
    timeline = dated_timeline(network, first, end, ROOM_HOURS)
    tables = StageTables(timeline)
    if known.is_empty():
        findings.append(Finding(HISTORY_EMPTY, "time", f"no event is known at {as_of}", "events", level="warning"))
    known = _with_items(known)
    items = _items(network, known)
    journeys = items.select(JOURNEY).unique(maintain_order=True).with_row_index("journey")
    unknown = [row for row in journeys.iter_rows(named=True) if not _add(tables, row)]
    findings += [_unknown_route(row) for row in unknown[:20]]
    findings += _unknown_places(network, known)
    stages = pack_stages(tables)
    scans = _scans(tables, known, items.join(journeys, on=JOURNEY, how="left", nulls_equal=True), stages)
    unscanned = unscanned_share(scans, stages)
    whole = known.filter(pl.col("code") == UNSCANNED).height > 0
    settled = end - timeline.first_hour - (0 if whole else SETTLED_HOURS)
    spells = list_spells(scans, stages, end - timeline.first_hour, unscanned, settled)
    attempts = count_attempts(scans, stages, len(tables.steps))
    if spells.backwards - spells.before_acceptance:
        findings.append(_count_finding(CLOCK_BACKWARD, spells.backwards - spells.before_acceptance))
    if spells.before_acceptance:
        findings.append(_count_finding(EARLY, spells.before_acceptance))
    return History(
        tables=tables,
        stages=stages,
        spells=spells,
        journey=scans.journey,
        attempts=attempts,
        unscanned=unscanned,
        as_of=end - timeline.first_hour,
        items=items.height,
        events=known.height,
        findings=tuple(findings),
    )


def _known(events: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """The events known by then, with the hour by which each happened."""
    missing = [name for name in ("item_id", "code", "time") if name not in events.columns]
    if missing:
        raise MisuseError(f"events has no column {', '.join(missing)}; learning needs item_id, code and time")
    wanted = dict.fromkeys(("tenant", "seller", "facility", "reason", *JOURNEY), pl.String)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in wanted.items() if name not in events.columns]
    if "placed_at" not in events.columns:
        absent.append(pl.lit(None, INSTANT).alias("placed_at"))
    until = pl.lit(as_of).cast(INSTANT)
    was = pl.col("time") <= until
    if "recorded_at" in events.columns:
        was &= pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= until)
    was &= pl.col("code").is_in(CODES)
    was |= pl.col("code").is_null() & (pl.col("placed_at") <= until)
    numbers = {code: at for at, code in enumerate(CODES)}
    number = pl.col("code").replace_strict(numbers, default=UNSCANNED, return_dtype=pl.UInt8)
    when = pl.when(pl.col("code").is_null()).then("placed_at").otherwise("time").cast(INSTANT).cast(pl.Int64)
    reason = pl.col("reason").replace_strict(
        {name: max(at, 1) for at, name in enumerate(REASONS)}, default=0, return_dtype=pl.Int8
    )
    return (
        events.lazy()
        .with_columns(absent)
        .filter(was & pl.col("item_id").is_not_null())
        .select(
            pl.col(*ITEM, "facility", *JOURNEY).cast(pl.String).cast(pl.Categorical),
            "placed_at",
            number.alias("code"),
            hour=(-(-when // HOUR_US)).cast(pl.Int32),
            reason=reason.fill_null(0),
        )
        .collect()
    )


def _with_items(known: pl.DataFrame) -> pl.DataFrame:
    """Each event with the number of its item; items are numbered in the order of their names."""
    names = known.select(ITEM).unique().sort(ITEM).with_row_index("item")
    return known.join(names, on=ITEM, how="left", nulls_equal=True, maintain_order="left")


def _items(network: Network, known: pl.DataFrame) -> pl.DataFrame:
    """For each item, in the order of their numbers, its journey and when it was placed."""
    first = [pl.col(name).drop_nulls().min() for name in (*JOURNEY, "placed_at")]
    items = known.group_by("item").agg(first).sort("item").with_columns(pl.col(JOURNEY).cast(pl.String))
    if items.get_column("route").null_count() == 0:
        return items
    return _with_guesses(network, known, items)


def _with_guesses(network: Network, known: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Where nobody says it: the route that the scans show, and the only service or area that there is."""
    lost = items.filter(pl.col("route").is_null()).select("item")
    carried = [CODES.index(code) for code in ("EMC", "EMJ", "EMK", "EMD", "EXC", "EXA", "EDB")]
    seen = known.join(lost, on="item").filter(pl.col("code").is_in(carried) & pl.col("facility").is_not_null())
    stops = seen.with_columns(pl.col("facility").cast(pl.String)).sort("hour", "facility").group_by("item")
    shown = stops.agg(shown=pl.col("facility").unique(maintain_order=True).str.join(JOINT))
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


def _add(tables: StageTables, row: dict[str, str | None]) -> bool:
    service, route, area = (row[name] for name in JOURNEY)
    return tables.add_journey(service or "", route or "", area or "")


def _scans(tables: StageTables, known: pl.DataFrame, items: pl.DataFrame, stages: Stages) -> Scans:
    longest = max((len(each) for each in tables.journeys), default=0)
    begin = tables.timeline.first_hour
    count = items.height
    journey = np.zeros(count, dtype=np.int32)
    hours = np.full((count, longest + 1), UNKNOWN, dtype=np.int32)
    if count:
        journey = items.get_column("journey").to_numpy().astype(np.int32)
        placed = -(-pl.col("placed_at").cast(INSTANT).cast(pl.Int64) // HOUR_US) - begin
        usable = pl.when(placed.is_between(0, tables.timeline.hours)).then(placed).otherwise(UNKNOWN)
        hours[:, 0] = items.select(usable.fill_null(UNKNOWN)).to_series().to_numpy()
    scans = Scans(
        journey=journey,
        hours=hours,
        extras=np.full((count, EXTRAS), UNKNOWN, dtype=np.int32),
        reason=np.zeros((count, 2), dtype=np.int8),
        last=np.full(count, UNKNOWN, dtype=np.int32),
    )
    recent = known.filter(pl.col("hour") >= begin)
    places = {code: number for number, code in enumerate(tables.places)}
    seen = Events(
        recent.get_column("item").to_numpy(),
        recent.get_column("code").to_numpy(),
        recent.get_column("facility").replace_strict(places, default=UNKNOWN, return_dtype=pl.Int32).to_numpy(),
        recent.get_column("hour").to_numpy() - np.int32(begin),
        recent.get_column("reason").to_numpy(),
    )
    read_scans(seen, scans, stages)
    return scans


def _unknown_route(row: dict[str, str | None]) -> Finding:
    shown = f"{row['service'] or 'no service'} on {row['route'] or 'no route'} to {row['area'] or 'no area'}"
    fix = "give service, route and area as the network has them, or add the route to it"
    return Finding(ROUTE_UNKNOWN, "route", f"the network does not have {shown}", "events", fix=fix, level="warning")


def _unknown_places(network: Network, known: pl.DataFrame) -> list[Finding]:
    strange = (
        known.filter(pl.col("facility").is_not_null() & (pl.col("facility") != ""))
        .group_by("facility")
        .len()
        .filter(~pl.col("facility").is_in(list(network.facility_by_code)))
        .sort("len", "facility", descending=[True, False])
    )
    fix = "add it to facilities.csv"
    return [
        Finding(PLACE_UNKNOWN, "facility", f"{count:,} events of {place}", "events", 0, fix, "warning")
        for place, count in strange.head(20).iter_rows()
    ]


def _count_finding(code: str, count: int) -> Finding:
    fix = "correct the clocks of the places that send them"
    return Finding(code, "time", f"{count:,} scans", "events", fix=fix, level="warning")

"""Who is under way and since when nothing was heard: every item's milestones as arrays, known at an instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.itinerary import JOINT
from entrepost.journey.learning.facts import ITEM, JOURNEY, to_typed
from entrepost.journey.learning.missing import learn_missing
from entrepost.journey.learning.returns import leave_out_way_back, weigh_returned
from entrepost.journey.learning.scans import SETTLED_HOURS, History
from entrepost.journey.learning.spell_walk import list_spells
from entrepost.journey.learning.spells import (
    BACK,
    DONE,
    EXTRAS,
    FAILED,
    HELD_EXPORT,
    HELD_IMPORT,
    LOST_HOURS,
    READY,
    REFUSED_EXPORT,
    REFUSED_IMPORT,
    UNKNOWN,
    Events,
    Scans,
    Stages,
    count_attempts,
    pack_stages,
    read_scans,
)
from entrepost.journey.learning.stages import CODES, REASONS, StageTables
from entrepost.network.network import Network
from entrepost.tables.frames import INSTANT

EMPTY = finding_code("exceptions_empty", "No event is known yet; there is nothing to look for.")
INCOMPLETE = finding_code("exceptions_row_incomplete", "Events lack their item or their time; they are left out.")
ROUTE_UNKNOWN = finding_code("exceptions_route_unknown", "Items of which the network has no route are not judged.")
PLACE_UNKNOWN = finding_code("exceptions_place_unknown", "Events name places that the network does not have.")
CLOCK_BACKWARD = finding_code("exceptions_clock_backward", "A scan lies before the one that it must follow.")
EARLY = finding_code("exceptions_before_acceptance", "A scan lies before the order was placed.")
GIVEN_UP = finding_code("exceptions_given_up", "Items were silent for so long that they count as lost.")

UNSCANNED = len(CODES)
"""The code of a row that says no more than that an item was ordered."""

ROOM_HOURS = 60 * 24
LONGEST_HOURS = 3 * 365 * 24
SHOWN = 20

ENDED, UNJUDGED, LOST = -1, -2, -3
"""Instead of the milestone that an item passed last: it came to an end, has no route, or is silent for too long."""


@dataclass(frozen=True)
class Watch:
    """What was known of all items at an instant.

    `items`: tenant, seller, item_id, service, route, area by their number; `journeys` the distinct ones;
    `milestone` of each item the one that it passed last (or `ENDED`, `UNJUDGED`, `LOST`), `heard` the hour of
    its last scan; `whole`: whether orders that nobody scanned yet are among them.
    """

    history: History
    scans: Scans
    items: pl.DataFrame
    journeys: pl.DataFrame
    milestone: NDArray[np.int32]
    heard: NDArray[np.int32]
    known: pl.DataFrame
    whole: bool
    findings: tuple[Finding, ...]

    @property
    def first_hour(self) -> int:
        """The hour since 1970 at which the timeline begins."""
        return self.history.tables.timeline.first_hour


def read_watch(network: Network, events: pl.DataFrame, now: datetime) -> Watch:
    """Read what was known at an instant.

    Parameters
    ----------
    network : Network
        Whose steps the items go through.
    events : DataFrame
        As for `learn`.
    now : datetime
        What happened or became known later is not looked at.

    Raises
    ------
    MisuseError
        Where a column that is needed is not there.
    """
    events = _typed(events)
    known, items = _numbered(_known(events, now))
    end = int(now.timestamp() // 3600)
    first = int(known.get_column("hour").min()) if known.height else end  # type: ignore[arg-type]
    first = max(first, end - LONGEST_HOURS) - ROOM_HOURS
    tables = StageTables(dated_timeline(network, first, end, ROOM_HOURS))
    items = _with_guesses(network, known, items)
    journeys = items.select(JOURNEY).unique(maintain_order=True).with_row_index("journey")
    found = [tables.add_journey(*(row[name] or "" for name in JOURNEY)) for row in journeys.iter_rows(named=True)]
    numbered = items.join(journeys, on=JOURNEY, how="left", nulls_equal=True, maintain_order="left")
    stages = pack_stages(tables)
    scans = _scans(tables, known, numbered, stages)
    whole = known.get_column("code").max() == UNSCANNED
    as_of = end - tables.timeline.first_hour
    settled = as_of - (0 if whole else SETTLED_HOURS)
    history = _history(tables, stages, scans, (as_of, settled), known.height)
    milestone, heard = np.empty(items.height, np.int32), np.empty(items.height, np.int32)
    _find_last(scans, stages, history.as_of, milestone, heard)
    watch = Watch(history, scans, items, journeys, milestone, heard, known, whole, ())
    return replace(watch, findings=(*_incomplete(events), *_list_findings(network, watch, found, now)))


def _typed(events: pl.DataFrame) -> pl.DataFrame:
    """The columns that are read, as texts and instants in UTC; those that are not there are null."""
    missing = [name for name in ("item_id", "code", "time") if name not in events.columns]
    if missing:
        raise MisuseError(f"events has no column {', '.join(missing)}; exceptions need item_id, code and time")
    return to_typed(events)


def _known(events: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The events known by then: code and reason as numbers, the hour by which each happened, how much later known."""
    until = pl.lit(now).cast(INSTANT)
    code = pl.col("code").cast(pl.String)
    scanned = code.is_in(CODES) & (pl.col("time") <= until)
    scanned &= pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= until)
    ordered = pl.col("code").is_null() & (pl.col("placed_at") <= until)
    when = pl.when(pl.col("code").is_null()).then("placed_at").otherwise("time").cast(INSTANT).cast(pl.Int64)
    later = -(-pl.col("recorded_at").cast(INSTANT).cast(pl.Int64) // HOUR_US) + (-when // HOUR_US)
    codes = {code: number for number, code in enumerate(CODES)}
    reasons = {name: max(number, 1) for number, name in enumerate(REASONS)}
    return (
        events.lazy()
        .filter((scanned | ordered) & pl.col("item_id").is_not_null())
        .select(
            *(_category(events, name) for name in (*ITEM, "facility", *JOURNEY)),
            "placed_at",
            code=code.replace_strict(codes, default=UNSCANNED, return_dtype=pl.UInt8),
            hour=(-(-when // HOUR_US)).cast(pl.Int32),
            later=later.cast(pl.Int32, strict=False),
            reason=pl.col("reason")
            .cast(pl.String)
            .replace_strict(reasons, default=0, return_dtype=pl.Int8)
            .fill_null(0),
        )
        .collect()
    )


def _category(events: pl.DataFrame, name: str) -> pl.Expr:
    """A column of texts as categories, which it may be already."""
    kept = isinstance(events.schema.get(name), pl.Categorical)
    return pl.col(name) if kept else pl.col(name).cast(pl.String).cast(pl.Categorical)


def _numbered(known: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events with the number of their item, and the items by it: what was chosen for them, when placed.

    Names are joined as numbers, which takes a third of the time; of what is told of an item differently the
    first counts in the order of texts, so that the order of events does not matter.
    """
    named = known.with_columns(_rank(known, name) for name in ("tenant", "seller", *JOURNEY))
    named = named.with_columns(pl.col("item_id").to_physical().cast(pl.UInt64))
    sellers = named.get_column("seller").n_unique() + 1
    account = (pl.col("tenant").fill_null(0).cast(pl.UInt64) * sellers) + pl.col("seller").fill_null(0)
    named = named.select("placed_at", *JOURNEY, key=account * 2**32 + pl.col("item_id")).with_row_index("row")
    told = [pl.col(*JOURNEY, "placed_at").min(), pl.col("row").first()]
    items = named.group_by("key", maintain_order=True).agg(told)
    numbers = items.select("key").with_row_index("item")
    item = named.select("key").join(numbers, on="key", how="left", maintain_order="left").get_column("item")
    texts = known.select(ITEM)[items.get_column("row")].with_columns(pl.col(ITEM).cast(pl.String))
    chosen = items.select(_text_of(known, name) for name in JOURNEY)
    names = pl.concat([texts, chosen, items.select("placed_at")], how="horizontal")
    return known.drop(*ITEM, *JOURNEY, "placed_at").with_columns(item=item), names


def _rank(known: pl.DataFrame, name: str) -> pl.Expr:
    """The categories of a column as numbers in the order of texts, from 1; null stays null."""
    texts = sorted(known.get_column(name).drop_nulls().unique().cast(pl.String))
    numbers = {text: number for number, text in enumerate(texts, start=1)}
    if not numbers:
        return pl.lit(None, pl.UInt32).alias(name)
    return pl.col(name).replace_strict(numbers, default=None, return_dtype=pl.UInt32)


def _text_of(known: pl.DataFrame, name: str) -> pl.Expr:
    """The texts of the numbers that `_rank` gave."""
    texts = sorted(known.get_column(name).drop_nulls().unique().cast(pl.String))
    named = pl.Series([None, *texts], dtype=pl.String)
    return pl.lit(named).gather(pl.col(name).fill_null(0)).alias(name)


def _with_guesses(network: Network, known: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Where nobody says it: the route that the scans show, and the only service or area that there is."""
    if not items.get_column("route").null_count():
        return items
    places = [row.facility for row in network.facilities]
    lost = items.with_row_index("item").filter(pl.col("route").is_null()).select("item")
    offices = known.join(lost, on="item", how="semi").filter(pl.col("facility").cast(pl.String).is_in(places))
    stops = offices.with_columns(pl.col("facility").cast(pl.String)).sort("hour", "facility").group_by("item")
    shown = stops.agg(shown=pl.col("facility").unique(maintain_order=True).str.join(JOINT))
    direct = [row.service for row in network.services if row.kind == "direct"]
    areas: dict[str, set[str]] = {}
    for row in network.delivery:
        areas.setdefault(row.from_facility, set()).add(row.area)
    only = {place: next(iter(each)) for place, each in areas.items() if len(each) == 1}
    items = items.with_row_index("item").join(shown, on="item", how="left", maintain_order="left")
    items = items.with_columns(
        route=pl.coalesce("route", "shown"),
        service=pl.coalesce("service", pl.lit(direct[0] if len(direct) == 1 else None, pl.String)),
    )
    guess = pl.col("route").str.split(JOINT).list.last().replace_strict(only, default=None, return_dtype=pl.String)
    return items.with_columns(area=pl.coalesce("area", guess)).drop("item", "shown")


def _scans(tables: StageTables, known: pl.DataFrame, items: pl.DataFrame, stages: Stages) -> Scans:
    longest = max((len(each) for each in tables.journeys), default=0)
    begin, count = tables.timeline.first_hour, items.height
    hours = np.full((count, longest + 1), UNKNOWN, dtype=np.int32)
    placed = -(-pl.col("placed_at").cast(INSTANT).cast(pl.Int64) // HOUR_US) - begin
    usable = pl.when(placed.is_between(0, tables.timeline.hours)).then(placed).otherwise(UNKNOWN).fill_null(UNKNOWN)
    hours[:, 0] = items.select(usable.cast(pl.Int32)).to_series().to_numpy()
    scans = Scans(
        journey=items.get_column("journey").cast(pl.Int32).to_numpy(),
        hours=hours,
        extras=np.full((count, EXTRAS), UNKNOWN, dtype=np.int32),
        reason=np.zeros((count, 2), dtype=np.int8),
        last=hours[:, 0].copy(),
    )
    recent = known.filter((pl.col("hour") >= begin) & (pl.col("code") < UNSCANNED))
    numbers = {place: number for number, place in enumerate(tables.places)}
    place = recent.get_column("facility").cast(pl.String)
    seen = Events(
        recent.get_column("item").to_numpy(),
        recent.get_column("code").to_numpy(),
        place.replace_strict(numbers, default=UNKNOWN, return_dtype=pl.Int32).to_numpy(),
        recent.get_column("hour").to_numpy() - np.int32(begin),
        recent.get_column("reason").to_numpy(),
    )
    read_scans(leave_out_way_back(seen, scans, stages), scans, stages)
    return scans


def _history(tables: StageTables, stages: Stages, scans: Scans, hours: tuple[int, int], events: int) -> History:
    """The same as `learning.scans.read_history` gives, from scans that were read already."""
    as_of, settled = hours
    missing = learn_missing(scans, stages, as_of)
    spells = list_spells(scans, stages, as_of, settled)
    weigh_returned(stages, spells, missing.shares)
    return History(
        tables=tables,
        stages=stages,
        spells=spells,
        journey=scans.journey,
        attempts=count_attempts(scans, stages, len(tables.steps)),
        missing=missing,
        as_of=as_of,
        items=scans.journey.size,
        events=events,
    )


@nb.njit(cache=True)
def _find_last(
    scans: Scans, stages: Stages, as_of: int, milestone: NDArray[np.int32], heard: NDArray[np.int32]
) -> None:
    """Of each item the milestone that it passed last, and the hour at which it was heard of last."""
    for item in range(scans.journey.size):
        first, last = stages.first[scans.journey[item]], stages.first[scans.journey[item] + 1]
        at, usual = _last_milestone(scans, item, last - first), 0.0
        heard[item] = scans.last[item]
        for stage in range(first + max(at, 0), last):
            usual += stages.rows[stage]["p90"]
        if first == last or at < 0:
            at = UNJUDGED
        elif at == last - first or _is_over(scans, item):
            at = ENDED
        elif as_of - heard[item] > LOST_HOURS + usual:
            at = LOST
        milestone[item] = at


@nb.njit(cache=True)
def _last_milestone(scans: Scans, item: int, size: int) -> int:
    for slot in range(size, -1, -1):
        if scans.hours[item, slot] >= 0:
            return slot
    return UNKNOWN


@nb.njit(cache=True)
def _is_over(scans: Scans, item: int) -> bool:
    """Whether an item was refused or sent back, or its first attempt or its laying ready was scanned."""
    extras = scans.extras[item]
    refused, brought = max(extras[REFUSED_EXPORT], extras[REFUSED_IMPORT]), max(extras[DONE], extras[READY])
    return bool(max(refused, brought, extras[FAILED], extras[BACK]) >= 0)


def held_reasons(watch: Watch) -> NDArray[np.int8]:
    """Of each item why customs holds it at export and at import: 0 for not at all, 1 where no reason is told."""
    found = np.zeros((watch.milestone.size, 2), dtype=np.int8)
    for column, extra in enumerate((HELD_EXPORT, HELD_IMPORT)):
        held = watch.scans.extras[:, extra] >= 0
        found[held, column] = np.maximum(watch.scans.reason[held, column], 1)
    return found


def _incomplete(events: pl.DataFrame) -> list[Finding]:
    """Rows that say neither that an item was scanned nor that it was ordered."""
    lacks = pl.col("item_id").is_null() | pl.col("time").is_null() & pl.col("code").is_not_null()
    count = events.select(lacks.sum()).item()
    fix = "give each event its item_id and its time"
    found = Finding(INCOMPLETE, "time", f"{count:,} events", "events", fix=fix, level="warning")
    return [found] if count else []


def _list_findings(network: Network, watch: Watch, found: list[bool], now: datetime) -> list[Finding]:
    """What does not fit in a history, each thing once with how often it is there."""
    spells = watch.history.spells
    counts: list[tuple[str, str, int, str, str]] = [
        (CLOCK_BACKWARD, "time", spells.backwards - spells.before_acceptance, "scans", "correct the clocks"),
        (EARLY, "time", spells.before_acceptance, "scans", "correct the clocks, or when the orders were placed"),
        (GIVEN_UP, "time", int((watch.milestone == LOST).sum()), "items", "close them, or look for them by name"),
    ]
    findings = [
        Finding(code, field, f"{count:,} {what}", "events", fix=fix, level="warning")
        for code, field, count, what, fix in counts
        if count
    ]
    if watch.known.is_empty():
        findings.append(Finding(EMPTY, "time", f"no event is known at {now}", "events", level="warning"))
    findings += _unknown_routes(watch, found)
    findings += _unknown_places(network, watch.known)
    return findings


def _unknown_routes(watch: Watch, found: list[bool]) -> list[Finding]:
    bad = watch.journeys.filter(~pl.Series(found, dtype=pl.Boolean))
    counts = np.bincount(watch.scans.journey, minlength=watch.journeys.height)
    fix = "give service, route and area as the network has them, or add the route to it"
    rows = []
    for row in bad.head(SHOWN).iter_rows(named=True):
        shown = f"{row['service'] or 'no service'} on {row['route'] or 'no route'} to {row['area'] or 'no area'}"
        message = f"{counts[row['journey']]:,} items by {shown}"
        rows.append(Finding(ROUTE_UNKNOWN, "route", message, "events", fix=fix, level="warning"))
    return rows


def _unknown_places(network: Network, known: pl.DataFrame) -> list[Finding]:
    named = known.group_by(pl.col("facility").cast(pl.String)).len().filter(pl.col("facility").fill_null("") != "")
    strange: Any = named.filter(~pl.col("facility").is_in(list(network.facility_by_code)))
    rows = strange.sort("len", "facility", descending=[True, False]).head(SHOWN).iter_rows()
    fix = "add it to facilities.csv"
    return [
        Finding(PLACE_UNKNOWN, "facility", f"{count:,} events of {place}", "events", fix=fix, level="warning")
        for place, count in rows
    ]

"""Rows of events: typed, checked, and each put to the item that it is about."""

from __future__ import annotations

from collections.abc import Mapping as Table

import polars as pl

from entrepost.base.findings import finding_code
from entrepost.mail.event import CODE_UNKNOWN, FUTURE_HOURS, REASON_UNKNOWN, TIME_FUTURE
from entrepost.messages.profiling.clocks import Clocks
from entrepost.operations.cells import OFFSET, ZONE, read_cells
from entrepost.operations.containment import to_name
from entrepost.operations.faults import INDEX, Faults
from entrepost.operations.mapped import PLACE
from entrepost.operations.mapping import Mapping
from entrepost.operations.store import EVENT
from entrepost.reference.event_code import find_event_code
from entrepost.reference.reason import find_reason
from entrepost.tables.cell import CELL_MISSING
from entrepost.tables.text import fill

ITEM_UNKNOWN = finding_code("event_item_unknown", "An event is about an item that is not there.")
ITEM_ARCHIVED = finding_code("event_item_archived", "An event is about an item whose events are in the archive.")
TIME_EARLY = finding_code("event_time_early", "An event happened more than 180 days before its item was issued.")

EARLY_DAYS = 180
"""Events of more than so many days before posting are refused (our working rules for EMSEVT, time sanity)."""


def read_event_rows(chosen: pl.DataFrame, mapping: Mapping, now: pl.Expr, faults: Faults) -> pl.DataFrame:
    """Typed and checked events: tenant, item_id or else subject, the columns of `EVENT`, and `#index`.

    `now` is when an event without `recorded_at` became known. A reason that nobody knows is a warning.
    """
    typed = read_cells(chosen, mapping, faults)
    typed = typed.with_columns(
        pl.col("item_id").str.replace_all(r"\s", "").str.to_uppercase(),
        pl.col("code").str.to_uppercase(),
        pl.col("facility").fill_null("").str.to_uppercase(),
        pl.col("reason").str.to_uppercase(),
        pl.col("recorded_at").fill_null(now),
        pl.col(OFFSET.format("time")).alias("offset_minutes"),
    )
    if typed.get_column("subject").null_count() < typed.height:
        typed = typed.with_columns(to_name("subject"))
    nameless = typed.filter(pl.col("item_id").is_null() & pl.col("subject").is_null())
    faults.add(nameless, CELL_MISSING, "item_id", "the cell is empty, and so is subject", "say what the event is about")
    _check_words(typed, faults)
    late = typed.filter(pl.col("time") > pl.col("recorded_at") + pl.duration(hours=FUTURE_HOURS))
    message = "it is said to happen more than a day after it was recorded"
    faults.add(late, TIME_FUTURE, "time", message, "correct the time or its offset")
    sound = faults.sound(typed)
    return sound.select(INDEX, "#row", "tenant", "item_id", "subject", *EVENT)


def name_zones(chosen: pl.DataFrame, mapping: Mapping, zones: Table[str, str]) -> pl.DataFrame:
    """Put the zone of each row's place (`PLACE`) beside it: that of the mapping, of `zones`, or of its country."""
    if PLACE not in chosen.columns:
        return chosen
    clocks = Clocks({**zones, **mapping.zones})
    words = chosen.get_column(PLACE).drop_nulls().unique().to_list()
    known = {word: clocks.name(word.strip().upper()) or None for word in words}
    return chosen.with_columns(pl.col(PLACE).replace_strict(known, default=None, return_dtype=pl.String).alias(ZONE))


def find_item_of(events: pl.DataFrame, items: pl.DataFrame, faults: Faults) -> pl.DataFrame:
    """Add `item_no`, `last_event_at`, `state` and `stood_reason` of the item that is meant.

    Of those that had the identifier it is the last one issued before the event.
    """
    names = ("tenant", "item_id", "item_no", "issued_at", "last_event_at", "archived_at", "state")
    known = items.select(*names, stood_reason="reason").sort("issued_at")
    joined = events.join(known, on=["tenant", "item_id"], how="left", maintain_order="left_right")
    if joined.height > events.height:
        joined = joined.filter(_last_issue_before())
    missing = joined.filter(pl.col("item_no").is_null())
    message = fill("no item {} is there", "item_id")
    faults.add(missing, ITEM_UNKNOWN, "item_id", message, "bring the item's order in first, or correct the number")
    gone = joined.filter(pl.col("archived_at").is_not_null())
    message = fill("the other events of item {} are in the archive", "item_id")
    faults.add(
        gone, ITEM_ARCHIVED, "item_id", message, "bring them back first: entrepost.operations.archive.restore_events"
    )
    early = joined.filter(pl.col("time") < pl.col("issued_at") - pl.duration(days=EARLY_DAYS))
    faults.add(
        early, TIME_EARLY, "time", f"it is more than {EARLY_DAYS} days before the item was issued", "correct the time"
    )
    return faults.sound(joined)


def _last_issue_before() -> pl.Expr:
    """Of several issues of an identifier the last one before the event, or the first one where all are later."""
    before = (pl.col("issued_at") <= pl.col("time")).fill_null(False)
    event = (INDEX, "item_id")
    last = before & (pl.col("issued_at") == pl.col("issued_at").filter(before).max().over(event))
    none = ~before.any().over(event)
    return last | (none & (pl.int_range(pl.len()).over(event) == 0))


def place_offsets(events: pl.DataFrame, zones: Table[str, str]) -> pl.DataFrame:
    """Give events that are stated in UTC the offset of their facility's zone; the instants stay."""
    if not zones:
        return events
    zone = pl.col("facility").replace_strict(zones, default=None, return_dtype=pl.String)
    parts = []
    for (name,), part in events.with_columns(zone.alias("#zone")).group_by("#zone"):
        offset = pl.col("offset_minutes")
        if name is not None:
            local = pl.col("time").dt.convert_time_zone(str(name))
            minutes = (local.dt.base_utc_offset() + local.dt.dst_offset()).dt.total_minutes()
            offset = pl.when(offset == 0).then(minutes).otherwise(offset)
        parts.append(part.with_columns(offset.alias("offset_minutes")))
    return pl.concat(parts).sort(INDEX).drop("#zone") if parts else events


def _check_words(typed: pl.DataFrame, faults: Faults) -> None:
    codes = [code for code in _words(typed, "code") if find_event_code(code) is None]
    unknown = typed.filter(pl.col("code").is_in(codes))
    fix = "map the carrier's code to one of EMSEVT, such as EMI: [values.code]"
    faults.add(unknown, CODE_UNKNOWN, "code", fill("{} is not known; the event is kept aside", "code"), fix)
    reasons = [reason for reason in _words(typed, "reason") if find_reason(reason) is None]
    odd = typed.filter(pl.col("reason").is_in(reasons))
    faults.add(odd, REASON_UNKNOWN, "reason", fill("{} is not known", "reason"), "map it: [values.reason]", "warning")


def _words(typed: pl.DataFrame, column: str) -> list[str]:
    return typed.get_column(column).drop_nulls().unique().to_list()

"""Event histories to learn from: of a store with what it promised, or of a file in whatever columns.

What was read before is not read again: of a file only what was added to it, of a store only the events of
items of which there are more now.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.base.findings import Finding
from entrepost.journey.learning.facts import ITEM, ITEMS, JOURNEY, gather, join_facts, to_typed
from entrepost.operations.event_rows import read_event_rows
from entrepost.operations.faults import Faults, broken_findings
from entrepost.operations.histories_kept import Kept, forget_old, unusable
from entrepost.operations.histories_mark import (
    STORE,
    Mark,
    mark_rows,
    mark_text,
    read_from,
    rows_have_grown,
    text_has_grown,
)
from entrepost.operations.mapped import open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.source import check_whole, content_hash, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER

TEXTS = (".csv", ".jsonl", ".ndjson")
READERS = (*TEXTS, ".parquet")
COLUMNS = ("tenant", "seller", "item_id", "code", "time", "facility", "reason", "recorded_at", "placed_at")
INSTANTS = ("time", "recorded_at", "placed_at")
COUNTS = {**{name: ITEMS[name] for name in ITEM}, "events": pl.Int64()}
"""How many events each item of a store has."""

MANY = 0.2
"""Where more than this share of a store's items has news, all events are read: that is quicker than item by item."""


@dataclass(frozen=True)
class Reading:
    """Events that were read, and how far; `on_top`: they are added to what was kept, whose end they follow.

    `counts`: of each item of a store how many events it has.
    """

    events: pl.DataFrame
    mark: Mark
    on_top: bool
    findings: tuple[Finding, ...] = ()
    counts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COUNTS))


def read_histories(path: Path, mapping: Mapping | None = None) -> pl.DataFrame:
    """The columns of a file that learning reads; instants have an offset, or are UTC.

    With a mapping the columns of a carrier's file become ours; rows that cannot be read are left out.

    Raises
    ------
    MisuseError
        When the file has a form that is not known.
    UnreadableInputError
        When it cannot be read as a whole, or lacks a column that the mapping names.
    """
    return read_since(path, mapping, None).events


def read_since(path: Path, mapping: Mapping | None, kept: Kept | None) -> Reading:
    """The same, of a file of which something was kept only what was added since."""
    if mapping is not None:
        return _read_mapped(path, mapping, kept)
    if path.suffix not in READERS:
        raise MisuseError(f"{path}: events can be {', '.join(READERS)}, or a store; give such a file")
    try:
        return _read_parquet(path, kept) if path.suffix == ".parquet" else _read_text(path, kept)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}") from None


def _read_parquet(path: Path, kept: Kept | None) -> Reading:
    before = kept.mark if kept is not None and kept.mark.kind == "parquet" else None
    grown = before is not None and rows_have_grown(path, before)
    lazy = pl.scan_parquet(path)
    rows = int(lazy.select(pl.len()).collect().item())
    first = before.end if before is not None and grown else 0
    events = _ours(lazy.slice(first)).collect()
    return Reading(events, mark_rows(path, "parquet", rows), grown, _said(kept, grown))


def _read_text(path: Path, kept: Kept | None) -> Reading:
    mark = mark_text(path, path.suffix)
    before = kept.mark if kept is not None and kept.mark.kind == mark.kind else None
    grown = before is not None and text_has_grown(path, before)
    is_csv = path.suffix == ".csv"
    source: Path | bytes = read_from(path, before, is_csv) if before is not None and grown else path
    if is_csv:
        events = _ours(pl.scan_csv(source, infer_schema=False)).collect()
    elif source == b"" or (source == path and not path.stat().st_size):
        events = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    else:
        events = _ours(pl.scan_ndjson(io.BytesIO(source) if isinstance(source, bytes) else source)).collect()
    times = [name for name in INSTANTS if events.schema.get(name) == pl.String]
    events = events.with_columns(
        pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC", strict=False) for name in times
    )
    return Reading(events, mark, grown, _said(kept, grown))


def _ours(lazy: pl.LazyFrame) -> pl.LazyFrame:
    return lazy.select([name for name in lazy.collect_schema().names() if name in (*COLUMNS, *JOURNEY)])


def _said(kept: Kept | None, grown: bool) -> tuple[Finding, ...]:
    return () if kept is None or grown else (unusable("it is not what these events begin with"),)


def _read_mapped(path: Path, mapping: Mapping, kept: Kept | None) -> Reading:
    if mapping.form.feed is not None:
        raise UnreadableInputError(f"{path}: record nested JSON first (entrepost events), and learn from the store")
    check_whole(path)
    kind = f"mapped {content_hash([join.file for join in mapping.joins], mapping.text)}"
    before = kept.mark if kept is not None and kept.mark.kind == kind else None
    is_rows = path.suffix.lower() == ".parquet"
    grown = before is not None and (rows_have_grown if is_rows else text_has_grown)(path, before)
    mapped = open_mapping(mapping, read_columns(path, mapping.form), path.name, is_open_ended(path))
    never = pl.lit(None, INSTANT)
    parts, counts = [], Counter[tuple[str, str]]()
    rows = first = before.end if before is not None and grown else 0
    for chunk in read_chunks(path, mapping.form, first):
        faults = Faults(path.name)
        joined = mapped.join(chunk.frame, faults)
        found = read_event_rows(mapped.choose(joined), mapping, never, faults)
        parts.append(found.select(name for name in COLUMNS if name in found.columns))
        rows = chunk.position
        for findings in (faults.findings(joined), broken_findings(chunk.broken, path.name)):
            counts.update(findings.select("code", "field").rows())
    if not parts and not rows:
        raise UnreadableInputError(f"{path} has no rows")
    events = pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    said = [
        Finding(code, name, f"{count:,} rows", path.name, level="warning") for (code, name), count in counts.items()
    ]
    end = max(rows - 1, 0)  # the last row may not be whole yet
    mark = mark_rows(path, kind, end) if is_rows else mark_text(path, kind, end)
    return Reading(events, mark, grown, (*_said(kept, grown), *said))


def remember(reading: Reading, kept: Kept | None, as_of: datetime) -> tuple[Kept, tuple[Finding, ...]]:
    """What is known at an instant from what was read, on top of what was kept; and what is wrong with it.

    The facts are those of reading everything at once.
    """
    below = kept if reading.on_top else None
    events = reading.events if below is None else pl.concat([below.later, to_typed(reading.events)], how="diagonal")
    gathered = gather(events, as_of)
    facts = gathered.facts if below is None else join_facts(below.facts, gathered.facts)
    facts = forget_old(facts, as_of)
    counts = facts.items.select(ITEM).join(reading.counts, on=ITEM, how="left", nulls_equal=True, maintain_order="left")
    later = gathered.later.collect()
    return Kept(facts, later, as_of, reading.mark, counts.get_column("events")), (*reading.findings, *gathered.findings)


def list_histories(store: Store, tenant: str = "", orders: pl.DataFrame | None = None) -> pl.DataFrame:
    """The events of a store with what it promised for their items, and for each item a row without a code.

    Of one account, or of all (empty); or of some orders alone.
    """
    if orders is None:
        return list_since(store, None, tenant).events
    _, known = _list_known(store, tenant, orders)
    events = store.list_events(orders=orders).join(known, on=[*ORDER, "item_id"], how="left")
    return pl.concat([known, events], how="diagonal")


def list_since(store: Store, kept: Kept | None, tenant: str = "") -> Reading:
    """The same, of items that have more events than when something was kept.

    What was kept of another store, one that lacks an item of it, is not used.
    """
    items, known = _list_known(store, tenant)
    counts = items.group_by(ITEM).agg(pl.col("events").sum().cast(pl.Int64))
    news = _list_news(counts, kept)
    events = _list_events(store, tenant, items, news).join(known, on=[*ORDER, "item_id"], how="left")
    rows = pl.concat([known, events], how="diagonal")
    return Reading(rows, Mark(STORE), news is not None, _said(kept, news is not None), counts)


def _list_known(store: Store, tenant: str, orders: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The items of an account, or of some orders, with how many events each has; and what was promised of each."""
    promises = store.list_promises(tenant, orders).select(*ORDER, *JOURNEY)
    lines = store.list_orders(tenant) if orders is None else store.find_lines(orders)
    placed = lines.group_by(ORDER).agg(pl.col("placed_at").min())
    items = store.list_items(tenant, orders).select(*ORDER, "item_id", "events", "issued_at")
    known = items.join(promises, on=ORDER, how="left").join(placed, on=ORDER, how="left")
    # What other operators announced has no order; it was posted when it was issued.
    known = known.with_columns(pl.col("placed_at").fill_null(pl.col("issued_at")))
    return items, known.drop("events", "issued_at")


def _list_news(counts: pl.DataFrame, kept: Kept | None) -> pl.DataFrame | None:
    """The items that have other events than before; None where nothing can be told."""
    if kept is None or kept.mark.kind != STORE:
        return None
    before = kept.facts.items.select(ITEM).with_columns(kept.counts.alias("before"))
    if before.join(counts, on=ITEM, how="anti", nulls_equal=True).height:
        return None
    both = counts.join(before, on=ITEM, how="left", nulls_equal=True)
    return both.filter((pl.col("events") > 0) & pl.col("events").ne_missing(pl.col("before"))).select(ITEM)


def _list_events(store: Store, tenant: str, items: pl.DataFrame, news: pl.DataFrame | None) -> pl.DataFrame:
    if news is None:
        return store.list_events(tenant)
    some = items.join(news, on=ITEM, how="semi")
    if some.height > MANY * items.height:
        return store.list_events(tenant).join(news, on=ITEM, how="semi")
    return store.list_events(orders=some.select(ORDER).unique())

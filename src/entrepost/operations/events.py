"""Record events in bulk: late, repeated and in any order; each item's status is kept beside it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from functools import partial
from pathlib import Path

import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.base.errors import UnreadableInputError
from entrepost.operations.chunk import ROW, Chunk
from entrepost.operations.containment import put_to_items
from entrepost.operations.event_rows import find_item_of, place_offsets, read_event_rows
from entrepost.operations.faults import INDEX, Faults, broken_findings
from entrepost.operations.mapped import Mapped, open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.progress import Counts, Outcome, Progress, begin, bring_in
from entrepost.operations.source import check_whole, content_hash, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import EVENT, STANDING, STATUS, Intake, Store
from entrepost.operations.trail import link
from entrepost.tables.frames import INSTANT
from entrepost.tables.status import fold_on

CHUNK_ROWS = 50_000
FACT = ("item_no", "minute", "code", "facility")
"""What two reports of the same fact have in common."""


def record_event_file(
    store: Store,
    path: Path,
    mapping: Mapping | None = None,
    zones: Table[str, str] | None = None,
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Record the events of a CSV, Parquet or JSON lines file.

    Each chunk of rows is one transaction with the new status of its items, its findings and its bookmark.
    An unknown code or item, or an impossible time, is a finding that keeps the row. An event about a
    `subject` instead of an `item_id` (a receptacle, dispatch or consignment) is one of each item that was
    inside at its time, and is counted so.

    Parameters
    ----------
    store : Store
        Where the items are.
    path : Path
        The file.
    mapping : Mapping, optional
        How a carrier's columns and codes become ours.
    zones : mapping of str to str, optional
        IANA zone of each facility: an event stated in UTC gets the offset of its place.
    tenant : str
        The account of the items whose rows name none.
    progress : callable, optional
        Told after each chunk how many rows of the file are done.
    """
    mapping = mapping or Mapping("events")
    check_whole(path)
    columns = read_columns(path, mapping.form)
    mapped = open_mapping(mapping, columns, path.name, is_open_ended(path))
    _check_subject(mapped, path.name)
    name = content_hash([path, *mapping.files], mapping.text, "events", tenant)
    mark = begin(store, name, "events", path, tenant, mapping.shift_days)
    chunks = read_chunks(path, mapping.form, mark.position, CHUNK_ROWS)
    return bring_in(store, mark, chunks, partial(_record_chunk, store, mapped, zones or {}), progress)


def record_events(
    store: Store,
    events: pl.DataFrame,
    zones: Table[str, str] | None = None,
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Record the events of a frame (columns of `events`), as `record_event_file` does."""
    known = [name for name in events.columns if name in ("tenant", "item_id", "subject", *EVENT)]
    frame = events.select(known).with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))
    mapped = open_mapping(Mapping("events"), known, "frame")
    _check_subject(mapped, "frame")
    name = hashlib.sha256(frame.hash_rows().to_numpy().tobytes() + tenant.encode()).hexdigest()
    mark = begin(store, name, "events", Path("frame"), tenant, 0)
    by_item = frame.sort("item_id", maintain_order=True) if "item_id" in known else frame
    chunks = _slices(by_item, mark.position)
    return bring_in(store, mark, chunks, partial(_record_chunk, store, mapped, zones or {}), progress)


def _check_subject(mapped: Mapped, name: str) -> None:
    if not {"item_id", "subject"} & {*mapped.picks, *mapped.mapping.constants}:
        raise UnreadableInputError(
            f"{name} lacks the required column item_id, or subject: what its events are about. "
            "Add it, or name it in a mapping (--mapping FILE.toml)"
        )


def _slices(frame: pl.DataFrame, skip: int) -> Iterator[Chunk]:
    """The events item by item, so that an item is folded once and not in every chunk."""
    for start in range(skip, frame.height, CHUNK_ROWS):
        part = frame.slice(start, CHUNK_ROWS)
        yield Chunk(part, (), start + part.height)


def _record_chunk(
    store: Store, mapped: Mapped, zones: Table[str, str], mark: Intake, chunk: Chunk
) -> tuple[Counts, pl.DataFrame]:
    faults = Faults(mark.file)
    wide = mapped.join(chunk.frame, faults)
    chosen = mapped.choose(wide).with_columns(pl.col("tenant").cast(pl.String).fill_null(mark.tenant))
    now = pl.lit(store.clock.now()).cast(INSTANT)
    events = place_offsets(read_event_rows(chosen, mapped.mapping, now, faults), zones)
    events, items = put_to_items(store, events, faults)
    events = find_item_of(events, items, faults)
    new = _keep_new(store, events, items)
    findings = pl.concat([broken_findings(chunk.broken, mark.file), faults.findings(wide.drop(INDEX))])
    return Counts(new.height, events.height - new.height, faults.rejected.len() + len(chunk.broken)), findings


def _keep_new(store: Store, events: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Keep the events that are not there yet, and the status of their items; the new ones are returned.

    Events later than all that their items have go on from the items' status; the others fold their items anew.
    """
    if not events.height:
        return events
    standing = items.select("item_no", *STANDING)
    told = events.select("item_no", *EVENT).with_columns(_minute("time"))
    told = told.unique(FACT, keep="first", maintain_order=True)
    last = standing.select("item_no", "last_event_at", _minute("last_event_at").alias("last"))
    late = told.join(last, on="item_no").filter(pl.col("minute") <= pl.col("last"))
    late_items = late.select("item_no", "last_event_at").unique()
    ahead = told.join(late_items, on="item_no", how="anti", maintain_order="left")
    store.add_events(link(ahead, standing))
    store.set_status(fold_items(ahead, standing))
    if not late_items.height:
        return ahead
    again = told.join(late_items, on="item_no", how="semi", maintain_order="left")
    return pl.concat([ahead, _keep_late(store, again, late_items)])


def _keep_late(store: Store, events: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Keep the new ones of events that came late or twice, among those that their items have."""
    stored = store.find_events(items).with_columns(_minute("time"))
    new = events.join(stored, on=FACT, how="anti", maintain_order="left")
    touched = stored.join(new.select("item_no").unique(), on="item_no", how="semi", maintain_order="left")
    known = ("item_no", "code", "time", "facility", "reason", "minute")
    linked = link(pl.concat([touched.select(known), new.select(known)]))
    previous = linked.select(*FACT, "previous")
    store.add_events(new.join(previous, on=FACT, maintain_order="left"))
    moved = touched.rename({"previous": "before"}).join(previous, on=FACT)
    store.link_events(moved.filter(pl.col("previous").ne_missing(pl.col("before"))))
    store.set_status(fold_items(linked))
    return new


def fold_items(events: pl.DataFrame, standing: pl.DataFrame | None = None) -> pl.DataFrame:
    """The status of items (item_no and the columns of `STATUS`) that events add up to, from where they stood."""
    return fold_on(events, ["item_no"], standing).select("item_no", *STATUS)


def _minute(name: str) -> pl.Expr:
    return (pl.col(name).dt.epoch("us") // MINUTE_US).alias("minute")

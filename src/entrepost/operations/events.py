"""Record events in bulk: late, repeated and in any order; each item's status is kept beside it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from entrepost.base.clock import MINUTE_US, Clock
from entrepost.base.errors import UnreadableInputError
from entrepost.operations.ahead import Ahead
from entrepost.operations.chunk import ROW, Chunk
from entrepost.operations.containment import names_items, put_to_items
from entrepost.operations.event_rows import find_item_of, name_zones, place_offsets, read_event_rows
from entrepost.operations.faults import FINDINGS, INDEX, Faults, broken_findings
from entrepost.operations.mapped import Mapped, open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.progress import Counts, Outcome, Progress, begin, bring_in, in_advance
from entrepost.operations.source import check_whole, content_hash, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import EVENT, Intake, Store
from entrepost.operations.trail import link
from entrepost.operations.webhooks import FRAME, announce_statuses
from entrepost.tables.frames import INSTANT
from entrepost.tables.status import fold_on

CHUNK_ROWS = 10_000
"""Rows of one transaction: it takes a fraction of a second, in which other writers wait."""

FACT = ("item_no", "minute", "code", "facility")
"""What two reports of the same fact have in common."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a chunk of rows tells: its events, read and checked before anything is looked up."""

    chunk: Chunk
    wide: pl.DataFrame
    events: pl.DataFrame
    faults: Faults

    @property
    def position(self) -> int:
        """The rows of the file up to the end of the chunk."""
        return self.chunk.position


def record_event_file(
    store: Store,
    path: Path,
    mapping: Mapping | None = None,
    zones: Table[str, str] | None = None,
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Record the events of a CSV, Parquet or JSON lines file, or of nested JSON where the mapping is one of a feed.

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
    told = map(partial(_read_chunk, mapped, zones or {}, mark, store.clock), chunks)
    with Ahead(store) as ahead:
        return bring_in(store, mark, told, partial(_keep_told, store, ahead), progress)


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
    mapped = open_mapping(Mapping("events"), known, FRAME)
    _check_subject(mapped, FRAME)
    name = hashlib.sha256(frame.hash_rows().to_numpy().tobytes() + tenant.encode()).hexdigest()
    mark = begin(store, name, "events", Path(FRAME), tenant, 0)
    chunks = _slices(_by_minute(frame), mark.position)
    told = map(partial(_read_chunk, mapped, zones or {}, mark, store.clock), chunks)
    with Ahead(store) as ahead:
        return bring_in(store, mark, told, partial(_keep_told, store, ahead), progress)


def record_in_advance(
    store: Store,
    name: str,
    file: Path,
    frames: Iterator[tuple[pl.DataFrame, Table[str, str]]],
    tenant: str = "main",
    progress: Progress | None = None,
) -> Outcome:
    """Record the events of frames as one intake of that name, each frame with the zones of its places.

    Frames have `item_id` and columns of `EVENT`, typed, and are made in a thread while those before are recorded.
    """
    mapped = open_mapping(Mapping("events"), ["item_id", *EVENT], file.name)
    mark = begin(store, name, "events", file, tenant, 0)
    chunks = _cut(frames, mark.position)
    told = (_read_chunk(mapped, zones, mark, store.clock, chunk) for chunk, zones in chunks)
    with Ahead(store) as ahead:
        return bring_in(store, mark, told, partial(_keep_told, store, ahead), progress)


def record_inside(
    store: Store, events: pl.DataFrame, zones: Table[str, str] | None = None, tenant: str = "main"
) -> tuple[Counts, pl.DataFrame]:
    """Record typed events (`item_id`, columns of `EVENT`) in the caller's transaction; what is wrong is not kept.

    Returns
    -------
    tuple of Counts and DataFrame
        What happened to them, and findings (`faults.FINDINGS`), of which each names its event by `row`, from 1.
    """
    mapped = open_mapping(Mapping("events"), ["item_id", *EVENT], FRAME)
    mark = Intake("", tenant, "events", FRAME, 0, store.clock.now())
    numbered = _by_minute(events.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64)))
    told = map(partial(_read_chunk, mapped, zones or {}, mark, store.clock), _slices(numbered, 0))
    findings = [pl.DataFrame(schema=FINDINGS)]
    counts = Counts(0, 0, 0)
    with store.transaction(), Ahead(store) as ahead:
        for each in in_advance(told):
            done, found = _keep_told(store, ahead, mark, each, None)
            findings.append(found)
            counts = Counts(
                counts.accepted + done.accepted,
                counts.duplicates + done.duplicates,
                counts.rejected + done.rejected,
            )
    return counts, pl.concat(findings)


def _cut(frames: Iterator[tuple[pl.DataFrame, Table[str, str]]], skip: int) -> Iterator[tuple[Chunk, Table[str, str]]]:
    """Chunks of frames one behind the other, but for rows that were done before."""
    done = 0
    for frame, zones in frames:
        numbered = frame.with_row_index(ROW, done + 1).with_columns(pl.col(ROW).cast(pl.Int64))
        for chunk in _slices(numbered, max(0, skip - done)):
            yield Chunk(chunk.frame, (), done + chunk.position), zones
        done += frame.height


def _check_subject(mapped: Mapped, name: str) -> None:
    if not {"item_id", "subject"} & {*mapped.picks, *mapped.mapping.constants}:
        raise UnreadableInputError(
            f"{name} lacks the required column item_id, or subject: what its events are about. "
            "Add it, or name it in a mapping (--mapping FILE.toml)"
        )


def _by_minute(frame: pl.DataFrame) -> pl.DataFrame:
    """The events in the order in which the store keeps them, so that each goes on from those before it."""
    if not isinstance(frame.schema.get("time"), pl.Datetime):
        return frame
    return frame.sort(pl.col("time").dt.truncate("1m"), maintain_order=True)


def _slices(frame: pl.DataFrame, skip: int) -> Iterator[Chunk]:
    for start in range(skip, frame.height, CHUNK_ROWS):
        part = frame.slice(start, CHUNK_ROWS)
        yield Chunk(part, (), start + part.height)


def _read_chunk(mapped: Mapped, zones: Table[str, str], mark: Intake, clock: Clock, chunk: Chunk) -> Told:
    faults = Faults(mark.file)
    wide = mapped.join(chunk.frame, faults)
    chosen = mapped.choose(wide).with_columns(pl.col("tenant").cast(pl.String).fill_null(mark.tenant))
    chosen = name_zones(chosen, mapped.mapping, zones)
    now = pl.lit(clock.now()).cast(INSTANT)
    events = place_offsets(read_event_rows(chosen, mapped.mapping, now, faults), zones)
    return Told(chunk, wide.drop(INDEX), events, faults)


def _keep_told(
    store: Store, ahead: Ahead, mark: Intake, told: Told, following: Told | None
) -> tuple[Counts, pl.DataFrame]:
    events = put_to_items(store, told.events, told.faults)
    coming = following.events if following is not None and names_items(following.events) else None
    accepted, others = ahead.record(events, coming)
    read = events.height - others.height
    if others.height:
        others = find_item_of(others, store.find_items(others), told.faults)
        read += others.height
        accepted += _keep_late(store, others)
    if coming is not None:
        ahead.look_ahead(coming, events)
    findings = pl.concat([broken_findings(told.chunk.broken, mark.file), told.faults.findings(told.wide)])
    rejected = told.faults.rejected.len() + len(told.chunk.broken)
    return Counts(accepted, read - accepted, rejected), findings


def _keep_late(store: Store, events: pl.DataFrame) -> int:
    """Keep those of events that are not there yet, and fold all events of their items anew; how many they are."""
    told = events.select("item_no", *EVENT, "last_event_at").with_columns(_minute("time"))
    told = told.unique(FACT, keep="first", maintain_order=True)
    stored = store.find_events(told.select("item_no", "last_event_at").unique()).with_columns(_minute("time"))
    new = told.join(stored, on=FACT, how="anti", maintain_order="left")
    touched = stored.join(new.select("item_no").unique(), on="item_no", how="semi", maintain_order="left")
    known = ("item_no", "code", "time", "facility", "reason", "minute")
    linked = link(pl.concat([touched.select(known), new.select(known)]))
    previous = linked.select(*FACT, "previous")
    store.add_events(new.join(previous, on=FACT, maintain_order="left"))
    moved = touched.rename({"previous": "before"}).join(previous, on=FACT)
    store.link_events(moved.filter(pl.col("previous").ne_missing(pl.col("before"))))
    folded = fold_items(linked)
    store.set_status(folded)
    announce_statuses(store, _changes(events, folded))
    return new.height


def _changes(events: pl.DataFrame, folded: pl.DataFrame) -> pl.DataFrame:
    """The items whose status, or its reason, is another one than these events have found."""
    stood = events.select("item_no", before="state", why="stood_reason").unique("item_no")
    both = folded.join(stood, on="item_no")
    other = (pl.col("state") != pl.col("before")) | (pl.col("reason") != pl.col("why"))
    return both.filter(other).select("item_no", "before")


def fold_items(events: pl.DataFrame) -> pl.DataFrame:
    """The status of items that all of their events add up to: item_no, and columns of `STANDING`."""
    return fold_on(events, ["item_no"])


def _minute(name: str) -> pl.Expr:
    return (pl.col(name).dt.epoch("us") // MINUTE_US).alias("minute")

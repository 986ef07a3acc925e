"""Events leave the store for Parquet files by month, and come back from there for learning and reports.

The events of an item leave together, once it has been quiet for long: so its status in the store stays the
fold of all its events. A file is complete before its name is there, and events are deleted after the files
that hold them: whoever is killed in between does it again, and what stands in both places is read once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.operations.store import EVENT, Store
from entrepost.operations.trail import link
from entrepost.tables.items import ORDER

BATCH_ITEMS = 50_000
ITEM_KEY = [*ORDER, "item_id"]
PREFIX, WAITING = "events-", ".waiting"
FACT = [*ITEM_KEY, "code", "facility", "#minute"]
"""What two reports of the same fact have in common."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What was archived: items, their events, and the months whose files hold them."""

    items: int
    events: int
    months: tuple[str, ...]


def archive_events(
    store: Store, folder: Path, before: datetime, progress: Callable[[int], None] | None = None
) -> Archived:
    """Move the events of items without any event since `before` into `folder`: `events-YYYY-MM.parquet`, one a month.

    An item to which something happens meanwhile stays; one that was moved has its late events kept aside as
    findings until `restore_events` brings it back.

    Parameters
    ----------
    store : Store
        Where the events are.
    folder : Path
        The archive; it is created, and may hold what was archived before.
    before : datetime
        With its zone. Ask for more than the longest time in which events come late: 180 days, say.
    progress : callable, optional
        Told after each batch how many items are done.
    """
    if before.tzinfo is None:
        raise MisuseError("archive_events: `before` has no zone; give one, such as tzinfo=UTC")
    quiet = store.list_quiet(before)
    with _waiting_room(folder) as room:
        for number, batch in enumerate(_batches(quiet)):
            _put_aside(store, batch, room, number)
        months = tuple(sorted(each.name for each in room.iterdir()))
        for month in months:
            _write_month(folder, month, room / month)
    items = events = 0
    for batch in _batches(quiet):
        items += store.archive_events(batch)
        events += int(batch.get_column("events").sum())
        if progress:
            progress(items)
    store.drop_months(before)
    return Archived(items, events, months)


def list_history(store: Store, folder: Path, tenant: str = "") -> pl.DataFrame:
    """All events of store and archive, each once, in order of time; columns as `Store.list_events` gives them."""
    kept = store.list_events(tenant)
    files = list_files(folder)
    if not files:
        return kept
    past = pl.scan_parquet(files).select(kept.columns)
    if tenant:
        past = past.filter(pl.col("tenant") == tenant)
    return _once(pl.concat([kept, past.collect()])).sort("time", *ITEM_KEY, "code", "facility")


def restore_events(store: Store, folder: Path, items: pl.DataFrame) -> int:
    """Bring the archived events of items (tenant, item_id) back into the store; how many there were.

    They stay in the archive as well, and are read once all the same.
    """
    files = list_files(folder)
    with store.transaction():
        known = store.find_items(items).filter(pl.col("archived_at").is_not_null())
        if not files or not known.height:
            return 0
        wanted = store.list_items(numbers=known).select(*ITEM_KEY, "item_no").lazy()
        events = _once(pl.scan_parquet(files).join(wanted, on=ITEM_KEY).collect())
        store.restore_events(link(events.select("item_no", *EVENT)))
    return events.height


def list_files(folder: Path) -> list[Path]:
    """The files of an archive, oldest month first."""
    return sorted(folder.glob(f"{PREFIX}????-??.parquet"))


def _put_aside(store: Store, batch: pl.DataFrame, room: Path, number: int) -> None:
    """Write the events of some items into a folder for each month."""
    events = store.list_events(orders=batch).join(batch.select(ITEM_KEY), on=ITEM_KEY, how="semi")
    for (month,), part in events.group_by(pl.col("time").dt.strftime("%Y-%m")):
        (room / str(month)).mkdir(exist_ok=True)
        part.write_parquet(room / str(month) / f"{number}.parquet")


def _write_month(folder: Path, month: str, parts: Path) -> None:
    """Write the month's file anew, with what it held; it is complete and on the disk before it has its name."""
    path = folder / f"{PREFIX}{month}.parquet"
    files = [*([path] if path.exists() else []), *sorted(parts.iterdir())]
    frame = _once(pl.concat([pl.read_parquet(file) for file in files])).sort("time", *ITEM_KEY, "code", "facility")
    beside = parts.with_suffix(".parquet")
    frame.write_parquet(beside, statistics=True)
    _synchronise(beside)
    beside.replace(path)
    _synchronise(folder)


def _once(events: pl.DataFrame) -> pl.DataFrame:
    minute = pl.col("time").dt.truncate("1m").alias("#minute")
    return events.with_columns(minute).unique(FACT, keep="first", maintain_order=True).drop("#minute")


def _batches(items: pl.DataFrame) -> Iterator[pl.DataFrame]:
    return items.iter_slices(BATCH_ITEMS) if items.height else iter(())


@contextmanager
def _waiting_room(folder: Path) -> Iterator[Path]:
    """An empty folder beside the files; what a killed process left there is thrown away."""
    room = folder / WAITING
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    yield room
    shutil.rmtree(room)


def _synchronise(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Event histories to learn from: of a store with what it promised, or of a file in whatever columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.operations.event_rows import read_event_rows
from entrepost.operations.faults import Faults
from entrepost.operations.mapped import open_mapping
from entrepost.operations.mapping import Mapping
from entrepost.operations.source import check_whole, is_open_ended, read_chunks, read_columns
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.items import ORDER

READERS = {".csv": "scan_csv", ".parquet": "scan_parquet", ".jsonl": "scan_ndjson", ".ndjson": "scan_ndjson"}
COLUMNS = ("tenant", "seller", "item_id", "code", "time", "facility", "reason", "recorded_at", "placed_at")
JOURNEY = ("service", "route", "area")
INSTANTS = ("time", "recorded_at", "placed_at")


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
    if mapping is not None:
        return _read_mapped(path, mapping)
    if path.suffix not in READERS:
        raise MisuseError(f"{path}: events can be {', '.join(READERS)}, or a store; give such a file")
    try:
        lazy = getattr(pl, READERS[path.suffix])(path)
        names = [name for name in lazy.collect_schema().names() if name in (*COLUMNS, *JOURNEY)]
        frame: pl.DataFrame = lazy.select(names).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}") from None
    times = [name for name in INSTANTS if frame.schema.get(name) == pl.String]
    return frame.with_columns(
        pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC", strict=False) for name in times
    )


def list_histories(store: Store) -> pl.DataFrame:
    """The events of a store with what it promised for their items; an item without events has a row without a code."""
    promises = store.list_promises().select(*ORDER, *JOURNEY)
    placed = store.list_orders().group_by(ORDER).agg(pl.col("placed_at").min())
    items = store.list_items().select(*ORDER, "item_id")
    known = items.join(promises, on=ORDER, how="left").join(placed, on=ORDER, how="left")
    return store.list_events().join(known, on=[*ORDER, "item_id"], how="full", coalesce=True)


def _read_mapped(path: Path, mapping: Mapping) -> pl.DataFrame:
    check_whole(path)
    mapped = open_mapping(mapping, read_columns(path, mapping.form), path.name, is_open_ended(path))
    never = pl.lit(None, INSTANT)
    parts = []
    for chunk in read_chunks(path, mapping.form):
        faults = Faults(path.name)
        rows = read_event_rows(mapped.choose(mapped.join(chunk.frame, faults)), mapping, never, faults)
        parts.append(rows.select(name for name in COLUMNS if name in rows.columns))
    if not parts:
        raise UnreadableInputError(f"{path} has no rows")
    return pl.concat(parts)

"""What is inside what, in the database."""

from __future__ import annotations

import polars as pl

from entrepost.operations.store import CONTAINMENT
from entrepost.store.rows import Rows, frame_schema, key_names
from entrepost.store.schema import CONTAINMENTS


def add_containments(rows: Rows, containments: pl.DataFrame) -> None:
    """Insert what is not there yet; where an end is told, it is written over the one that was there."""
    rows.insert_new(CONTAINMENTS, containments.with_columns(until=pl.lit(None, containments.schema["until"])))
    ended = containments.filter(pl.col("until").is_not_null())
    if ended.height:
        rows.put(CONTAINMENTS, ended.unique(key_names(CONTAINMENTS), keep="last", maintain_order=True))


def find_containments(rows: Rows, names: pl.DataFrame) -> pl.DataFrame:
    """What is directly or deeper inside of what is named, level by level, and what that itself is inside of."""
    level = seen = names.select("tenant", "subject").unique()
    parts = [_select(rows, "subject", level)]
    while level.height:
        inside = _select(rows, "container", level)
        parts.append(inside)
        level = inside.select("tenant", "subject").unique().join(seen, on=["tenant", "subject"], how="anti")
        seen = pl.concat([seen, level])
    return pl.concat(parts).unique().sort("tenant", "container", "subject", "since")


def _select(rows: Rows, column: str, names: pl.DataFrame) -> pl.DataFrame:
    cells = ", ".join(f't."{name}"' for name in CONTAINMENT)
    sql = f"SELECT {cells} FROM {rows.wanted(CONTAINMENTS, 'tenant', column)}"
    return rows.select(sql, [rows.keys(names)], frame_schema(CONTAINMENTS, CONTAINMENT))

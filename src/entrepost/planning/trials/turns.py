"""Shelves whose list of articles is renewed: new levels from an instant on, as rows and as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.planning.trials.stock import NO_TURNS, Turns
from entrepost.tables.frames import INSTANT

SHELF = ("warehouse", "seller", "sku")
TURN: dict[str, type[pl.DataType] | pl.DataType] = {
    **dict.fromkeys(SHELF, pl.String),
    "from_at": INSTANT,
    "level": pl.Int64,
    "mode": pl.String,
    "served_share": pl.Float64,
}
"""Columns of new levels: from an instant on a shelf is filled up to `level` pieces; at 0 it is run down."""


def list_turns(shelves: pl.DataFrame, renewed: Sequence[tuple[datetime, pl.DataFrame]]) -> pl.DataFrame:
    """What changes from one list of shelves to the next: rows of `TURN`.

    Parameters
    ----------
    shelves : DataFrame
        Those of the beginning: warehouse, seller, sku, reorder, mode, served_share.
    renewed : sequence
        Instants in order, with all shelves from then on.
    """
    before, turns = _levels(shelves), []
    for instant, listed in renewed:
        after = _levels(listed)
        both = after.join(before, on=SHELF, how="full", coalesce=True, suffix="_before")
        gone = both.filter(pl.col("level").is_null(), pl.col("level_before") > 0)
        gone = gone.select(*SHELF, level=pl.lit(0, pl.Int64), mode="mode_before", served_share=pl.lit(0.0))
        new = both.filter(pl.col("level").is_not_null(), pl.col("level") != pl.col("level_before").fill_null(0))
        changed = pl.concat([new.select(gone.columns), gone])
        turns.append(changed.with_columns(from_at=pl.lit(instant).cast(INSTANT)).select(list(TURN)))
        before = after
    return pl.concat([pl.DataFrame(schema=TURN), *turns]).sort(*SHELF, "from_at")


def with_coming(shelves: pl.DataFrame, renewed: pl.DataFrame | None) -> pl.DataFrame:
    """The shelves, and behind them empty ones of articles that come into the list later."""
    if renewed is None:
        return shelves
    later = renewed.unique(SHELF, keep="first", maintain_order=True).join(shelves, on=SHELF, how="anti")
    coming = later.select(
        *SHELF,
        on_hand=pl.lit(0, pl.Int64),
        reorder=pl.lit(-1, pl.Int64),
        lot=pl.lit(1, pl.Int64),
        mode="mode",
        served_share=pl.lit(0.0),
    )
    return pl.concat([shelves, coming.select(shelves.columns)]).sort(SHELF)


def turns_of(shelves: pl.DataFrame, renewed: pl.DataFrame | None) -> Turns:
    """The new reorder points of shelves, as arrays; `renewed` has rows of `TURN`."""
    if renewed is None:
        return NO_TURNS
    number = shelves.select(SHELF).with_row_index("shelf")
    rows = renewed.join(number, on=SHELF).sort("shelf", "from_at")
    hour = rows.select(-(-pl.col("from_at").dt.epoch("us") // HOUR_US)).to_series().to_numpy().astype(np.int64)
    begin = np.searchsorted(rows.get_column("shelf").to_numpy(), np.arange(shelves.height + 1)).astype(np.int64)
    return Turns(begin, hour, rows.get_column("level").to_numpy().astype(np.int64) - 1)


def shares_at(asked: pl.DataFrame, renewed: pl.DataFrame | None) -> pl.DataFrame:
    """What is asked of shelves, with the share that was planned to find stock when it was asked.

    Parameters
    ----------
    asked : DataFrame
        warehouse, seller, sku, placed_at, served_share at the beginning.
    """
    if renewed is None or asked.is_empty():
        return asked
    changes = renewed.select(*SHELF, placed_at="from_at", share="served_share").sort("placed_at")
    found = asked.sort("placed_at").join_asof(
        changes, on="placed_at", by=list(SHELF), strategy="backward", check_sortedness=False
    )
    return found.with_columns(served_share=pl.coalesce("share", "served_share")).drop("share")


def _levels(shelves: pl.DataFrame) -> pl.DataFrame:
    return shelves.select(*SHELF, "mode", "served_share", level=pl.col("reorder") + 1)

"""To whom orders go: read beside the rows of an order, and kept sealed."""

from __future__ import annotations

import polars as pl

from entrepost.operations.faults import INDEX
from entrepost.operations.recipient_store import COLUMNS, OWN, PREFIX, RECIPIENT
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER

OF_ORDER = ("city", "postcode", "country")


def beside(lines: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """Order lines with what the rows that they were read from tell of recipients; none where no name is told."""
    there = [name for name in COLUMNS if name in wide.columns]
    if f"{PREFIX}name" not in there:
        return lines.clear()
    texts = [pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in there]
    return lines.join(wide.select(INDEX, *texts), on=INDEX, how="left", maintain_order="left")


def keep_recipients(store: Store, lines: pl.DataFrame, again: pl.DataFrame | None = None) -> int:
    """Keep to whom orders go; how many orders. Of those that come `again` only where nobody told it before.

    Parameters
    ----------
    lines : DataFrame
        Order lines with columns of `COLUMNS`, as text; a cell that is empty in one line may stand in another of the
        order. City, postcode and country are those of the order.
    """
    if again is not None and again.height:
        lines = pl.concat([lines, again.join(store.recipients.list_without(again), on=ORDER, how="semi")])
    if not lines.height:
        return 0
    own = [pl.col(PREFIX + name).drop_nulls().first().alias(name) for name in OWN if PREFIX + name in lines.columns]
    absent = [pl.lit(None, pl.String).alias(name) for name in OWN if PREFIX + name not in lines.columns]
    told = lines.group_by(ORDER, maintain_order=True).agg(*own, *(pl.col(name).first() for name in OF_ORDER))
    named = told.with_columns(absent).filter(pl.col("name").is_not_null())
    if named.height:
        store.recipients.add(named.select(RECIPIENT))
    return named.height

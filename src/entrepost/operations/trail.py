"""The trail of an item: each of its events knows when the one before it was, so that no index has to.

An index by item would be written in thousands of places by each commit; events that lie in the order of time,
each with the minute of the item's event before it, are written where the last ones were.
"""

from __future__ import annotations

import polars as pl


def link(events: pl.DataFrame, items: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add `previous`: the time, to the minute, of the item's last event in an earlier minute; null for its first.

    Parameters
    ----------
    events : DataFrame
        item_no and time of all new events; without `items` of all events there are.
    items : DataFrame, optional
        item_no and last_event_at of items that have events already, all of them in earlier minutes.
    """
    told = events.lazy().with_columns(pl.col("time").dt.truncate("1m").alias("#at"))
    same = pl.col("item_no") == pl.col("item_no").shift()
    steps = told.select("item_no", "#at").unique().sort("item_no", "#at")
    steps = steps.with_columns(pl.when(same).then(pl.col("#at").shift()).alias("previous"))
    if items is not None:
        last = items.lazy().select("item_no", pl.col("last_event_at").dt.truncate("1m"))
        steps = steps.join(last, on="item_no", how="left", maintain_order="left")
        steps = steps.with_columns(pl.coalesce("previous", "last_event_at")).drop("last_event_at")
    return told.join(steps, on=["item_no", "#at"], how="left", maintain_order="left").drop("#at").collect()

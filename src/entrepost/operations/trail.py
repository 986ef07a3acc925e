"""The trail of an item: each of its events knows when the one before it was, so that no index has to.

An index by item would be written in thousands of places by each commit; events that lie in the order of time,
each with the minute of the item's event before it, are written where the last ones were.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from entrepost.base.clock import MINUTE_US
from entrepost.tables.frames import INSTANT
from entrepost.tables.status_numbers import NEVER, Integers


def link(events: pl.DataFrame) -> pl.DataFrame:
    """Add `previous`, when the item's last event in an earlier minute was (to the minute; null for its first).

    Parameters
    ----------
    events : DataFrame
        item_no and time of all events there are of these items.
    """
    order = events.select(pl.arg_sort_by("item_no", "time")).to_series().to_numpy()
    item = events.get_column("item_no").to_numpy()[order]
    time = events.get_column("time").dt.epoch("us").to_numpy()[order]
    ends = np.flatnonzero(np.append(item[1:] != item[:-1], True)) + 1 if len(item) else item
    previous = np.empty_like(time)
    previous[order] = step_back(time // MINUTE_US, ends, np.full(len(ends), NEVER))
    return events.with_columns(to_previous(previous))


def step_back(minute: Integers, ends: Integers, last: Integers) -> Integers:
    """When the item's event in an earlier minute was, for events item by item in the order of time.

    Parameters
    ----------
    minute : int array
        The minute of each event.
    ends : int array
        Where each item's events end.
    last : int array
        The instant of each item's last event before these, or `NEVER`.

    Returns
    -------
    int array
        Instants, to the minute but for those of `last`; `NEVER` before an item's first event.
    """
    first = np.append(0, ends)[:-1]
    before = np.roll(minute, 1) * MINUTE_US
    before[first] = last
    begins = np.diff(minute, prepend=NEVER) != 0
    begins[first] = True
    stepped: Integers = before[np.maximum.accumulate(np.where(begins, np.arange(len(minute)), 0))]
    return stepped


def to_previous(instants: Integers) -> pl.Series:
    """The column `previous` of events."""
    previous = pl.Series("previous", instants)
    return previous.set(previous == NEVER, None).cast(INSTANT)

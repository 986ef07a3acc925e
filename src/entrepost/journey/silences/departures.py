"""Departures and dispatches: of the items that went together, or were to, how many are silent still.

Items on one flight are not independent, so nothing is multiplied: the probability that so many of them are silent
is at most the number expected over the number seen, whatever they have in common (Markov's inequality).
"""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.journey.learning.spells import Stages
from entrepost.journey.learning.stages import CHANGE, DEPART, TRAVEL
from entrepost.journey.silence import Silence

LEFT, WAITING = 1, 0
"""An item left with a departure, or was ready for it."""

SCHEMA = {
    **dict.fromkeys(("item", "way", "leg", "run", "origin", "destination"), pl.Int32()),
    "hour": pl.Int32(),
    "chance": pl.Float64(),
    "silent": pl.Boolean(),
}


def list_occasions(silence: Silence) -> pl.DataFrame:
    """A row for each time that an item left with a departure or was ready for one.

    Columns: item, way (`LEFT` or `WAITING`), leg and run (the departure that left last, or the first one that it
    was in time for), origin and destination as numbers of places, hour of the timeline, chance (to be silent
    since), silent (whether it is).
    """
    watch = silence.watch
    count = _count(watch.scans.journey, watch.history.stages)
    table = np.empty((count, 7), dtype=np.int32)
    chance = np.empty(count)
    done = _fill(
        (watch.scans.journey, watch.scans.hours, watch.milestone),
        watch.history.stages,
        (silence.book.table, silence.book.row),
        silence.book.first,
        (table, chance),
    )
    names = ("item", "way", "leg", "run", "origin", "destination", "hour")
    columns = {name: table[:done, at] for at, name in enumerate(names)}
    found = pl.DataFrame({**columns, "chance": chance[:done]})
    return found.with_columns(silent=pl.Series(_silent(silence, table[:done]))).cast(SCHEMA).select(*SCHEMA)  # type: ignore[arg-type]


def _silent(silence: Silence, table: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether the item of each row is under way and was not heard of at a later milestone."""
    items, hours = table[:, 0], table[:, 6]
    watch = silence.watch
    slot = np.maximum(watch.milestone[items], 0)
    passed = watch.scans.hours[items, slot]
    stages = watch.history.stages
    rows = np.minimum(stages.first[watch.scans.journey[items]] + slot, max(stages.rows.size - 1, 0))
    kind = stages.rows["kind"][rows] if stages.rows.size else np.empty(0, dtype=np.int8)
    way = np.where(kind == TRAVEL, LEFT, WAITING)
    moving = np.isin(kind, (TRAVEL, DEPART, CHANGE))
    found: NDArray[np.bool_] = (watch.milestone[items] >= 0) & moving & (way == table[:, 1]) & (passed == hours)
    return found


@nb.njit(cache=True)
def _count(journey: NDArray[np.int32], stages: Stages) -> int:
    count = 0
    for item in range(journey.size):
        for row in range(stages.first[journey[item]], stages.first[journey[item] + 1]):
            count += stages.rows[row]["leg"] >= 0
    return count


@nb.njit(cache=True)
def _fill(
    items: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    stages: Stages,
    book: tuple[NDArray[np.float32], NDArray[np.int32]],
    begins: int,
    out: tuple[NDArray[np.int32], NDArray[np.float64]],
) -> int:
    journey, hours, milestone = items
    done = 0
    for item in range(journey.size):
        first, last = stages.first[journey[item]], stages.first[journey[item] + 1]
        for slot in range(last - first if milestone[item] >= -1 else 0):
            stage, at = stages.rows[first + slot], hours[item, slot] - begins
            if stage["leg"] < 0 or hours[item, slot] < 0 or at < 0 or at >= book[0].shape[1]:
                continue
            left = stage["kind"] == TRAVEL
            row = out[0][done]
            row[0], row[1], row[2] = item, LEFT if left else WAITING, stage["leg"]
            row[3] = _run(stages, stage["leg"], hours[item, slot], left)
            row[4] = stages.rows[first + slot - 1]["place"] if left else stage["place"]
            row[5] = stage["place"] if left else stages.rows[first + slot + 1]["place"]
            row[6] = hours[item, slot]
            out[1][done] = book[0][book[1][journey[item], slot, 0], at]
            done += 1
    return done


@nb.njit(cache=True)
def _run(stages: Stages, leg: int, hour: int, left: bool) -> int:
    """The run that left last, or the first one whose cutoff is not before an hour."""
    low, end = stages.leg_first[leg], stages.leg_first[leg + 1]
    leaves = stages.runs["leaves"][low:end]
    if left:
        return max(int(np.searchsorted(leaves, hour, side="right")) - 1, 0)
    at = int(np.searchsorted(leaves, hour))
    while low + at < end and stages.runs[low + at]["cutoff"] < hour:
        at += 1
    return at

"""What a forecast says of each item, as a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.arrive import (
    ARRIVED,
    LOST_SHARE,
    MEAN,
    P10,
    P50,
    P90,
    PROMISE,
    RETURNED_SHARE,
    SILENCE,
    SLOT,
    SLOT_SHARE,
)
from entrepost.journey.under_way.course import CourseTables
from entrepost.tables.frames import INSTANT

BASES = ("exact", "widened", "service", "network", "overdue")
"""Whose distribution it is: the item's own; the same with every duration widened; what items of its service, or
all, still take after such a scan; and of one later than all of these, as long again as it has taken."""

EXACT, WIDENED, SERVICE, NETWORK, OVERDUE = range(5)

LAST_STEPS = ("deliver", "round", "attempt")
"""Where an item is after its clearance: on the way to the office, waiting there for a round, out with one."""

SHARES = {
    "promise_probability": PROMISE,
    "loss_probability": LOST_SHARE,
    "return_probability": RETURNED_SHARE,
    "arrived_probability": ARRIVED,
    "silence_probability": SILENCE,
}
HOURS = {"arrive_mean": MEAN, "arrive_p10": P10, "arrive_p50": P50, "arrive_p90": P90}
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("tenant", "seller", "item_id", "service", "route", "area"), pl.String),
    "step": pl.String,
    "facility": pl.String,
    "step_probability": pl.Float64,
    "since": INSTANT,
    "last_code": pl.String,
    "last_event_at": INSTANT,
    **dict.fromkeys(HOURS, INSTANT),
    "promised_by": INSTANT,
    **dict.fromkeys(SHARES, pl.Float64),
    "basis": pl.String,
}
"""Columns of a forecast. `step`: the step in which the item most probably is, with its facility and probability;
`since`: when it began, where that was scanned. `arrive_`: mean and quantiles of the first delivery attempt, of
items that arrive. `promise_probability`: of arriving by `promised_by` (null: nothing promised), lost ones
counted. `arrived_probability`: that it arrived already, untold. `silence_probability`: of no scan for so long."""


def make_frame(
    tables: CourseTables,
    items: pl.DataFrame,
    known: tuple[NDArray[Any], NDArray[Any], NDArray[np.int64]],
    said: tuple[NDArray[np.float64], NDArray[np.int8]],
) -> pl.DataFrame:
    """The frame of a forecast.

    Parameters
    ----------
    tables : CourseTables
        Names of stages, and the first hour of the timeline.
    items : DataFrame
        As `under_way.read` has them.
    known : tuple
        The items' states, their paths, and how many stages those have.
    said : tuple
        What was found, columns as in `under_way.arrive`, and the number of the basis.
    """
    (states, paths, stages), (found, basis) = known, said
    begin = tables.timeline.first_hour
    followed = (basis <= WIDENED) & np.isfinite(found[:, SLOT])
    slot = np.where(followed, np.nan_to_num(found[:, SLOT]), -1).astype(np.int64)
    heard = followed & (states["slot"] == slot)
    raw = {
        "#step": _rows(tables, paths, stages, slot),
        "#share": np.where(followed, found[:, SLOT_SHARE], np.nan),
        "#since": np.where(heard, states["hour"], np.nan),
        "#basis": basis.astype(np.int64),
        **{f"#{name}": found[:, column] for name, column in (HOURS | SHARES).items()},
    }
    names = tables.named[1]
    number = pl.when(pl.col("#step") >= 0).then("#step").cast(pl.UInt32)
    code = pl.when(pl.col("last_code") < len(CODES)).then("last_code").cast(pl.UInt32)
    columns = {
        "step": pl.lit(names["step"]).gather(number),
        "facility": pl.lit(names["facility"]).gather(number),
        "step_probability": _share("#share"),
        "since": _instant("#since", begin),
        "last_code": pl.lit(pl.Series(CODES, dtype=pl.String)).gather(code),
        **{name: _instant(f"#{name}", begin) for name in HOURS},
        **{name: _share(f"#{name}") for name in SHARES},
        "basis": pl.lit(pl.Series(BASES)).gather("#basis"),
    }
    told = pl.concat([items, pl.DataFrame(raw)], how="horizontal")
    return told.select(columns[name].alias(name) if name in columns else pl.col(name) for name in SCHEMA)


def _rows(
    tables: CourseTables, paths: NDArray[Any], stages: NDArray[np.int64], slot: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each item the row of its step and facility in `tables.named`; -1 where nobody knows."""
    offices = len(tables.names)
    size = offices + len(LAST_STEPS) * len(tables.last_names)
    if tables.named[0] != size:
        named = [*tables.names, *((step, place) for place in tables.last_names for step in LAST_STEPS)]
        schema = {"step": pl.String, "facility": pl.String}
        tables.named = size, pl.DataFrame(named or [("", "")], schema=schema, orient="row")
    row = np.array(tables.first)[np.maximum(paths["path"], 0)] + slot
    last = offices + len(LAST_STEPS) * paths["mile"] + slot - stages
    return np.where(slot < 0, -1, np.where(slot < stages, row, last)).astype(np.int64)


def _instant(name: str, begin: int) -> pl.Expr:
    """Instants from indices of hours, to the minute."""
    minutes = ((pl.col(name).fill_nan(None) + begin) * 60).round().cast(pl.Int64)
    return (minutes * (HOUR_US // 60)).cast(INSTANT)


def _share(name: str) -> pl.Expr:
    return pl.col(name).fill_nan(None).clip(0.0, 1.0)

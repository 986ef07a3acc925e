"""Where the hours of a wait went, step by step, from scans of which some are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.planning.simulation.world import FINAL_CODES
from entrepost.tables.items import ORDER

ATTEMPT = "attempt"
"""The milestone that ends the wait: the first of EMI, EMH, EDH."""


class Milestone(NamedTuple):
    """A scan that ends a step; `latest` takes the last of several scans instead of the first."""

    code: str
    step: str
    latest: bool = False


BEFORE = (
    Milestone("EMA", "prepare"),
    Milestone("EMB", "accept"),
    Milestone("EXA", "outward"),
    Milestone("EXC", "export"),
    Milestone("EMC", "depart"),
)
CHANGING = (Milestone("EMJ", "travel"), Milestone("EMK", "transit", latest=True))
AFTER = (
    Milestone("EMD", "travel"),
    Milestone("EDB", "inward"),
    Milestone("EMF", "import"),
    Milestone(ATTEMPT, "deliver"),
)
PATHS: dict[str, tuple[Milestone, ...]] = {
    "stock": (Milestone("EMA", "pick"), Milestone(ATTEMPT, "deliver")),
    "direct": BEFORE + AFTER,
    "transit": BEFORE + CHANGING + AFTER,
}
"""The milestones that an item passes, by the form of its route."""

UNDELIVERED = "undelivered"
"""The step that holds what lies between the last scan and the 60 days of an order that did not arrive."""

STEPS = (
    *("prepare", "accept", "outward", "export", "depart", "travel", "transit", "inward", "import", "pick", "deliver"),
    UNDELIVERED,
)
"""All steps of a wait, in order; `depart` is waiting for the departure, `transit` the change with its wait."""


def wait_by_step(events: pl.DataFrame, waits: pl.DataFrame) -> pl.DataFrame:
    """Take each order's wait apart into the hours of its steps; they add up to the wait exactly.

    The steps of an order are those of its last item. Where a scan is missing, the time between its
    neighbours is shared among the steps in between as those steps last on average where all is
    scanned, and marked. A scan out of order counts as simultaneous with the one before.

    Parameters
    ----------
    events : DataFrame
        tenant, seller, order_id, item_id, code, time.
    waits : DataFrame
        From `measure_waits`.

    Returns
    -------
    DataFrame
        A row per order and step, in the order of the journey: tenant, seller, order_id, step, hours,
        interpolated (whether a scan at either end is missing).
    """
    rides = pl.col("route").str.count_matches(">").clip(0, 2)
    path = rides.replace_strict({0: "stock", 1: "direct", 2: "transit"}, return_dtype=pl.String)
    scanned = waits.with_columns(path=path).join(_last_items(events), on=ORDER, how="left", maintain_order="left")
    parts = [_spent(scanned.filter(pl.col("path") == name), milestones) for name, milestones in PATHS.items()]
    return pl.concat(parts).filter((pl.col("step") != UNDELIVERED) | (pl.col("hours") > 0))


def mean_by_step(spent: pl.DataFrame, waits: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Mean hours of each step over all orders of a group; they add up to the group's mean wait.

    Returns
    -------
    DataFrame
        The columns of `by`, then step, hours and interpolated_hours (the part of them that rests on
        missing scans).
    """
    groups = waits.select(*ORDER, *by).with_columns(_all=pl.lit(True))
    keys = [*by, "_all"]
    sizes = groups.group_by(keys).agg(orders=pl.len())
    marked = pl.when("interpolated").then("hours").otherwise(0.0)
    return (
        spent.join(groups, on=ORDER)
        .group_by(*keys, "step")
        .agg(pl.col("hours").sum(), interpolated_hours=marked.sum())
        .join(sizes, on=keys, nulls_equal=True)
        .select(*by, "step", pl.col("hours", "interpolated_hours") / pl.col("orders"))
        .sort(*by, pl.col("step").replace_strict({step: number for number, step in enumerate(STEPS)}))
    )


def _last_items(events: pl.DataFrame) -> pl.DataFrame:
    """The milestones of each order's last item: the one that was never attempted, or attempted last."""
    aims = [
        (pl.col("time").filter(pl.col("code") == each.code).max() if each.latest else _first(each)).alias(each.code)
        for each in PATHS["transit"]
    ]
    items = events.group_by(*ORDER, "item_id").agg(aims)
    return items.sort(ATTEMPT, descending=True, nulls_last=False).group_by(ORDER, maintain_order=True).first()


def _first(milestone: Milestone) -> pl.Expr:
    codes = FINAL_CODES if milestone.code == ATTEMPT else (milestone.code,)
    return pl.col("time").filter(pl.col("code").is_in(codes)).min()


def _spent(scanned: pl.DataFrame, milestones: tuple[Milestone, ...]) -> pl.DataFrame:
    """The long frame of the orders of one path."""
    placed = pl.col("placed_at")
    columns = [((pl.col(each.code) - placed).dt.total_microseconds() / HOUR_US) for each in milestones]
    aims = [column.alias(each.code) for column, each in zip(columns, milestones, strict=True)]
    wait = scanned.get_column("wait_hours").to_numpy()
    reached = scanned.select(aims).cast(pl.Float64).fill_null(np.nan).to_numpy()
    hours, interpolated = split_wait(reached, wait)
    names = [*(each.step for each in milestones), UNDELIVERED]
    orders = scanned.select(ORDER)
    parts = [
        orders.with_columns(
            pl.lit(name).alias("step"),
            hours=pl.Series(hours[:, column]),
            interpolated=pl.Series(interpolated[:, column]),
        )
        for column, name in enumerate(names)
    ]
    steps = pl.concat(parts).group_by(*ORDER, "step", maintain_order=True)
    return steps.agg(pl.col("hours").sum(), pl.col("interpolated").any())


def split_wait(
    reached: NDArray[np.float64], wait: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Split waits at the milestones that were reached.

    Parameters
    ----------
    reached : numpy.ndarray
        Shape (orders, milestones): hours from the order to each milestone, NaN where it was not scanned.
    wait : numpy.ndarray
        Shape (orders,): hours; nothing after it counts.

    Returns
    -------
    tuple
        Hours of each step and, in the last column, from the last milestone to the end of the wait: shape
        (orders, milestones + 1), rows add up to `wait`; and which of them rest on interpolation.
    """
    rows, count = reached.shape
    known = np.column_stack([np.ones(rows, dtype=bool), ~np.isnan(reached)])
    at = np.column_stack([np.zeros(rows), np.nan_to_num(reached)])
    at = np.minimum(np.maximum.accumulate(np.where(known, at, 0.0), axis=1), wait[:, None])
    both = known[:, 1:] & known[:, :-1]
    usual = np.where(both, np.diff(at, axis=1), 0.0).sum(axis=0) / np.maximum(both.sum(axis=0), 1)
    along = np.concatenate([[0.0], np.cumsum(usual + 1e-6)])
    number = np.arange(count + 1)
    before = np.maximum.accumulate(np.where(known, number, 0), axis=1)
    after = np.minimum.accumulate(np.where(known, number, count + 1)[:, ::-1], axis=1)[:, ::-1]
    open_end = after > count
    after = np.where(open_end, before, after)
    begin, end = np.take_along_axis(at, before, axis=1), np.take_along_axis(at, after, axis=1)
    span = along[after] - along[before]
    share = np.divide(along[number] - along[before], span, out=np.zeros_like(begin), where=span > 0)
    at = begin + (end - begin) * np.where(open_end, 0.0, share)
    hours = np.diff(np.column_stack([at, wait]), axis=1)
    guessed = ~known & ~open_end
    marked = np.column_stack([guessed[:, 1:] | guessed[:, :-1], np.zeros(rows, dtype=bool)])
    return hours, marked

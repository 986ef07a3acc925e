"""How far promises were off, measured on those that were given: the factors by which the next ones are corrected.

Measured are the services that were *chosen*: choosing favours the service whose promise is too good, so a distribution
that is right for every service is still too early for the chosen ones. A promise counts once its date has passed, a
little later than the date itself so that what arrives late is seen; undelivered counts as broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.clock import HOUR_US
from entrepost.base.errors import MisuseError
from entrepost.journey.learn_rows import LEARNED
from entrepost.network.correction import Correction
from entrepost.planning.measure import measure_waits
from entrepost.tables.items import ORDER

Floats = NDArray[np.float64]
FACTORS: Floats = np.exp(np.arange(-70, 71, dtype=np.float64) / 50)
"""From a quarter to four times, in steps of two in a hundred; what lies between is interpolated."""

LEVELS = {"p50": 0.5, "p90": 0.9, "p95": 0.95}
LANE = ["service", "origin", "country"]
ALL = "*"


@dataclass(frozen=True, slots=True)
class CorrectionParams:
    """How corrections are measured; the defaults are assumed.

    A promise given `half_life_days` ago counts half. A place's own share of kept promises counts as its promises do,
    that of its parent as `pool_orders` more: which of them is taken is decided on the last `held_out_days`.
    """

    half_life_days: float = 21.0
    pool_orders: tuple[int, ...] = (30, 100, 300, 1000, 3000)
    held_out_days: int = 7
    seen_after: float = 1.25
    least_orders: int = 100
    least_orders_lane: int = 30

    def __post_init__(self) -> None:
        """Refuse what measures nothing."""
        if self.half_life_days <= 0 or self.seen_after < 1 or min(self.pool_orders, default=0) <= 0:
            raise MisuseError(
                "corrections need a half life above 0, pools above 0, and promises seen at or after their date"
            )


@dataclass(frozen=True, slots=True)
class Measured:
    """The corrections and what they rest on: promises that counted, the pool that was chosen, pinball losses by pool.

    `losses` has a row for each pool: pool_orders, loss (mean pinball of the wait at 90 %, hours, on the days held out).
    """

    corrections: tuple[Correction, ...]
    orders: int
    pool_orders: int
    losses: pl.DataFrame


def measure_corrections(
    orders: pl.DataFrame,
    promises: pl.DataFrame,
    events: pl.DataFrame,
    as_of: datetime,
    params: CorrectionParams | None = None,
) -> Measured:
    """Measure by how much promises were off.

    Parameters
    ----------
    orders : DataFrame
        Rows of the table `orders`.
    promises : DataFrame
        The chosen row per order, as `choose` gives it or the store keeps it, uncorrected.
    events : DataFrame
        tenant, seller, order_id, item_id, code, time, recorded_at, facility. What became known after `as_of`
        is not used.
    as_of : datetime
        With its zone.
    params : CorrectionParams, optional
        How to measure.

    Returns
    -------
    Measured
        Factors for all, by service, and by service and lane; none where too few promises counted.
    """
    params = params or CorrectionParams()
    if as_of.tzinfo is None:
        raise MisuseError("measure_corrections: `as_of` has no zone; give one, such as tzinfo=UTC")
    outcomes = _outcomes(orders, promises, events, as_of)
    pool, losses = _choose_pool(outcomes, as_of, params)
    rows, count = _fit(outcomes, as_of, pool, params)
    return Measured(tuple(rows), count, pool, losses)


def _outcomes(orders: pl.DataFrame, promises: pl.DataFrame, events: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Of each promise the wait so far, whether it has ended, and the hours that were stated."""
    known = events.filter(pl.col("recorded_at") <= as_of)
    given = promises.filter(pl.col("service").is_not_null())
    waits = measure_waits(known, orders.filter(pl.col("placed_at") <= as_of), given)
    stated = given.select(*ORDER, mean="wait_hours_mean", **{name: f"wait_hours_{name}" for name in LEVELS})
    so_far = (pl.lit(as_of) - pl.col("placed_at")).dt.total_microseconds() / HOUR_US
    placed = pl.col("placed_at").dt.epoch("us")
    begin = (-(-placed // HOUR_US) * HOUR_US - placed) / HOUR_US
    ended = pl.col("attempted_at").is_not_null()
    return (
        waits.drop_nulls("placed_at")
        .join(stated, on=ORDER, how="left", maintain_order="left")
        .select(
            "placed_at",
            *LANE,
            "cluster",
            pl.col("stated").alias("probability"),
            pl.col("mean", *LEVELS) + begin,
            ended=ended,
            wait=pl.when(ended).then("wait_hours").otherwise(so_far),
            so_far=so_far,
        )
    )


def _choose_pool(outcomes: pl.DataFrame, as_of: datetime, params: CorrectionParams) -> tuple[int, pl.DataFrame]:
    """The pool under which corrections of a week ago say best what was seen since."""
    before = as_of - timedelta(days=params.held_out_days)
    then = outcomes.with_columns(
        so_far=pl.col("so_far") - 24 * params.held_out_days,
        ended=pl.col("ended") & (pl.col("placed_at") + pl.duration(hours=pl.col("wait").cast(pl.Int64)) <= before),
    ).filter(pl.col("so_far") > 0)
    due_now, due_then = _is_due(outcomes, "p90", params), _is_due(then, "p90", params)
    test = outcomes.filter(due_now).join(then.filter(due_then), on=outcomes.columns[:5], how="anti").drop_nulls("p90")
    losses = []
    for pool in params.pool_orders:
        rows, _ = _fit(then, before, pool, params)
        hours = test.get_column("p90").to_numpy() * _factors_of(test, rows)
        off = test.get_column("wait").to_numpy() - hours
        losses.append(float(np.mean(np.where(off > 0, 0.9 * off, -0.1 * off))) if off.size else 0.0)
    frame = pl.DataFrame({"pool_orders": list(params.pool_orders), "loss": losses})
    return params.pool_orders[int(np.argmin(losses))], frame


def _factors_of(orders: pl.DataFrame, rows: list[Correction]) -> Floats:
    known = {(row.service, row.origin, row.country): row.factor for row in rows if row.figure == "p90"}
    found = [
        known.get(lane) or known.get((lane[0], ALL, ALL)) or known.get((ALL, ALL, ALL)) or 1.0
        for lane in orders.select(LANE).iter_rows()
    ]
    return np.array(found, dtype=np.float64)


def _fit(outcomes: pl.DataFrame, as_of: datetime, pool: int, params: CorrectionParams) -> tuple[list[Correction], int]:
    rows: list[Correction] = []
    count = 0
    for figure, level in LEVELS.items():
        due = outcomes.filter(_is_due(outcomes, figure, params))
        count = max(count, due.height)
        if due.height >= params.least_orders:
            target = float(due.get_column("probability").to_numpy().mean()) if figure == "p90" else level
            rows += _fit_figure(due, figure, target, as_of, pool, params)
    return rows, count


def _is_due(outcomes: pl.DataFrame, figure: str, params: CorrectionParams) -> pl.Series:
    late = outcomes.get_column("so_far") >= params.seen_after * outcomes.get_column(figure)
    return late.fill_null(False)


def _fit_figure(
    due: pl.DataFrame, figure: str, target: float, as_of: datetime, pool: int, params: CorrectionParams
) -> Iterator[Correction]:
    """The factors of one quantile: for all, then by service, then by service and lane."""
    ratio = np.where(due.get_column("ended"), due.get_column("wait") / due.get_column(figure), np.inf)
    age = due.select((pl.lit(as_of) - pl.col("placed_at")).dt.total_microseconds() / (24 * HOUR_US)).to_series()
    weight = 0.5 ** (age.to_numpy() / params.half_life_days)
    cluster = due.get_column("cluster").rank("dense").to_numpy().astype(np.int64)
    parents: dict[tuple[Any, ...], Floats] = {}
    source = f"{LEARNED} {as_of:%Y-%m-%d}"
    for depth, names in enumerate(([], LANE[:1], LANE)):
        for key, places in _groups(due, names):
            if depth == 2 and places.size < params.least_orders_lane:
                continue
            share, effective = _shares(ratio[places], weight[places], cluster[places])
            if depth:
                parent = parents[key[:1] if depth == 2 else ()]
                share = (effective * share + pool * parent) / (effective + pool)
            parents[key] = share
            factor = float(np.interp(target, share, FACTORS))
            lane = (*key, *[ALL] * (3 - len(key)))
            yield Correction(lane[0], lane[1], lane[2], figure, round(factor, 3), int(places.size), source)


def _groups(due: pl.DataFrame, names: list[str]) -> Iterator[tuple[tuple[Any, ...], NDArray[np.int64]]]:
    if not names:
        yield (), np.arange(due.height)
        return
    for key, part in due.with_row_index("#row").group_by(names, maintain_order=True):
        yield key, part.get_column("#row").to_numpy().astype(np.int64)


def _shares(ratio: Floats, weight: Floats, cluster: NDArray[np.int64]) -> tuple[Floats, float]:
    """The share of promises that would be kept under each factor, and how many independent ones that is.

    Orders of one departure share their fate, so the effective number is that of the departures' weights (Kish).
    """
    place = np.searchsorted(FACTORS, ratio, side="left")
    mass = np.bincount(place, weights=weight, minlength=FACTORS.size + 1)[: FACTORS.size]
    by_cluster = np.bincount(cluster, weights=weight)
    total = float(weight.sum())
    return np.cumsum(mass) / total, total**2 / float((by_cluster**2).sum())

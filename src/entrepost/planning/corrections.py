"""How far promises were off, measured on those that were given: the factors by which the next ones are corrected.

Measured are the services that were *chosen*: choosing favours the service whose promise is too good, so a distribution
that is right for every service is still too early for the chosen ones. Undelivered counts as broken; who is under way
counts as having lasted so long already, so that what is late now is known before its date has passed.
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
from entrepost.journey.learning.rows import LEARNED
from entrepost.network.correction import Correction
from entrepost.planning.corrections_change import Change, find_change, follow_change
from entrepost.planning.corrections_share import (
    Floats,
    Ratios,
    Shares,
    find_factor,
    list_shares,
    mean_factor,
)
from entrepost.planning.corrections_unseen import with_unseen
from entrepost.planning.measure import WAIT_CAP_HOURS, measure_waits
from entrepost.planning.simulation.world import FINAL_CODES
from entrepost.tables.items import ORDER

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "p95": 0.95}
FIGURES = ("mean", *LEVELS)
LANE = ["service", "origin", "country"]
ALL = "*"
SETTLED = 2.0
"""Who has not come after so many times the stated 90 % hours hardly comes any more (assumed)."""

MOST_LATE_HOURS = 72.0
HOURS = (*FIGURES, "wait")


@dataclass(frozen=True, slots=True)
class CorrectionParams:
    """How corrections are measured; the defaults are assumed.

    A promise given `half_life_days` ago counts half. A place's own share of kept promises counts as its promises do,
    that of its parent as `pool_orders` more: which of them is taken is decided on the last `held_out_days`. Nothing
    is corrected by fewer than `least_orders` whose date has passed, nor where fewer than `least_left` independent
    ones were still to be seen.
    """

    half_life_days: float = 21.0
    pool_orders: tuple[int, ...] = (30, 100, 300, 1000, 3000)
    held_out_days: int = 7
    least_orders: int = 100
    least_orders_lane: int = 30
    least_left: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what measures nothing."""
        if self.half_life_days <= 0 or min(self.pool_orders, default=0) <= 0:
            raise MisuseError("corrections need a half life above 0 and pools above 0")


@dataclass(frozen=True, slots=True)
class Measured:
    """The corrections and what they rest on: promises whose date has passed, the pool that was chosen, a change.

    `losses` has a row for each pool: pool_orders, loss (mean pinball of the wait at 90 %, hours, on the days held out).
    `change` is one of all waits at once, in days before `as_of`, if there was one.
    """

    corrections: tuple[Correction, ...]
    orders: int
    pool_orders: int
    losses: pl.DataFrame
    change: Change | None = None


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
        The chosen row per order, as `choose` gives it or the store keeps it, uncorrected and by one network.
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
    change = _find_change(outcomes)
    outcomes = follow_change(outcomes, change, ("wait",))
    pool, losses = _choose_pool(outcomes, as_of, params)
    rows, count = _fit(outcomes, as_of, pool, params)
    return Measured(tuple(rows), count, pool, losses, change)


def _outcomes(orders: pl.DataFrame, promises: pl.DataFrame, events: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Of each promise the wait so far, whether it has ended, and the hours that were stated."""
    known, until = _complete(events, as_of)
    given = promises.filter(pl.col("service").is_not_null())
    waits = measure_waits(known, orders.filter(pl.col("placed_at") <= until), given)
    absent = [pl.lit(None, pl.Int64).alias(each) for each in map("wait_hours_{}".format, LEVELS) if each not in given]
    given = given.with_columns(absent)
    stated = given.select(*ORDER, **{name: pl.col(f"wait_hours_{name}").cast(pl.Float64) for name in FIGURES})
    so_far = (pl.lit(until) - pl.col("placed_at")).dt.total_microseconds() / HOUR_US
    placed = pl.col("placed_at").dt.epoch("us")
    begin = (-(-placed // HOUR_US) * HOUR_US - placed) / HOUR_US
    ended = pl.col("attempted_at").is_not_null()
    return with_unseen(
        waits.drop_nulls("placed_at").join(stated, on=ORDER, how="left", maintain_order="left"), known, until
    ).select(
        "placed_at",
        *LANE,
        "cluster",
        "unseen",
        pl.col("stated").alias("probability"),
        pl.col(FIGURES) + begin,
        ended=ended,
        wait=pl.when(ended).then("wait_hours").otherwise(so_far),
        so_far=so_far,
        age=so_far / 24,
    )


def _complete(events: pl.DataFrame, as_of: datetime) -> tuple[pl.DataFrame, datetime]:
    """The events up to an instant until which nearly all are known: some are reported late."""
    known = events.filter(pl.col("recorded_at") <= as_of)
    late = known.filter(pl.col("code").is_in(FINAL_CODES)).select(pl.col("recorded_at") - pl.col("time")).to_series()
    hours = 0.0 if late.is_empty() else float(late.dt.total_seconds().quantile(0.95) or 0.0) / 3600
    until = as_of - timedelta(hours=min(max(hours, 0.0), MOST_LATE_HOURS))
    return known.filter(pl.col("time") <= until), until


def _find_change(outcomes: pl.DataFrame) -> Change | None:
    """A change of all waits at once."""
    known = outcomes.drop_nulls("p50")
    ratios = _ratios(known, "p50", np.ones(known.height), pl.col("cluster"))
    return find_change(ratios, known.get_column("age").to_numpy())


def _ratios(orders: pl.DataFrame, figure: str, weight: Floats, cluster: pl.Expr) -> Ratios:
    return Ratios(
        (orders.get_column("wait") / orders.get_column(figure)).to_numpy(),
        orders.get_column("ended").to_numpy(),
        weight,
        orders.select(cluster.rank("dense").cast(pl.Int64)).to_series().to_numpy(),
        orders.get_column("unseen").to_numpy(),
    )


def _choose_pool(outcomes: pl.DataFrame, as_of: datetime, params: CorrectionParams) -> tuple[int, pl.DataFrame]:
    """The pool under which corrections of a week ago say best what was seen since."""
    before, hours = as_of - timedelta(days=params.held_out_days), 24 * params.held_out_days
    ended = pl.col("ended") & (pl.col("wait") <= pl.col("so_far") - hours)
    then = outcomes.with_columns(
        ended=ended,
        wait=pl.when(ended).then("wait").otherwise(pl.col("so_far") - hours),
        so_far=pl.col("so_far") - hours,
    ).filter(pl.col("so_far") > 0)
    due = pl.col("so_far") >= pl.col("p90")
    test = outcomes.filter(due & (pl.col("so_far") - hours < pl.col("p90")))
    losses = []
    for pool in params.pool_orders:
        rows, _ = _fit(then, before, pool, params)
        off = test.get_column("wait").to_numpy() - test.get_column("p90").to_numpy() * _factors_of(test, rows)
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
    for figure in FIGURES:
        known = outcomes.drop_nulls(figure)
        due = int((known.get_column("so_far") >= known.get_column(figure)).sum())
        count = max(count, due if figure == "p90" else 0)
        if due >= params.least_orders:
            rows += _fit_figure(known, figure, as_of, pool, params)
    return rows, count


def _fit_figure(
    known: pl.DataFrame, figure: str, as_of: datetime, pool: int, params: CorrectionParams
) -> Iterator[Correction]:
    """The factors of one figure: for all, then by service, then by service and lane."""
    age = known.select((pl.lit(as_of) - pl.col("placed_at")).dt.total_microseconds() / (24 * HOUR_US)).to_series()
    weight = 0.5 ** (age.to_numpy() / params.half_life_days)
    whole = _ratios(known, figure, weight, pl.col("cluster"))
    due = (known.get_column("so_far") >= known.get_column(figure)).to_numpy()
    target = float(np.average(known.get_column("probability").to_numpy())) if figure == "p90" else LEVELS.get(figure)
    stated = float(np.average(known.get_column(figure).to_numpy(), weights=weight))
    most = WAIT_CAP_HOURS / stated
    settled = SETTLED * float(np.average(known.get_column("p90").fill_null(WAIT_CAP_HOURS), weights=weight)) / stated
    parents: dict[tuple[Any, ...], Shares] = {}
    source = f"{LEARNED} {as_of:%Y-%m-%d}"
    for depth, names in enumerate(([], LANE[:1], LANE)):
        for key, places in _groups(known, names):
            count = int(due[places].sum())
            if depth == 2 and count < params.least_orders_lane:
                continue
            parent = parents.get(key[:1] if depth == 2 else ()) if depth else None
            shares = list_shares(whole.of(places), settled, parent, pool)
            parents[key] = shares
            factor = mean_factor(shares, most) if target is None else find_factor(shares, target, params.least_left)
            if factor is not None:
                lane = (*key, *[ALL] * (3 - len(key)))
                yield Correction(lane[0], lane[1], lane[2], figure, round(factor, 3), count, source)


def _groups(due: pl.DataFrame, names: list[str]) -> Iterator[tuple[tuple[Any, ...], NDArray[np.int64]]]:
    if not names:
        yield (), np.arange(due.height)
        return
    for key, part in due.with_row_index("#row").group_by(names, maintain_order=True):
        yield key, part.get_column("#row").to_numpy().astype(np.int64)

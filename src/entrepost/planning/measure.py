"""The wait as it happened, and the promise against it: from events, orders and what was chosen, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from entrepost.base.clock import HOUR_US
from entrepost.planning.simulation.world import FINAL_CODES
from entrepost.tables.items import ORDER
from entrepost.tables.text import fill

WAIT_CAP_HOURS = 60 * 24
"""Undelivered, or later than 60 days, counts as 60 days."""


def measure_waits(events: pl.DataFrame, orders: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Measure the wait of each order that was sent, and whether its promise was kept.

    The wait ends with the first delivery attempt (EMI, EMH) or ready for pick-up (EDH) of the order's
    last item. Events may come in any order, and repeatedly.

    Parameters
    ----------
    events : DataFrame
        tenant, seller, order_id, item_id, code, time, facility.
    orders : DataFrame
        Rows of the table `orders`.
    chosen : DataFrame
        The chosen row per order (see `simulate`), with items, charge_minor, cost_minor, currency,
        arrive_by_p90 and arrive_by_p90_probability.

    Returns
    -------
    DataFrame
        A row per order with a service: tenant, seller, order_id, placed_at, origin, country, service,
        route, items, charge_minor, cost_minor, currency, attempted_at, wait_hours (1440 where
        undelivered or later than 60 days), arrived (within 60 days), promised_hours (up to
        arrive_by_p90), stated (its probability), kept (null where nothing was promised), cluster (the
        departure that it left with).
    """
    placed = orders.group_by(ORDER).agg(pl.col("placed_at", "origin", "country").first())
    columns = ("service", "route", "items", "charge_minor", "cost_minor", "currency")
    promise = ("arrive_by_p90", pl.col("arrive_by_p90_probability").alias("stated"))
    sent = chosen.filter(pl.col("service").is_not_null()).select(*ORDER, *columns, *promise)
    return (
        sent.join(placed, on=ORDER, how="left", maintain_order="left")
        .join(_attempts(events), on=ORDER, how="left", maintain_order="left")
        .with_columns(attempted_at=pl.when(pl.col("attempted") >= pl.col("items")).then("attempted_at"))
        .with_columns(
            wait_hours=_hours("attempted_at").clip(0, WAIT_CAP_HOURS).fill_null(WAIT_CAP_HOURS),
            arrived=(_hours("attempted_at") <= WAIT_CAP_HOURS).fill_null(False),
            promised_hours=_hours("arrive_by_p90"),
            kept=pl.when(pl.col("arrive_by_p90").is_not_null()).then(_is_kept()),
            cluster=pl.coalesce("departure", fill("{} {}", "origin", pl.col("placed_at").dt.date())),
        )
        .select(
            *(*ORDER, "placed_at", "origin", "country", *columns, "attempted_at", "wait_hours", "arrived"),
            *("promised_hours", "stated", "kept", "cluster"),
        )
    )


def kept_rate(waits: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often promises were kept, against what was stated.

    Parameters
    ----------
    waits : DataFrame
        From `measure_waits`; orders without a promise are left out.
    by : sequence of str
        Columns of `waits` to group by; empty: all together.

    Returns
    -------
    DataFrame
        The columns of `by`, then orders, stated (mean probability), kept (share), gap (kept - stated) and
        error: the standard error of the gap when orders that left with one departure share their fate.

    References
    ----------
    Liang, Zeger: Longitudinal data analysis using generalized linear models, Biometrika 1986 (the
    cluster-robust variance of a mean).
    """
    promised = waits.drop_nulls("kept").with_columns(
        _all=pl.lit(True), miss=pl.col("kept").cast(pl.Float64) - pl.col("stated")
    )
    keys = [*by, "_all"]
    rates = promised.group_by(keys).agg(
        orders=pl.len(), stated=pl.col("stated").mean(), kept=pl.col("kept").mean(), gap=pl.col("miss").mean()
    )
    strays = (
        promised.with_columns(stray=pl.col("miss") - pl.col("miss").mean().over(keys))
        .group_by(*keys, "cluster", maintain_order=True)
        .agg(pl.col("stray").sum())
        .group_by(keys)
        .agg(squares=(pl.col("stray") ** 2).sum(), clusters=pl.len())
    )
    corrected = pl.col("squares") * pl.col("clusters") / (pl.col("clusters") - 1)
    found = rates.join(strays, on=keys, nulls_equal=True).with_columns(error=corrected.sqrt() / pl.col("orders"))
    return found.select(*by, "orders", "stated", "kept", "gap", "error").sort(by or "orders")


def pinball_days(waits: pl.DataFrame, promised_hours: str, level: float) -> float | None:
    """The mean pinball loss of a promised quantile of the wait, in days; None where nothing was promised.

    Less is better: a wait above the quantile costs `level` a day, one below it `1 - level`. It tells a sharp promise
    from a safe one, which the share that is kept does not.

    References
    ----------
    Koenker, Bassett: Regression quantiles, Econometrica 1978.
    """
    above = pl.col("wait_hours") - pl.col(promised_hours)
    loss = pl.max_horizontal(level * above, (level - 1) * above).mean() / 24
    found = waits.drop_nulls(promised_hours).select(loss).item()
    return None if found is None else float(found)


def summary(waits: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The figures that matter most: waits, the undelivered, and money per item.

    Returns
    -------
    DataFrame
        The columns of `by`, then orders, items, wait_hours_mean, wait_hours_p50, wait_hours_p90,
        undelivered (share of orders, later than 60 days included), charge_item_minor, cost_item_minor
        and share (of all items). With ``by=["service"]`` these are the service shares.
    """
    wait, items = pl.col("wait_hours"), pl.col("items").sum()
    keys = [*by, "_all"]
    return (
        waits.with_columns(_all=pl.lit(True))
        .group_by(keys)
        .agg(
            orders=pl.len(),
            items=items,
            wait_hours_mean=wait.mean(),
            wait_hours_p50=wait.quantile(0.5, "higher"),
            wait_hours_p90=wait.quantile(0.9, "higher"),
            undelivered=1 - pl.col("arrived").mean(),
            charge_item_minor=pl.col("charge_minor").sum() / items,
            cost_item_minor=pl.col("cost_minor").sum() / items,
        )
        .with_columns(share=pl.col("items") / pl.col("items").sum())
        .drop("_all")
        .sort(by or "orders")
    )


def _attempts(events: pl.DataFrame) -> pl.DataFrame:
    """Of each order: how many items were attempted, when the last one was, and its departure."""
    hour = -(-pl.col("time").dt.epoch("us") // HOUR_US)
    left = pl.col("code") == "EMC"
    items = events.group_by(*ORDER, "item_id").agg(
        attempted_at=pl.col("time").filter(pl.col("code").is_in(FINAL_CODES)).min(),
        departure=fill("{} {}", "facility", hour).filter(left).sort_by(pl.col("time").filter(left)).first(),
    )
    return items.group_by(ORDER).agg(
        attempted=pl.col("attempted_at").count(),
        attempted_at=pl.col("attempted_at").max(),
        departure=pl.col("departure")
        .sort_by("attempted_at", "departure", descending=[True, False], nulls_last=False)
        .first(),
    )


def _hours(instant: str) -> pl.Expr:
    return (pl.col(instant) - pl.col("placed_at")).dt.total_microseconds() / HOUR_US


def _is_kept() -> pl.Expr:
    return (pl.col("attempted_at") <= pl.col("arrive_by_p90")).fill_null(False)

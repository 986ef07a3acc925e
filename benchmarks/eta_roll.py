"""Rolls over the weeks: each Monday all forecasters are fitted anew and forecast what comes up in that week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

import polars as pl

from entrepost.journey import forecast

Predict = Callable[[pl.DataFrame], pl.DataFrame]
Fit = Callable[[pl.DataFrame, datetime, tuple[str, ...]], Predict]
"""Fits some stages on histories cut at an instant; what it returns forecasts orders that are under way."""

STAGES = forecast.STAGES
LATER = ("approved_at", "handed_over_at", "due_at")
"""What an order does not say at its purchase; the seller's limit is counted from the approval."""


def list_made(histories: pl.DataFrame, split: date, until: date) -> pl.DataFrame:
    """Every forecast that is to be made: `order_id, stage, made_at, monday`, for purchases of these days.

    The second is made at the hand-over, and not before the purchase where the files say so.
    """
    placed = pl.col("placed_at").dt.date()
    bought = histories.filter(placed.is_between(split, until))
    handed = bought.filter(pl.col("handed_over_at").is_not_null())
    at_purchase = bought.select("order_id", pl.lit("purchase").alias("stage"), made_at="placed_at")
    at_handover = handed.select(
        "order_id", pl.lit("handover").alias("stage"), made_at=pl.max_horizontal("handed_over_at", "placed_at")
    )
    return pl.concat([at_purchase, at_handover]).with_columns(monday=pl.col("made_at").dt.truncate("1w"))


def cut(histories: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """The histories as they were known at an instant; what a later review or status says is not among them."""
    happened = [
        pl.when(pl.col(name) < as_of).then(pl.col(name)).alias(name)
        for name in ("approved_at", "handed_over_at", "delivered_at")
    ]
    return histories.filter(pl.col("placed_at") < as_of).with_columns(happened)


def roll(histories: pl.DataFrame, made: pl.DataFrame, fits: Mapping[str, Fit]) -> Iterator[pl.DataFrame]:
    """The forecasts of each Monday and forecaster: `forecaster, order_id, stage, mean_days, p10, p50, p90`."""
    for (monday,), week in sorted(made.partition_by("monday", as_dict=True).items()):
        known = cut(histories, monday)
        stages = tuple(stage for stage in STAGES if (week["stage"] == stage).any())
        asked = pl.concat(
            [ask(histories, week.filter(pl.col("stage") == stage), stage) for stage in stages], how="diagonal"
        )
        for name, fit in fits.items():
            yield fit(known, monday, stages)(asked).with_columns(forecaster=pl.lit(name))


def ask(histories: pl.DataFrame, made: pl.DataFrame, stage: str) -> pl.DataFrame:
    """Orders as they stand when a forecast is made: nothing is known of the delivery, at purchase of nothing later."""
    orders = histories.join(made.select("order_id", "made_at"), on="order_id", how="inner", maintain_order="left")
    unknown = ["delivered_at", *(LATER if stage == "purchase" else ())]
    orders = orders.with_columns(pl.lit(None, pl.Datetime("us")).alias(name) for name in unknown)
    if stage == "purchase":
        return orders
    approved = pl.when(pl.col("approved_at") <= pl.col("made_at")).then(pl.col("approved_at"))
    return orders.with_columns(approved.alias("approved_at"), handed_over_at="made_at")


def ours(country: str, say: Callable[[str], None]) -> Fit:
    """The forecaster of the package; its cards are said."""

    def fit(histories: pl.DataFrame, as_of: datetime, stages: tuple[str, ...]) -> Predict:
        found = forecast.fit(histories, as_of, country, stages)
        for stage in found.stages.values():
            say(str(stage.card))
        return found.predict

    return fit

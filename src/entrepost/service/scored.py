"""What a day of waiting is worth to each order: what its policy says, or what the satisfaction model does."""

from __future__ import annotations

import polars as pl

from entrepost.experience.day_value import PointWorth, weigh_segments
from entrepost.experience.satisfaction_file import default_satisfaction
from entrepost.service.policy import ByScore, Ranking


def add_day_values(offers: pl.DataFrame, policy: Ranking) -> pl.DataFrame:
    """The offers with `day_value_minor`, the same for all of an order; null where its policy has none.

    Parameters
    ----------
    offers : DataFrame
        order, origin, country, wait_hours_mean. A day is weighed at the mean wait of an order's offers.
    policy : Ranking
        By which they are ranked.
    """
    if not isinstance(policy, ByScore):
        return offers.with_columns(day_value_minor=pl.lit(getattr(policy, "day_value_minor", None), pl.Int64))
    waits = offers.group_by("order", maintain_order=True).agg(
        pl.col("origin", "country").first(), wait_days=(pl.col("wait_hours_mean").mean() / 24).fill_null(0.0)
    )
    satisfaction = policy.satisfaction or default_satisfaction()
    weighed = weigh_segments(satisfaction, waits, PointWorth(policy.point_minor))
    values = weighed.select("order", "day_value_minor")
    return offers.join(values, on="order", how="left", maintain_order="left")

"""A book of orders whose truth is known: two lanes, one seller each, waits that are multiples of a lane's level."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

AS_OF = datetime(2025, 6, 2, tzinfo=UTC)
NEAR_DAYS, FAR_DAYS = 4.0, 12.0
SPREAD = 0.25


def book(orders: int = 4000, weeks: int = 40, seed: int = 3, slower: float = 1.0) -> pl.DataFrame:
    """Orders of the weeks up to `AS_OF`, with what happened to them, also later.

    The median wait is 4 days on the lane A>A and 12 on A>B, lognormal with a spread of 0.25; a quarter
    of it passes before the hand-over. In the last eight weeks the waits are `slower` times as long.
    """
    generator = np.random.default_rng(seed)
    age = np.sort(generator.uniform(0, weeks * 7, orders))[::-1]
    far = generator.random(orders) < 0.5
    late = np.where(age < 56, slower, 1.0)
    days = np.where(far, FAR_DAYS, NEAR_DAYS) * late * np.exp(SPREAD * generator.standard_normal(orders))
    placed = [AS_OF.replace(tzinfo=None) - timedelta(days=float(each)) for each in age]
    instants = pl.DataFrame({"placed_at": placed, "days": days})
    after = {"approved_at": 0.05, "handed_over_at": 0.25, "delivered_at": 1.0}
    return instants.select(
        pl.int_range(pl.len()).cast(pl.String).alias("order_id"),
        "placed_at",
        *(
            (pl.col("placed_at") + pl.duration(microseconds=pl.col("days") * part * 86_400e6)).alias(name)
            for name, part in after.items()
        ),
        promised_at=pl.col("placed_at") + pl.duration(days=20),
        seller=pl.Series(np.where(far, "far seller", "near seller")),
        origin=pl.lit("A"),
        destination=pl.Series(np.where(far, "B", "A")),
    )


def asked(destination: str, handed_over_after: float | None = None) -> pl.DataFrame:
    """One order of the day after `AS_OF`, at its purchase, or at its hand-over so many days later."""
    placed = AS_OF.replace(tzinfo=None) + timedelta(days=1)
    handed = None if handed_over_after is None else placed + timedelta(days=handed_over_after)
    seller = "far seller" if destination == "B" else "near seller"
    return pl.DataFrame(
        {
            "order_id": ["new"],
            "placed_at": [placed],
            "handed_over_at": [handed],
            "promised_at": [placed + timedelta(20)],
            "seller": [seller],
            "origin": ["A"],
            "destination": [destination],
        },
        schema_overrides={"handed_over_at": pl.Datetime("us")},
    )

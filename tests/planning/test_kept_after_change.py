"""The promise held against a world that differs from what is believed and slows down by 30 % in mid-history."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from entrepost.planning.measure import kept_rate
from tests.planning.rolling import BEGIN, SLOWER_WEEK, roll

ORDERS = 80_000
LANE = ["service", "origin", "country"]
SETTLED_DAYS = 21
"""Promises from the 22nd day on count."""

LANE_ITEMS = 2000


@pytest.mark.campaign
def test_three_weeks_after_everything_slowed_down_promises_are_kept_as_stated(campaign_scale: float) -> None:
    whole = campaign_scale == 1
    rolled = roll(round(ORDERS * campaign_scale), seed=3, slower=1.3, first_week=6 if whole else 9)
    slower = BEGIN + timedelta(weeks=SLOWER_WEEK)
    judged = rolled.learned.filter(pl.col("placed_at") >= slower + timedelta(days=SETTLED_DAYS))

    found = kept_rate(judged).row(0, named=True)
    chance = 0.0 if whole else 3 * found["error"]
    assert abs(found["gap"]) <= 0.01 + chance, found

    lanes = kept_rate(judged, LANE).filter(pl.col("orders") >= LANE_ITEMS * campaign_scale)
    assert lanes.height >= 2
    for row in lanes.iter_rows(named=True):
        assert abs(row["gap"]) <= 0.02 + 3 * row["error"], row

    first = rolled.waits.filter(pl.col("placed_at").is_between(slower, slower + timedelta(days=7)))
    assert kept_rate(first)["gap"][0] < -0.05, "a world in which nobody would notice the change proves nothing"

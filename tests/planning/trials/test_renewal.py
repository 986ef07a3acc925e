"""The list of articles, renewed every week on what is known by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from entrepost.planning.plan import plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.trial import TrialParams, try_plan
from entrepost.planning.trials.planned import planned_trial
from entrepost.planning.trials.renewal import renew_weekly
from tests.planning.markets import FREE, closed_warehouse, lamps
from tests.planning.trial_scenes import LOCAL_FIRST
from tests.worlds import MONDAY

SPLIT = MONDAY + timedelta(weeks=4)
PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",), day_value_minor=100.0, as_of=SPLIT, known_days=14)
FEW = TrialParams(replications=2, world="as_assumed", day_value_minor=100, dated=False)


def lamps_then_cups() -> pl.DataFrame:
    """Lamps for six weeks; cups from the fifth to the twelfth."""
    cups = lamps(days=56).with_columns(
        order_id=pl.concat_str(pl.lit("c"), "order_id"),
        sku=pl.lit("CUP"),
        placed_at=pl.col("placed_at") + timedelta(weeks=4),
    )
    return pl.concat([lamps(days=42), cups.select(lamps(days=7).columns)])


def test_new_articles_come_into_the_list_and_old_ones_leave_it() -> None:
    orders = lamps_then_cups()
    turns = renew_weekly(plan(closed_warehouse(), orders, PARAMS), SPLIT, orders)
    cups, lamp = (turns.filter(pl.col("sku") == sku).sort("from_at") for sku in ("CUP", "LAMP"))
    assert cups["from_at"][0] == SPLIT + timedelta(weeks=1), "known a week after its first sale, not before"
    assert cups["level"][0] > 0
    assert (lamp["level"][-1], lamp["from_at"][-1]) == (0, SPLIT + timedelta(weeks=4))


def test_a_renewed_list_serves_more_of_what_sells_then() -> None:
    orders = lamps_then_cups()
    found = plan(closed_warehouse(), orders, PARAMS)
    later = orders.filter(pl.col("placed_at") >= SPLIT)
    kept, renewed = (
        try_plan(closed_warehouse(), later, planned_trial(found, LOCAL_FIRST, True, known), FEW)
        for known in (None, orders)
    )
    assert renewed.get("from_stock")["plan"] > kept.get("from_stock")["plan"] + 0.3
    assert planned_trial(replace(found, params=replace(PARAMS, as_of=None)), LOCAL_FIRST, True, orders).renewed is None

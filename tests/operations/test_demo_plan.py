"""The end of the demonstration: a plan, tried on orders that the planner did not see."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from entrepost.network.candidates import NONE
from entrepost.operations.demo_plan import plan_and_try
from tests.operations.test_demo import STAGES, stage
from tests.planning.markets import closed_warehouse, lamps
from tests.planning.trial_scenes import today


def test_a_plan_is_made_on_the_first_weeks_and_tried_on_the_others() -> None:
    STAGES.clear()
    done = plan_and_try(closed_warehouse(), lamps(8), NONE, 1, stage)
    assert len(STAGES) == 3
    assert done.plan.planned is not None
    assert done.trial is not None
    assert done.plan.params.as_of == lamps(8)["placed_at"].min() + timedelta(weeks=3) * 0.6
    assert done.trial.days["orders"].sum() == 8 * 14


def test_on_the_very_first_orders_nothing_is_tried() -> None:
    once = lamps(3, days=1).with_columns(pl.col("placed_at").first())
    assert plan_and_try(today(), once, NONE, 1, stage).trial is None

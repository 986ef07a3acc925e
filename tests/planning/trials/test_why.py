"""Why plan and simulation differ: the reasons add up to what is seen."""

from __future__ import annotations

from dataclasses import replace

from entrepost.planning.simulation.world import AS_ASSUMED
from entrepost.planning.trial import TrialPlan, try_plan
from tests.planning.trial_scenes import ASSUMED, LOCAL_FIRST, lamps, opened, shelf, today


def test_slow_days_are_the_world() -> None:
    slow = replace(AS_ASSUMED, facility_slow_day_per_million=1_000_000, slow_day_factor=3.0)
    plan = TrialPlan(opened(), shelf(30, on_hand=30), LOCAL_FIRST)
    trial = try_plan(today(), lamps(0.5), plan, replace(ASSUMED, world=slow, gap_days_max=0.01))
    assert not trial.accepted
    assert any(reason.startswith("the world") for reason in trial.reasons)
    assert any(reason.startswith("step pick") for reason in trial.reasons)
    assert not any(reason.startswith("capacity") for reason in trial.reasons)


def test_a_wide_interval_tells_how_many_replications_it_needs() -> None:
    plan = TrialPlan(opened(), shelf(30, on_hand=30), LOCAL_FIRST)
    trial = try_plan(today(), lamps(0.5), plan, replace(ASSUMED, world="default", half_width_max=0.0001))
    assert any("replications would be needed" in reason for reason in trial.reasons)

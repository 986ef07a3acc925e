"""One replication: both sides in the same world."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.simulation.world import AS_ASSUMED, World
from entrepost.planning.trial import TrialPlan, prepare
from entrepost.planning.trials.run import Task, follow, run_replication
from tests.planning.trial_scenes import ASSUMED, LOCAL_FIRST, opened, shelf, today
from tests.worlds import four_orders


def test_both_sides_wait_as_the_world_says() -> None:
    plan = TrialPlan(opened(), shelf(3, on_hand=2), LOCAL_FIRST)
    done = run_replication(prepare(today(), four_orders(), plan, ASSUMED), Task(1, AS_ASSUMED))
    assert done.granted.tolist() == [True, True, False]
    assert 9.0 < done.plan[0] <= 10.0
    assert done.plan[2] == pytest.approx(done.today[2])


def test_an_order_that_is_served_alike_has_the_same_luck_on_both_sides() -> None:
    plan = TrialPlan(opened(), shelf(3, on_hand=1), LOCAL_FIRST)
    done = run_replication(prepare(today(), four_orders(), plan, ASSUMED), Task(5, World()))
    assert done.granted.tolist() == [True, False, False]
    assert np.array_equal(done.plan[1:], done.today[1:])


def test_one_side_alone_can_be_run_with_its_steps() -> None:
    plan = TrialPlan(opened(), shelf(3, on_hand=2), LOCAL_FIRST)
    setting = prepare(today(), four_orders(), plan, ASSUMED)
    done = run_replication(setting, Task(1, AS_ASSUMED, both=False, steps=True))
    assert np.isnan(done.today).all()
    assert done.steps is not None
    assert done.steps["hours"].sum() == pytest.approx(done.plan.sum())


def test_shelves_are_followed_again_with_the_same_lead_times() -> None:
    plan = TrialPlan(opened(), shelf(3, on_hand=2), LOCAL_FIRST)
    setting = prepare(today(), four_orders(), plan, ASSUMED)
    done = run_replication(setting, Task(1, AS_ASSUMED))
    flow = follow(setting, done.lead_hours, setting.first_hour)
    assert (flow.asked[0], flow.served[0]) == (3, 2)

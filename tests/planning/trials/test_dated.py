"""What the calendar adds to planned waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from entrepost.network.calendar import Exceptional
from entrepost.planning.trial import TrialPlan, prepare, try_plan
from entrepost.planning.trials.dated import find_longer
from tests.planning.trial_scenes import ASSUMED, LOCAL_FIRST, lamps, opened, shelf, today
from tests.worlds import four_orders

UNDATED = replace(ASSUMED, dated=False)


def test_without_a_calendar_nothing_is_added() -> None:
    setting = prepare(today(), four_orders(), TrialPlan(opened(), shelf(2), LOCAL_FIRST), UNDATED)
    assert setting.longer_hours == pytest.approx(np.zeros(setting.plan.first.height), abs=1e-6)
    assert find_longer(setting.today, setting.orders) == pytest.approx(np.zeros(setting.today.first.height), abs=1e-6)


def test_dated_promises_need_no_more() -> None:
    assert prepare(today(), four_orders(), TrialPlan(opened(), shelf(2)), ASSUMED).longer_hours is None


def test_a_holiday_that_the_calendar_knows_is_no_disagreement() -> None:
    orders = lamps()
    first: datetime = orders["placed_at"].min()  # type: ignore[assignment]
    days = (first + timedelta(days=40)).date(), (first + timedelta(days=60)).date()
    closed = Exceptional("closed", "DE", "", "", "delivery", *days, 1.0, "feast", "assumed")
    network = replace(today(), calendar=(closed,))
    trial = try_plan(network, orders, TrialPlan(network, shelf(2).clear()), UNDATED)
    assert trial.calendar_days > 0.3
    assert trial.accepted, trial.reasons

"""What a trial tells, on four orders that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from entrepost.planning.simulation.world import AS_ASSUMED
from entrepost.planning.trial import TrialPlan, prepare
from entrepost.planning.trials.frames import Table, Trial, conclude
from entrepost.planning.trials.run import Setting, Task, run_replication
from tests.planning.trial_scenes import ASSUMED, LOCAL_FIRST, opened, shelf, today
from tests.worlds import four_orders


def tried() -> tuple[Setting, Trial, Table]:
    plan = TrialPlan(opened(), shelf(3, on_hand=2), LOCAL_FIRST)
    setting = prepare(today(), four_orders(), plan, ASSUMED)
    done = [run_replication(setting, Task(seed, AS_ASSUMED)) for seed in (1, 2)]
    return setting, conclude(setting, done, None, ASSUMED), Table(setting, done)


def test_differences_are_plan_less_today() -> None:
    _, trial, table = tried()
    wait = trial.get("wait_days")
    saved = (table.plan - table.today)[0].sum() / 4 / 24
    assert wait["difference"] == pytest.approx(saved)
    assert wait["half_width"] == pytest.approx(0.0)
    assert trial.get("from_stock")["plan"] == pytest.approx(2 / 4)


def test_the_cost_of_an_item_holds_the_fixed_cost_of_the_warehouse() -> None:
    _, trial, table = tried()
    variable = np.nansum(table.cost_plan[0]) / 4
    days = np.unique(table.day).size
    assert trial.get("cost_item_minor")["plan"] == pytest.approx(variable + 10_000_000 * days / 365 / 4)


def test_days_tell_the_orders_of_each_day() -> None:
    _, trial, _ = tried()
    assert dict(trial.days.select("day", "orders").iter_rows()) == {0: 3, 3: 1}


def test_lanes_weigh_what_they_add_to_the_gap() -> None:
    _, trial, table = tried()
    gap = np.nanmean(table.plan) / 24 - trial.planned_days
    assert trial.lanes["weighs_days"].sum() == pytest.approx(gap)


def test_what_was_planned_can_be_told_from_outside() -> None:
    setting, _, _ = tried()
    done = [run_replication(setting, Task(seed, AS_ASSUMED)) for seed in (1, 2)]
    assert conclude(setting, done, 4.0, ASSUMED).planned_days == 4.0


def test_a_verdict_needs_a_narrow_interval() -> None:
    setting, trial, _ = tried()
    done = [run_replication(setting, Task(seed, AS_ASSUMED)) for seed in (1, 2)]
    strict = replace(ASSUMED, half_width_max=-1.0)
    assert not conclude(setting, done, trial.simulated.mean, strict).accepted


def test_a_verdict_stands_first_in_a_notebook() -> None:
    told = replace(tried()[1], reasons=("stock <lies> elsewhere",))._repr_html_()
    assert "stock &lt;lies&gt; elsewhere" in told
    assert isinstance(tried()[1].differences, pl.DataFrame)

"""A plan made ready to be tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.planning.plan import plan
from entrepost.planning.planner.params import PlanParams
from entrepost.planning.trial import TrialParams, try_plan, try_plans
from entrepost.planning.trials.planned import keep_rules, planned_trial
from tests.planning.markets import FREE, closed_warehouse, lamps
from tests.planning.trial_scenes import LOCAL_FIRST

PARAMS = PlanParams(terms=FREE, served_shares=(0.9,), modes=("air",), day_value_minor=100.0)
FEW = TrialParams(replications=2, world="as_assumed", day_value_minor=100, dated=False)


def test_a_plan_is_tried_as_it_was_found(tmp_path: Path) -> None:
    found = plan(closed_warehouse(), lamps(), PARAMS)
    ready = planned_trial(found, keep_rules(found, tmp_path / "rules.toml"), filled=True)
    assert ready.shelves["on_hand"].to_list() == found.stock["level"].to_list()
    assert planned_trial(found, LOCAL_FIRST).shelves["on_hand"].to_list() == [0]
    trial = try_plan(closed_warehouse(), lamps(), ready, FEW)
    assert found.planned is not None
    assert trial.get("from_stock")["plan"] > 0.5
    assert trial.get("wait_days")["plan"] < trial.get("wait_days")["today"]
    assert trial.get("cost_item_minor")["today"] == pytest.approx(found.today.cost_item_minor, rel=1e-3)


def test_several_plans_are_tried_against_the_same_today(tmp_path: Path) -> None:
    found = plan(closed_warehouse(), lamps(), PARAMS)
    ready = planned_trial(found, keep_rules(found, tmp_path / "rules.toml"), filled=True)
    told: list[tuple[int, int]] = []
    both = try_plans(
        closed_warehouse(), lamps(), {"a": ready, "b": ready}, FEW, lambda done, of: told.append((done, of))
    )
    alone = try_plan(closed_warehouse(), lamps(), ready, FEW)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert both["a"].differences.equals(both["b"].differences)
    assert both["a"].differences.equals(alone.differences)


def test_no_plan_cannot_be_tried(tmp_path: Path) -> None:
    nothing = plan(closed_warehouse(), lamps(), PlanParams(terms=FREE, days_max=0.1))
    with pytest.raises(MisuseError, match="there is no plan to try"):
        keep_rules(nothing, tmp_path / "rules.toml")
    with pytest.raises(MisuseError, match="there is no plan to try"):
        planned_trial(nothing, LOCAL_FIRST)

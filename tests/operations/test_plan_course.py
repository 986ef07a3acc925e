"""The course of a plan: told, and ended once."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import UnreadableInputError
from entrepost.operations.plan_course import Told, interrupted, read_facts
from entrepost.planning.planner.search import PlanProgress
from tests.operations.plans import course


def test_it_tells_the_stage_and_the_best_plan_and_a_gap_that_is_known() -> None:
    said: list[Told] = []
    one = course(said)
    one.stage("plan")
    one.progress(PlanProgress(0.1, 1.0, float("-inf"), float("inf"), 0))
    one.progress(PlanProgress(0.2, 1.0, 0.9, 0.1, 2))
    assert said == [Told("plan"), Told("plan"), Told("plan", 0.1, 2)]


def test_where_it_shall_end_the_search_is_interrupted_once() -> None:
    one = course(over_at="plan")
    one.stage("plan")
    with pytest.raises(KeyboardInterrupt):
        one.progress(PlanProgress(0.1, 1.0, 0.9, 0.1, 1))
    one.progress(PlanProgress(0.1, 1.0, 0.9, 0.1, 1))
    with interrupted() as was:
        one.step(1)
    assert was == [True]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="make the plan anew"):
        read_facts(tmp_path / "gone")

"""Pictures of a plan: the curve of cost and wait, the bridge of costs, the days of a trial."""

from __future__ import annotations

from itertools import pairwise

import pytest

from entrepost.documents.plan_charts import draw_bridge, draw_pareto, draw_trial_days
from tests.documents.made_up import cost_parts, marks_of, plan_points, spec_of, trial_days


def test_the_curve_has_its_gap_its_points_and_names_today() -> None:
    spec = spec_of(draw_pareto(plan_points(), "CNY"))
    assert marks_of(spec) == ["line", "rule", "point", "text", "text", "text"]
    assert spec["layer"][2]["encoding"]["y"]["title"] == "Cost of an item, CNY"


def test_the_bridge_leads_from_today_to_the_plan() -> None:
    rows = spec_of(draw_bridge(cost_parts(), "CNY"))["datasets"]["rows"]
    assert (rows[0]["label"], rows[0]["ends"]) == ("Today", pytest.approx(42.3))
    assert (rows[-1]["label"], rows[-1]["ends"]) == ("The plan", pytest.approx(43.1))
    for before, after in pairwise(rows[:-1]):
        assert after["begins"] == pytest.approx(before["ends"])
    assert rows[-2]["ends"] == pytest.approx(43.1)


def test_a_part_that_does_not_change_is_no_step_of_the_bridge() -> None:
    same = cost_parts().with_columns(plan="today")
    rows = spec_of(draw_bridge(same, "CNY"))["datasets"]["rows"]
    assert [row["label"] for row in rows] == ["Today", "The plan"]


def test_the_days_of_a_trial_are_two_lines_and_the_end_of_the_warm_up() -> None:
    spec = spec_of(draw_trial_days(trial_days(), 20))
    assert marks_of(spec) == ["line", "rule", "text"]
    assert spec["datasets"]["warm"] == [{"day": 20}]
    assert {row["state"] for row in spec["datasets"]["rows"]} == {"before", "after"}

"""What is asked of a plan comes back from its text, and what makes no sense is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.plan_asked import PlanAsked, read_asked
from tests.operations.plans import market


def test_what_is_asked_comes_back_from_its_text() -> None:
    asked = PlanAsked(budget=1e6, as_of=datetime(2026, 3, 1, tzinfo=UTC), forced=("DEFRAW",), points=0, file="a")
    assert read_asked(asked.to_text()) == asked
    assert read_asked(PlanAsked().to_text()) == PlanAsked()


def test_the_planner_is_asked_in_minor_units() -> None:
    params = PlanAsked(budget=12.5, forced=("DEFRAW",), gap=0.02).to_params(market())
    assert (params.budget_minor, params.forced, params.gap_max) == (1250.0, ("DEFRAW",), 0.02)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 0.0},
        {"points": 1},
        {"rules": 31},
        {"days_max": 5.0, "budget": 1.0},
        {"side": "nobody"},
        {"as_of": datetime(2026, 3, 1)},  # noqa: DTZ001
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(MisuseError):
        PlanAsked(**wrong)


def test_a_warehouse_that_is_none_is_named() -> None:
    with pytest.raises(MisuseError, match="there is no warehouse 'NOWHERE'; there are DEFRAW"):
        PlanAsked(forbidden=("NOWHERE",)).to_params(market())

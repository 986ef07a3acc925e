"""The price of a limit at which the bound of known plans is highest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.planner.price import Line, best_price

line = st.builds(Line, st.floats(0, 1e6), st.floats(-1e3, 1e3))


def test_a_dear_plan_that_keeps_the_limit_and_a_cheap_one_that_does_not_meet_where_they_cost_alike() -> None:
    """At a price of 10 a day the one costs 100 + 2 x 10, the other 130 - 10."""
    assert best_price([Line(100, 2), Line(130, -1)]) == (pytest.approx(10), pytest.approx(120))


def test_where_the_cheapest_plan_keeps_the_limit_it_has_no_price() -> None:
    assert best_price([Line(100, -1), Line(130, 2)]) == (0, 100)


def test_where_no_plan_keeps_the_limit_no_price_is_high_enough() -> None:
    assert best_price([Line(100, 1)]) == (math.inf, math.inf)


@given(lines=st.lists(line, min_size=1, max_size=8), price=st.floats(0, 1e6))
def test_at_no_other_price_is_the_least_of_the_lines_higher(lines: list[Line], price: float) -> None:
    _, height = best_price(lines)
    here = min(np.float64(each.least + price * each.over) for each in lines)
    assert here <= height + 1e-6 * abs(height) + 1e-3

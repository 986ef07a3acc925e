"""Items that are alike are followed once, and each gets its own answer."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.under_way.arrive import FOUND, P50
from entrepost.journey.under_way.filter import STATE, list_arrivals, locate
from tests.journey.under_way.test_course import tables_of
from tests.journey.under_way_scenes import difficult_offices
from tests.worlds import two_offices


def states(*slots_and_hours: tuple[int, int]) -> np.ndarray:
    return np.array([(0, 0, slot, hour, -1, -1, -1, -1) for slot, hour in slots_and_hours], dtype=STATE)


def test_the_answers_stand_in_the_order_of_the_questions() -> None:
    course = tables_of(two_offices()).pack()
    found = locate(course, states((0, 4), (0, 0), (0, 4)), np.ones((3, 1)), 1)
    assert found[:, P50].tolist() == [178, 82, 178]
    assert locate(course, states(), np.ones((0, 1)), 1).shape == (0, FOUND)


def test_regimes_weigh_as_the_history_says() -> None:
    course = tables_of(difficult_offices()).pack()
    calm, busy, both = locate(course, states(*[(2, 26)] * 3), np.array([[1, 0], [0, 1], [0.5, 0.5]]), 26)[:, P50]
    assert calm < both <= busy


def test_arrivals_without_a_present_are_those_of_the_journey() -> None:
    course = tables_of(two_offices()).pack()
    (row,) = list_arrivals(course, states((0, 0)), 200)
    assert np.flatnonzero(row).tolist() == [82]
    assert row.sum() == pytest.approx(1)

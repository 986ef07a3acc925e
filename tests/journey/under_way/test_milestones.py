"""Clocks that run backwards set aside what cannot be, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.learning.stages import CODES
from entrepost.journey.under_way.milestones import (
    BACKWARD,
    EARLY,
    NEVER,
    empty_milestones,
    find_stage,
    settle,
    weigh_regimes,
)
from entrepost.journey.under_way.tables import make_room
from tests.journey.under_way.test_course import tables_of
from tests.journey.under_way_scenes import difficult_offices
from tests.worlds import two_offices

PATHS = np.array([(0, 0)], dtype=[("path", "i4"), ("mile", "i4")])


def settled(hours: list[int], told: list[int] | None = None, now: int = 100) -> tuple[list[int], int]:
    kept = np.array(hours, dtype=np.int32)
    flags = settle(kept, np.array(told or hours, dtype=np.int32), now)
    return kept.tolist(), flags


def test_an_order_that_can_be_is_left_alone() -> None:
    assert settled([0, 24, NEVER, 30]) == ([0, 24, NEVER, 30], 0)


def test_one_clock_that_is_ahead_loses_against_many() -> None:
    assert settled([0, 24, 90, 30, 36]) == ([0, 24, NEVER, 30, 36], BACKWARD)


def test_what_is_furthest_on_was_there_when_it_was_recorded() -> None:
    assert settled([0, 24, 26, 30, 10], told=[0, 24, 26, 30, 44]) == ([0, 24, 26, 30, 44], BACKWARD)
    assert settled([0, 24, 26, 30, 10], told=[0, 24, 26, 30, 10]) == ([0, 24, 26, 30, 30], BACKWARD)


def test_a_scan_before_the_order_is_told_apart() -> None:
    assert settled([30, 24]) == ([NEVER, 24], EARLY)


def test_a_scan_finds_its_stage_by_its_code_where_the_place_is_strange() -> None:
    course = tables_of(two_offices()).pack()
    assert find_stage(course, (0, 8), CODES.index("EMC"), -1) == 4
    assert find_stage(course, (0, 8), CODES.index("EDC"), 1) == 7
    assert find_stage(course, (0, 8), CODES.index("EMJ"), 0) == -1


@pytest.mark.parametrize(("landed", "calm"), [(42, True), (80, False)])
def test_a_slow_journey_makes_the_busy_regime_more_probable(landed: int, calm: bool) -> None:
    course = tables_of(difficult_offices()).pack()
    known = empty_milestones(1, 12, course)
    known.hours[0, [5, 6]] = 36, landed
    likely = np.empty((1, 2))
    weigh_regimes(course, make_room(course), PATHS, (known.hours, known.held, 100), likely)
    assert likely.sum() == pytest.approx(1)
    assert (likely[0, 0] > course.regimes[0]) == calm


def test_the_time_to_a_departure_counts_as_well() -> None:
    course = tables_of(difficult_offices()).pack()
    known, room = empty_milestones(1, 12, course), make_room(course)
    known.hours[0, [3, 5]] = 20, 36
    likely = np.empty((1, 2))
    weigh_regimes(course, room, PATHS, (known.hours, known.held, 100), likely)
    assert likely[0, 0] > course.regimes[0], "who is late for the cutoff is so in busy weeks"
    assert not any(part.any() for part in room)

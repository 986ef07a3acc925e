"""What an item may have passed in silence is weighed by how probable the silence is."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.under_way.params import EtaParams, Scanning
from entrepost.journey.under_way.push import add_up, clear_room, follow
from entrepost.journey.under_way.tables import STANDS, Task, make_room
from tests.journey.under_way.test_course import tables_of
from tests.journey.under_way_scenes import difficult_offices
from tests.worlds import two_offices

PROMPT = Scanning(EtaParams(report_hours=0.0))


def followed(network, way, hour, now, until=600):  # type: ignore[no-untyped-def]
    """The hours at which an item is through some stages, its cells, and that the room was left empty."""
    course = tables_of(network).with_scanning(PROMPT)
    room = make_room(course)
    row, low, high = follow(course, room, Task(0, now, until, -1, -1, -1), (*way, 0), hour)
    line, cells = room.rows[row].copy(), room.cells.copy()
    clear_room(room, row, (low, high))
    assert not any(part.any() for part in room)
    return {int(t): pytest.approx(line[t]) for t in np.flatnonzero(line)}, cells


def test_steps_ahead_are_not_weighed() -> None:
    found, cells = followed(two_offices(), (0, 8), 0, -1)
    assert found == {58: 1.0}, "ready Tue 07, flies Tue 12, lands Wed 00, cleared Wed 10"
    assert cells.sum() == 0


def test_each_milestone_that_was_passed_unheard_costs_its_share() -> None:
    found, cells = followed(two_offices(), (0, 8), 0, 29)
    assert found == {58: 0.05**2}, "prepared at 24 and accepted at 26, and neither was scanned"
    assert cells[STANDS + 2] == pytest.approx(0.05**2), "so it is in the outward office"


def test_a_stage_that_ends_with_a_departure_ends_when_it_leaves() -> None:
    assert followed(two_offices(), (4, 5), 31, -1)[0] == {36: 1.0}


def test_who_is_known_to_have_left_arrives_after_the_travel_time() -> None:
    assert followed(two_offices(), (5, 6), 38, -1)[0] == {50: 1.0}, "two hours late"


def test_nothing_is_followed_beyond_the_hour_that_is_asked() -> None:
    assert followed(two_offices(), (0, 8), 0, -1, until=57)[0] == {}


def test_no_probability_is_made_or_lost() -> None:
    found, cells = followed(difficult_offices(), (0, 8), 0, -1)
    assert sum(value.expected for value in found.values()) + cells[:STANDS].sum() == pytest.approx(1, abs=1e-9)


def test_a_line_is_added_up_until_the_present() -> None:
    assert add_up(np.array([0.1, 0.2, 0.4]), (0, 3), 1) == pytest.approx((0.7, 0.3))

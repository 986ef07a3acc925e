"""Who is aboard a run arrives with the others aboard; so that is followed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepost.journey.under_way.course import CourseTables
from entrepost.journey.under_way.filter import STATE
from entrepost.journey.under_way.onward import (
    Onward,
    follow_ahead,
    follow_runs,
    join_runs,
    list_coming,
    list_followed,
    make_onward,
    number_rests,
)
from entrepost.journey.under_way.push import SMALL, follow, make_task, walk
from entrepost.journey.under_way.tables import DEPART, Course, make_room
from tests.journey.under_way.test_course import tables_of
from tests.journey.under_way_scenes import difficult_offices
from tests.worlds import two_offices

NOBODY = (-1, -1, -1)
SLOT, START = 2, 26


def course_of(tables: CourseTables) -> tuple[Course, int]:
    course = tables.pack()
    return course, course.before.shape[1] - 1


def directly(course: Course, now: int) -> tuple[np.ndarray, np.ndarray]:
    """The line and the cells of an item that is followed all the way by itself."""
    room, until = make_room(course), course.before.shape[1] - 1
    task = make_task(1, now, until, NOBODY)
    row, _, _ = follow(course, room, task, (SLOT, int(course.first[1]), 0), START)
    return room.rows[row].copy(), room.cells.copy()


def by_runs(course: Course, now: int, onward: Onward) -> tuple[np.ndarray, np.ndarray]:
    """The same by way of the runs of the last ride."""
    room, until = make_room(course), course.before.shape[1] - 1
    task = make_task(1, now, until, NOBODY)
    depart = int(onward.depart[0])
    _, _, runs = walk(course, room, task, (SLOT, depart + 1, 0), (START, 0, 0))
    line = np.zeros(until + 2)
    follow_runs(course, onward, room, task, (0, SLOT, *runs), line)
    assert not room.runs.any()
    return line, room.cells


@pytest.mark.parametrize("now", [26, 60, 200])
def test_by_way_of_its_runs_an_item_arrives_as_by_itself(now: int) -> None:
    course, _ = course_of(tables_of(difficult_offices()))
    onward = make_onward(course, np.array([0], dtype=np.int32))
    line, cells = by_runs(course, now, onward)
    alone, rest = directly(course, now)
    assert np.abs(np.cumsum(line) - np.cumsum(alone)).max() < 20 * SMALL * (alone.sum() + rest.sum())
    assert cells == pytest.approx(rest, abs=20 * SMALL)
    assert line.sum() + cells[:3].sum() == pytest.approx(alone.sum() + rest[:3].sum(), rel=1e-3)


def test_what_is_known_is_not_followed_again_and_when_the_room_is_full_it_begins_anew() -> None:
    course, until = course_of(tables_of(difficult_offices()))
    wide, narrow = (make_onward(course, np.array([0], dtype=np.int32), room) for room in (1 << 20, until + 1))
    first, _ = by_runs(course, 26, wide)
    used = wide.used.copy()
    assert used[0] > 1
    again, _ = by_runs(course, 26, wide)
    assert wide.used.tolist() == used.tolist()
    small, _ = by_runs(course, 26, narrow)
    assert narrow.used[0] < used[0]
    assert first.tolist() == again.tolist() == small.tolist()


def test_what_was_followed_before_anybody_asked_is_what_is_found_then() -> None:
    course, _ = course_of(tables_of(difficult_offices()))
    paths, now = np.array([0], dtype=np.int32), 26
    ahead, fresh = make_onward(course, paths), make_onward(course, paths)
    follow_ahead(course, ahead, now, list_coming(course, ahead, now, 14 * 24))
    used = ahead.used.copy()
    leaves = course.runs["leaves"][list_followed(course, ahead)[:, 2]]
    assert now < leaves.min() <= leaves.max() <= now + 14 * 24
    line, cells = by_runs(course, now, ahead)
    alone, rest = by_runs(course, now, fresh)
    assert line.tolist() == alone.tolist()
    assert cells.tolist() == rest.tolist()
    assert used[0] > 0
    assert ahead.used[0] - used[0] < fresh.used[0]


def test_paths_with_the_same_stages_ahead_share_a_number() -> None:
    network = two_offices()
    other = replace(network.services[0], service="OTHER")
    tables = tables_of(replace(network, services=(*network.services, other)))
    tables.add_path("OTHER", "CNSHAA>DEFRAA")
    course, _ = course_of(tables)
    last = int(course.first[1])
    asked = [(path, slot) for path in (0, 1) for slot in (0, last, last + 1, last + 2)]
    states = np.zeros(len(asked), dtype=STATE)
    states["path"], states["slot"] = zip(*asked, strict=True)
    numbers = number_rests(course, states).tolist()
    assert numbers[:4] == numbers[4:]
    assert len(set(numbers[:4])) == 4


def test_improbable_runs_wait_for_a_later_one_on_their_side_of_the_present() -> None:
    course, until = course_of(tables_of(two_offices()))
    room = make_room(course)
    stage = course.stages[int(np.flatnonzero(course.stages["kind"] == DEPART)[0])]
    first = int(stage["first"])
    room.runs[first : first + 4] = [1e-6, 0.5, 0.5 - 3e-6, 2e-6]
    join_runs(course, room, make_task(0, int(course.runs["leaves"][first + 1]), until, NOBODY), (first, first + 4))
    assert room.runs[first : first + 4] == pytest.approx([0, 0.500001, 0.499999, 0], abs=1e-12)

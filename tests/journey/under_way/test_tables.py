"""The room of a follower is empty and large enough."""

from __future__ import annotations

from entrepost.journey.under_way.tables import make_room
from tests.journey.under_way.test_course import tables_of
from tests.worlds import two_offices


def test_a_room_has_a_column_for_each_hour_and_one_beyond() -> None:
    tables = tables_of(two_offices())
    room = make_room(tables.pack())
    assert room.rows.shape == (2, tables.timeline.hours + 2)
    assert room.runs.size == tables.pack().runs.size
    assert not any(part.any() for part in room)

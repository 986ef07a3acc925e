"""Hours are whole and UTC; an item is there by an hour."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.clock import SystemClock, day_hour, from_hour, from_micros, offset_hours, to_hour, to_micros
from entrepost.base.errors import MisuseError


def test_an_instant_belongs_to_the_hour_by_which_it_is_over():
    eight = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert from_hour(to_hour(eight)) == eight
    assert from_hour(to_hour(eight + timedelta(seconds=1))) == eight + timedelta(hours=1)
    assert to_hour(eight.astimezone(timezone(timedelta(hours=8)))) == to_hour(eight)


@given(st.integers(-(10**6), 10**6))
def test_hours_and_instants_go_back_and_forth(hour):
    assert to_hour(from_hour(hour)) == hour


def test_an_instant_without_zone_is_refused():
    with pytest.raises(MisuseError, match="no zone"):
        to_hour(datetime(2026, 3, 2))  # noqa: DTZ001 - without a zone is the point


def test_a_zone_has_its_offset_of_the_season():
    assert offset_hours("Europe/Berlin", datetime(2026, 7, 1, tzinfo=UTC)) == 2
    assert offset_hours("Asia/Shanghai", datetime(2026, 7, 1, tzinfo=UTC)) == 8
    with pytest.raises(MisuseError, match="Mars/Base"):
        offset_hours("Mars/Base", datetime(2026, 7, 1, tzinfo=UTC))


def test_a_day_begins_at_its_hour_and_the_machine_tells_utc():
    assert from_hour(day_hour(date(2026, 3, 2))) == datetime(2026, 3, 2, tzinfo=UTC)
    assert SystemClock().now().tzinfo == UTC


@given(st.integers(-(10**16), 10**16))
def test_microseconds_and_instants_go_back_and_forth(micros):
    assert to_micros(from_micros(micros)) == micros

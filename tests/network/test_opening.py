"""Opening hours are read as people write them, and written so that they read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MalformedCodeError, MisuseError
from entrepost.network import opening

weeks = st.lists(st.booleans(), min_size=168, max_size=168).map(tuple).filter(any)


def open_hours(text: str) -> list[tuple[str, int]]:
    week = opening.parse(text)
    return [(opening.DAYS[hour // 24], hour % 24) for hour in range(168) if week[hour]]


def test_day_and_night_is_every_hour_of_the_week() -> None:
    assert opening.parse("24/7") == (True,) * 168


def test_hours_are_open_from_the_first_up_to_the_last() -> None:
    assert open_hours("Mo 08-10") == [("Mo", 8), ("Mo", 9)]


def test_a_range_of_days_holds_its_last_day() -> None:
    assert open_hours("Mo-We 09-10") == [("Mo", 9), ("Tu", 9), ("We", 9)]


def test_a_range_of_days_may_pass_over_the_end_of_the_week() -> None:
    assert open_hours("Sa-Mo 09-10") == [("Mo", 9), ("Sa", 9), ("Su", 9)]


def test_a_range_from_a_day_to_the_day_before_is_the_whole_week() -> None:
    assert len(open_hours("We-Tu 00-24")) == 168


def test_parts_add_to_each_other() -> None:
    assert open_hours("Mo 08-10, Mo 09-11,Tu 00-01") == [("Mo", 8), ("Mo", 9), ("Mo", 10), ("Tu", 0)]


def test_midnight_ends_a_day_as_24() -> None:
    assert open_hours("Su 22-24, Mo 0-1") == [("Mo", 0), ("Su", 22), ("Su", 23)]


@pytest.mark.parametrize(
    "text",
    [
        *("", "always", "Mo", "Mo-Fr", "08-18", "24/6", "Mon-Fri 08-18", "mo-fr 08-18", "Mo-Fr 08:00-18:00"),
        *("Mo-Fr 18-08", "Mo 08-08", "Mo 08-25", "Mo 08-18,", "Mo  08-18", "Mo 08-18; Tu 08-18"),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MalformedCodeError, match="opening hours"):
        opening.parse(text)


def test_equal_neighbouring_days_are_joined() -> None:
    assert opening.format(opening.parse("Mo 08-18, Tu 08-18, We 08-18, Sa 08-12")) == "Mo-We 08-18, Sa 08-12"


def test_a_break_at_noon_is_written_as_two_parts() -> None:
    assert opening.format(opening.parse("Mo-Fr 08-12, Mo-Fr 13-18")) == "Mo-Fr 08-12, Mo-Fr 13-18"


def test_a_week_that_is_never_open_cannot_be_written() -> None:
    with pytest.raises(MisuseError, match="never open"):
        opening.format((False,) * 168)


@given(weeks)
def test_every_week_reads_back_as_it_was_written(week: opening.OpenWeek) -> None:
    assert opening.parse(opening.format(week)) == week

"""Public holidays are those of the country, in order of the days."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.holiday import holidays_of


def test_holidays_are_those_of_the_country() -> None:
    unity = date(2026, 10, 3)
    assert date(2026, 10, 1) in holidays_of("CN", 2026)
    assert unity in holidays_of("DE", 2026)
    assert unity not in holidays_of("US", 2026)


def test_holidays_are_of_one_year_and_in_order() -> None:
    days = list(holidays_of("DE", 2026))
    assert days == sorted(days)
    assert {day.year for day in days} == {2026}


def test_where_no_holidays_are_known_the_calendar_must_state_them() -> None:
    with pytest.raises(MissingRowError, match=r"'XX'.*calendar\.csv"):
        holidays_of("XX", 2026)

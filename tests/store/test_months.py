"""Months are told from minutes, and name their partitions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from entrepost.store.months import Month, list_months, partition_of


def test_a_month_begins_at_its_first_minute_and_ends_before_the_next() -> None:
    february = Month(date(2024, 2, 1))
    assert february.minute * 60 == datetime(2024, 2, 1, tzinfo=UTC).timestamp()
    assert (february.next.minute - february.minute) == 29 * 24 * 60
    last_minute = pl.Series([february.next.minute - 1, february.minute, february.next.minute])
    assert list_months(last_minute) == [february, february.next]


def test_december_is_followed_by_january() -> None:
    assert Month(date(2025, 12, 1)).next == Month(date(2026, 1, 1))


def test_a_month_before_1970_and_the_first_of_all_have_names() -> None:
    assert [partition_of("events", each) for each in list_months(pl.Series([-1, 0]))] == [
        "events_1969_12",
        "events_1970_01",
    ]
    assert partition_of("events", Month(date(987, 1, 1))) == "events_0987_01"

"""Instants out of text keep the offset of their place, and what is no instant is said to be none."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.operations.instants import FAULT_FORM, FAULT_ZONE, parse_instants


def one(text: str | None, **options: object) -> tuple[datetime | None, int | None, str | None]:
    return parse_instants(pl.Series([text], dtype=pl.String), **options).row(0)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("text", "hour", "offset"),
    [
        ("2026-01-05T07:53:47+09:00", datetime(2026, 1, 4, 22, 53, 47, tzinfo=UTC), 540),
        ("2026-01-05 07:53Z", datetime(2026, 1, 5, 7, 53, tzinfo=UTC), 0),
        ("2026-01-05T07:53:47.5-0330", datetime(2026, 1, 5, 11, 23, 47, 500000, tzinfo=UTC), -210),
        ("2026-01-05T07:53:47+08", datetime(2026, 1, 4, 23, 53, 47, tzinfo=UTC), 480),
    ],
)
def test_an_offset_gives_the_instant_and_is_kept(text: str, hour: datetime, offset: int) -> None:
    assert one(text) == (hour, offset, None)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01T00:00Z", "2026-01-05T25:00Z", "soon", "0000-01-01T00:00Z"])
def test_what_does_not_exist_is_a_fault_of_form(text: str) -> None:
    assert one(text, zone="UTC") == (None, None, FAULT_FORM)


def test_without_offset_and_zone_the_instant_is_not_known() -> None:
    assert one("2026-01-05T10:00:00") == (None, None, FAULT_ZONE)


def test_a_zone_knows_summer_and_winter() -> None:
    assert one("2026-01-05 10:00", zone="Europe/Berlin")[1] == 60
    assert one("2026-07-05 10:00", zone="Europe/Berlin")[1] == 120


def test_an_hour_that_the_clock_skips_counts_as_if_it_had_not_changed() -> None:
    skipped = one("2017-10-15 00:30:00", zone="America/Sao_Paulo")
    assert skipped == (datetime(2017, 10, 15, 3, 30, tzinfo=UTC), -180, None)


def test_a_bare_date_can_mean_the_end_of_its_day() -> None:
    assert one("2026-01-05", zone="UTC", end_of_day=True)[0] == datetime(2026, 1, 6, tzinfo=UTC)


def test_formats_with_and_without_offset_and_counts_of_seconds() -> None:
    assert one("05/01/2026", time_format="%d/%m/%Y", zone="UTC")[0] == datetime(2026, 1, 5, tzinfo=UTC)
    assert one("05/01/2026 10:00 +0100", time_format="%d/%m/%Y %H:%M %z")[1] == 60
    assert one("1767600000", time_format="unix")[0] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert one("1767600000000", time_format="unix_ms")[0] == datetime(2026, 1, 5, 8, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2199, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_what_python_writes_is_read_back(local: datetime, offset: int) -> None:
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    text = f"{local.isoformat()}{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    assert one(text) == (datetime.fromisoformat(text).astimezone(UTC), offset, None)

"""Time as whole UTC hours since 1970, the offset of a place, and who tells what time it is now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from entrepost.base.errors import MisuseError

WEEK_HOURS = 168
MINUTE_US, HOUR_US = 60_000_000, 3_600_000_000
"""Microseconds, of which instants in columns are whole numbers."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Tells the present instant; chosen in `wiring`, so that tests and old data can set it."""

    def now(self) -> datetime:
        """The present instant, with UTC as its zone."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, with UTC as its zone."""
        return datetime.now(UTC)


def to_hour(instant: datetime) -> int:
    """The first whole UTC hour at or after an instant: an item is there *by* that hour."""
    if instant.tzinfo is None:
        raise MisuseError(f"{instant.isoformat()} has no zone; add one, such as +08:00 or Z")
    return -((EPOCH - instant) // timedelta(hours=1))


def from_hour(hour: int) -> datetime:
    """The instant of a whole UTC hour since 1970."""
    return EPOCH + timedelta(hours=hour)


def to_micros(instant: datetime) -> int:
    """The microseconds from 1970 to an instant, as columns have them."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The instant so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


def day_hour(day: date) -> int:
    """The UTC hour at which a UTC day begins."""
    return (day - date(1970, 1, 1)).days * 24


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name; raises `MisuseError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MisuseError(f"{name!r} is not an IANA time zone such as Asia/Shanghai") from None


def offset_hours(zone_name: str, instant: datetime) -> float:
    """Hours that the local time of a zone is ahead of UTC at an instant."""
    offset = instant.astimezone(zone(zone_name)).utcoffset()
    return (offset or timedelta()).total_seconds() / 3600

"""Opening hours as people write them: '24/7', or 'Mo-Fr 08-18, Sa 08-12'."""

from __future__ import annotations

import re
from functools import lru_cache

from entrepost.base.errors import MalformedCodeError, MisuseError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_PART = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))? (\d{1,2})-(\d{1,2})")

OpenWeek = tuple[bool, ...]
"""For each of the 168 local hours of a week, Monday 00:00 first, whether it is open."""


@lru_cache(maxsize=4096)
def parse(text: str) -> OpenWeek:
    """The open hours of a week; raises `MalformedCodeError` with the part that cannot be read.

    Later parts add to earlier ones. A day range may pass over the week's end (``Sa-Mo``); hours
    may not pass midnight: write ``Mo 22-24, Tu 00-06``.
    """
    if text.strip() == "24/7":
        return (True,) * 168
    week = [False] * 168
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise MalformedCodeError(f"opening hours {part.strip()!r} are not like 'Mo-Fr 08-18'")
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        opens, closes = int(match[3]), int(match[4])
        if not 0 <= opens < closes <= 24:
            raise MalformedCodeError(f"opening hours {part.strip()!r} must begin before they end, within 00-24")
        for day in range(first, last + 1 if last >= first else last + 8):
            for hour in range(opens, closes):
                week[day % 7 * 24 + hour] = True
    return tuple(week)


def format(week: OpenWeek) -> str:
    """The text that `parse` turns into this week, day by day, equal neighbours joined.

    A week that is never open has no text and raises `MisuseError`.
    """
    if not any(week):
        raise MisuseError("a week that is never open has no opening hours to write")
    if all(week):
        return "24/7"
    days = [_day_hours(week[day * 24 : day * 24 + 24]) for day in range(7)]
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and days[last + 1] == days[day]:
            last += 1
        name = DAYS[day] if last == day else f"{DAYS[day]}-{DAYS[last]}"
        parts += [f"{name} {hours}" for hours in days[day]]
        day = last + 1
    return ", ".join(parts)


def _day_hours(day: OpenWeek) -> tuple[str, ...]:
    edges = [hour for hour in range(25) if (hour < 24 and day[hour]) != (hour > 0 and day[hour - 1])]
    return tuple(f"{opens:02d}-{closes:02d}" for opens, closes in zip(edges[::2], edges[1::2], strict=True))

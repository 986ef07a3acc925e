"""The languages of the tracking page: which one somebody reads, and its words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_percent

LANGUAGES = ("en", "zh", "fr", "es", "ar")
"""Languages of the page, by ISO 639-1; the first is for who reads none of them."""

CHANCE_MAX = 0.99
"""Nothing that has not happened is told as certain."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its words, as its file in `words` has them."""

    language: str
    words: dict[str, Any]

    @property
    def locale(self) -> str:
        """How it writes dates and numbers."""
        return str(self.words["locale"])

    @property
    def direction(self) -> str:
        """Whether it is written from left to right (ltr) or from right to left (rtl)."""
        return str(Locale.parse(self.locale).text_direction)

    def say(self, part: str, name: str, **values: str) -> str:
        """A sentence with its values put in."""
        return Template(self.words[part][name]).substitute(values)

    def country(self, code: str) -> str:
        """A country's name; the code itself where it has none."""
        return str(Locale.parse(self.locale).territories.get(code, code))

    def day(self, day: date) -> str:
        """A day as it stands in a sentence."""
        return format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        """A day as it stands in a list; its year is told in none."""
        return format_skeleton("MMMEd", day, locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """A range of days; one day by its full name."""
        if first == last:
            return self.day(last)
        return format_interval(first, last, "MMMEd" if first.year == last.year else "yMMMEd", locale=self.locale)

    def clock(self, time: Any) -> str:
        """The time of day."""
        return format_time(time, "short", locale=self.locale)

    def percent(self, probability: float) -> str:
        """A probability in whole per cent, rounded down."""
        return format_percent(int(min(probability, CHANCE_MAX) * 100 + 1e-9) / 100, locale=self.locale)


@cache
def get_language(language: str) -> Language:
    """One of `LANGUAGES` with its words."""
    text = (files("entrepost.web") / "words" / f"{language}.toml").read_text(encoding="utf-8")
    return Language(language, tomllib.loads(text))


def choose_language(asked: str, accepted: str) -> Language:
    """The language of a page: the one that was asked for, or the first that the browser accepts (RFC 9110, 12.5.4)."""
    if asked in LANGUAGES:
        return get_language(asked)
    wanted = [_read(part) for part in accepted[:400].split(",")]
    known = [(weight, name) for weight, name in wanted if name in LANGUAGES and weight > 0]
    return get_language(max(known, key=lambda each: each[0])[1] if known else LANGUAGES[0])


def _read(part: str) -> tuple[float, str]:
    """The weight and the primary tag of a part such as `fr-CH;q=0.8`; what cannot be read weighs nothing."""
    tag, _, weight = part.partition(";")
    name = tag.strip().lower().partition("-")[0]
    text = weight.strip().lower().removeprefix("q=").strip()
    try:
        return (min(1.0, float(text)) if text else 1.0), name
    except ValueError:
        return 0.0, name

"""The words of a notice: a letter in the recipient's language, as plain text and as HTML, with dates as it writes them.

A language is one file in `words`. What comes from others (a shop's name, an order's reference) is one line
without control characters before it is put into a sentence, and escaped in HTML.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined

from entrepost.experience.notice import RANGED, News

LANGUAGES = ("ar", "en", "es", "fr", "zh")
"""Languages that notices are written in, by ISO 639-1."""

NAME_MAX = 80
"""Characters of a name that are shown."""
CHANCE_MAX = 0.99
"""Nothing that has not happened is told as certain."""
WORDS = files("entrepost.experience") / "words"
FIRST_STRONG, POP = "\u2068", "\u2069"
"""They keep a name of the other direction together, in text as in HTML."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a recipient is told; days are those of his zone, `probability` that of being there by `to_day`."""

    notice: str
    news: News
    seller: str
    order_id: str
    item_id: str
    from_day: date | None = None
    to_day: date | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is written: one line of subject, plain text, and the same as HTML.

    `stop` is the token by which its recipient can say that he wants no more; empty: there is none.
    """

    notice: str
    language: str
    subject: str
    text: str
    html: str
    stop: str = ""


def write_letter(notice: Notice, language: str) -> Letter:
    """The letter that tells a notice in one of `LANGUAGES`."""
    words = get_words(language)
    kind, page = words[notice.news.name.lower()], words["page"]
    values = _values(notice, words["locale"])

    def said(text: str) -> str:
        return Template(text).substitute(values)

    paragraphs = [page["greeting"], said(kind["lead"])]
    if notice.news in RANGED:
        paragraphs += [said(words["range"][_shape(notice)]), page["honest"]]
    paragraphs += [said(page["about"]), page["closing"]]
    subject, small = said(kind["subject"]), said(page["stop"])
    html = _page().render(
        language=language,
        direction=Locale.parse(words["locale"]).text_direction,
        subject=subject,
        paragraphs=paragraphs,
        small=small,
    )
    return Letter(notice.notice, language, subject, "\n\n".join([*paragraphs, "-- \n" + small]) + "\n", html)


@cache
def get_words(language: str) -> dict[str, Any]:
    """The words of a language, as its file has them."""
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))


def one_line(text: str) -> str:
    """A name as one line of at most 80 characters, without any that steer: line ends, controls, directions."""
    plain = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Zs") else each for each in text)
    kept = "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cs", "Co"))
    line = re.sub(" +", " ", kept).strip()
    return line if len(line) <= NAME_MAX else line[: NAME_MAX - 1] + "…"


def _values(notice: Notice, locale: str) -> dict[str, str]:
    values = {"seller": one_line(notice.seller), "order": one_line(notice.order_id), "item": one_line(notice.item_id)}
    if Locale.parse(locale).text_direction == "rtl":
        values = {name: f"{FIRST_STRONG}{value}{POP}" for name, value in values.items()}
    if notice.to_day is not None:
        values["day"] = format_date(notice.to_day, "full", locale=locale)
    if notice.to_day is not None and notice.from_day is not None:
        skeleton = "MMMEd" if notice.from_day.year == notice.to_day.year else "yMMMEd"
        values["range"] = format_interval(notice.from_day, notice.to_day, skeleton, locale=locale)
    if notice.probability is not None:
        rounded_down = int(min(notice.probability, CHANCE_MAX) * 100 + 1e-9) / 100
        values["chance"] = format_percent(rounded_down, locale=locale)
    return values


def _shape(notice: Notice) -> str:
    if notice.from_day is None:
        return "by"
    return "on" if notice.from_day == notice.to_day else "between"


@cache
def _page() -> Any:
    loader = PackageLoader("entrepost.experience", "words")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("letter.html")

"""How values are written in messages: each format turns a text into a value and a value into a text, or refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from entrepost.base.money import format_minor, to_minor
from entrepost.reference.currency import get_exponent, is_currency

Words = Mapping[str, tuple[str, ...]]
"""A code list: our words, each with its codes; the first one is written, all are read."""
Codes = Mapping[str, Words]

AIRPORT = re.compile(r"^[A-Z]{3}$")
OFFICE = re.compile(r"^[A-Z]{5}[A-Z0-9]$")
LENGTH = re.compile(r"^an\.\.(\d{1,5})$")
TIMES = {"201": "%y%m%d%H%M", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S", "iso": ""}
"""Formats of a date and time (UN/EDIFACT 2379), beside ISO 8601."""
DATES = {"101": "%y%m%d", "102": "%Y%m%d", "iso": ""}
LENGTHS = {"101": 6, "102": 8, "201": 10, "203": 12, "204": 14}
FORMATS: dict[str, tuple[str, ...]] = {
    "text": ("an..N", "airport", "office"),
    "list": ("an..N", "airport", "office"),
    "code": ("the name of a code list",),
    "count": (),
    "weight": ("kg", "g"),
    "time": tuple(TIMES),
    "date": tuple(DATES),
    "yesno": ("true",),
    "amount": ("amount",),
    "number": (),
}
"""The formats of each kind of field, the first being the usual one."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a field of a kind is written: `read` and `write` raise ValueError where a value does not fit."""

    kind: str
    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    words: Mapping[str, str] | None = None


def get_format(kind: str, name: str, codes: Codes) -> Format | None:
    """The format of that name for fields of a kind, None where there is none.

    Times and amounts are read in two steps, because they need a place or a currency that stands elsewhere: `read`
    keeps their text.
    """
    if name in codes and kind in ("text", "code", "yesno"):
        return _coded(kind, codes[name])
    if kind in ("text", "list", "code"):
        return _text_format(kind, name)
    if kind == "count" and not name:
        return Format(kind, name, _read_whole, str)
    if kind == "number" and not name:
        return Format(kind, name, _read_number, str)
    if kind == "weight" and name in ("kg", "g"):
        return Format(kind, name, _read_kg, _write_kg) if name == "kg" else Format(kind, name, _read_whole, str)
    if kind == "time" and name in TIMES:
        return Format(kind, name, str, lambda value: write_time(value, name))
    if kind == "date" and name in DATES:
        return Format(kind, name, lambda text: read_date(text, name), lambda value: _write_date(value, name))
    if kind == "amount" and name in ("", "amount"):
        return Format(kind, name, str, str)
    if kind == "yesno" and name in ("", "true"):
        return _coded(kind, {"yes": ("true",), "no": ("false",)})
    return None


def _text_format(kind: str, name: str) -> Format | None:
    if kind == "code":
        return Format(kind, name, str, str) if not name else None
    if name == "airport":
        return Format(kind, name, lambda text: _like(text, AIRPORT, "three capitals"), _writes(AIRPORT, "an airport"))
    if name == "office":
        return Format(kind, name, lambda text: _like(text, OFFICE, "an office"), _writes(OFFICE, "an office"))
    found = LENGTH.match(name)
    if found:
        most = int(found[1])
        return Format(kind, name, lambda text: _short(text, most), lambda value: _short(value, most))
    return Format(kind, name, str, str) if not name else None


def _coded(kind: str, words: Words) -> Format:
    """A code list: our word on one side, their code on the other; what is not in it is never guessed."""
    theirs = {code: word for word, codes in words.items() for code in codes}

    def read(text: str) -> Any:
        word = theirs.get(text)
        if word is None:
            raise ValueError(f"{text!r} is not in the code list")
        return word == "yes" if kind == "yesno" else word

    def write(value: Any) -> str:
        word = ("yes" if value else "no") if kind == "yesno" else value
        if word not in words:
            raise ValueError(f"the code list has no code for {word!r}")
        return words[word][0]

    return Format(kind, "", read, write, theirs)


def _like(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.match(text):
        raise ValueError(f"{text!r} is not {what}")
    return text


def _writes(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    return lambda value: _like(value, pattern, what)


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(f"it has {len(text)} characters, {most} are allowed")
    return text


def _read_whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _read_number(text: str) -> str:
    return str(_read_decimal(text))


def _read_decimal(text: str) -> Decimal:
    """A number with a point or a comma; both are decimal marks of EDIFACT."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not value.is_finite() or abs(value) >= 10**12 or not text.isascii():
        raise ValueError(f"{text!r} is not a number")
    return value


def _read_kg(text: str) -> int:
    grams = _read_decimal(text) * 1000
    if grams < 0 or grams != int(grams):
        raise ValueError(f"{text!r} kg is not a weight in whole grams")
    return int(grams)


def _write_kg(value: int) -> str:
    return f"{Decimal(value) / 1000:f}"


def read_time(text: str, name: str, zone: tzinfo) -> datetime:
    """The instant of a local time with the offset of its place.

    An hour that comes twice is its first one, and one that the clock leaves out counts as if it had not changed yet.
    """
    if name == "iso":
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else _place(given, zone)
    return _read_digits(text, name, zone)


@lru_cache(maxsize=65536)
def _read_digits(text: str, name: str, zone: tzinfo) -> datetime:
    if not (text.isascii() and text.isdigit()) or len(text) != LENGTHS[name]:
        raise ValueError(f"{text!r} is not {LENGTHS[name]} digits of a date and time")
    digits = text if name != "201" else f"20{text}"
    numbers = [int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, len(digits), 2))]
    return _place(datetime(*numbers, tzinfo=zone), zone)  # type: ignore[arg-type,misc]


def _place(given: datetime, zone: tzinfo) -> datetime:
    offset = given.replace(tzinfo=zone).utcoffset() or timedelta()
    return given.replace(tzinfo=timezone(offset))


def write_time(value: datetime, name: str) -> str:
    """A local time in a format; it is cut to what the format can say."""
    if name == "iso":
        return value.isoformat().replace("+00:00", "Z")
    return value.strftime(TIMES[name])


def read_date(text: str, name: str) -> date:
    """A day in a format."""
    if name == "iso":
        return date.fromisoformat(text)
    if not (text.isascii() and text.isdigit()) or len(text) != LENGTHS[name]:
        raise ValueError(f"{text!r} is not {LENGTHS[name]} digits of a date")
    digits = text if name == "102" else f"20{text}"
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _write_date(value: date, name: str) -> str:
    return value.isoformat() if name == "iso" else value.strftime(DATES[name])


def read_amount(text: str, currency: str) -> int:
    """Minor units of an amount; more digits behind the point than the currency has are refused, not rounded."""
    if not is_currency(currency):
        raise ValueError(f"{currency!r} is not a currency")
    exponent = get_exponent(currency)
    scaled = _read_decimal(text).scaleb(exponent)
    if scaled != int(scaled):
        raise ValueError(f"{text!r} has more digits behind the point than {currency}")
    return to_minor(str(_read_decimal(text)), exponent)


def write_amount(value: int, currency: str) -> str:
    """Major units of an amount."""
    if not is_currency(currency):
        raise ValueError(f"{currency!r} is not a currency")
    return format_minor(value, get_exponent(currency))

"""What a destination asks of an item on a day: reliefs, the way its duty is worked out, schemes, taxes, fees.

Every figure is a dated row with its source and confidence. Amounts are decimals in the currency of the row,
which is the currency in which the law states them; they become minor units here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from entrepost.base.money import to_minor
from entrepost.reference.currency import get_exponent
from entrepost.reference.table import Row, read_dated
from entrepost.reference.vat import find_added_vat

NONE = -1
"""Stands where the law knows no such limit."""
UNKNOWN_ORIGIN = "?"
"""Stands for the origin in the terms of goods of which nobody says where they were made, where that decides."""
ANY = "*"
CONFIDENCES = ("assumed", "low", "medium", "high")
HUNDRED_PERCENT = 100_000
"""Rates are whole hundred-thousandths: 19 % is 19,000."""
AMOUNTS = ("duty_free", "tax_free", "duty_limit", "duty_each", "duty_deduction", "duty_ceiling")
LIMITS = ("forgiven", "scheme_limit", "gift_free")


@dataclass(frozen=True, slots=True)
class DestinationTerms:
    """One row of `destination_terms`: amounts in minor units of `currency`, -1 where there is no such limit."""

    terms: str
    currency: str
    valid_from: date
    amounts: dict[str, int]
    rates: dict[str, int]
    words: dict[str, str]
    confidence: str

    def __getitem__(self, column: str) -> str:
        return self.words[column]


@dataclass(frozen=True, slots=True)
class Share:
    """A rate in hundred-thousandths, the amount that may stand for it (-1: none), and its confidence."""

    rate: int
    each_minor: int
    confidence: str


def find_terms(destination: str, origins: Iterable[str], day: date) -> DestinationTerms | None:
    """The terms of a destination; those that hold only for an origin go before, if any of these is one."""
    for key in (*(f"{destination}:{origin}" for origin in sorted(set(origins))), destination, territory(destination)):
        if found := _terms(key, day):
            return found
    return None


def territory(country: str) -> str:
    """The union whose law on imports is that of a country (EU), or the country itself."""
    row = read_dated("customs_territories", "country").find(country)
    return row["territory"] if row else country


def find_tax(country: str, region: str | None, day: date) -> Share | None:
    """The rate of VAT, GST or sales tax: that of the state or province where it is given and known.

    What a user added goes before. Where a country has rates by state and none is found its own is called assumed.
    """
    if region and (share := _find_share(f"{country}-{region}", day)):
        return share
    share = _find_share(country, day)
    return replace(share, confidence="assumed") if share and country in _with_states() else share


def find_origin_rate(destination: str, origin: str, currency: str, day: date) -> Share | None:
    """The rate of a destination for goods of an origin, or of its union, or of any.

    Without an origin there is one only where that of any is of all.
    """
    table = read_dated("origin_rates", "rate")
    if not origin and _differ_by_origin(destination, day):
        return None
    for place in (origin, territory(origin), ANY):
        row = table.find(f"{destination}:{place}", day) if place else None
        if row:
            return Share(to_rate(row["percent"]), _limit(row["each"], currency), row["confidence"])
    return None


def list_fees(country: str, day: date) -> list[Row]:
    """The national fees of a country on a day."""
    return [row for row in read_dated("import_fees", "fee").rows() if row["country"] == country and row.holds(day)]


def find_article_duty(country: str, hs_code: str, day: date) -> Row | None:
    """The duty that holds for the whole chapter of an article, where one is known."""
    chapter = hs_code[:2]
    for row in read_dated("article_duties", "articles").rows():
        inside = row["chapter_first"] <= chapter <= row["chapter_last"]
        if row["country"] == country and inside and row.holds(day):
            return row
    return None


def to_rate(percent: str) -> int:
    """Hundred-thousandths of a percentage written as a decimal: 25.5 is 25,500."""
    return to_minor(percent, 3)


def lowest(confidences: Iterable[str]) -> str:
    """The least of some confidences; of none the highest."""
    return min(confidences, key=CONFIDENCES.index, default=CONFIDENCES[-1])


@cache
def _terms(key: str, day: date) -> DestinationTerms | None:
    row = read_dated("destination_terms", "terms").find(key, day)
    if row is None:
        return None
    currency = row["currency"]
    amounts = {name: to_minor(row[name] or "0", get_exponent(currency)) for name in AMOUNTS}
    amounts |= {name: _limit(row[name], currency) for name in LIMITS}
    rates = {name: to_rate(row[name] or "0") for name in ("duty_percent_low", "duty_percent")}
    return DestinationTerms(key, currency, row.valid_from, amounts, rates, dict(row.cells), row["confidence"])


def _limit(text: str, currency: str) -> int:
    return to_minor(text, get_exponent(currency)) if text else NONE


def _find_share(place: str, day: date) -> Share | None:
    """The rate of a country or of one of its states; what a user added goes before."""
    if (added := find_added_vat(place, day)) is not None:
        return Share(added, NONE, CONFIDENCES[-1])
    row = read_dated("consumption_tax", "place").find(place, day)
    return Share(to_rate(row["percent"]), NONE, row["confidence"]) if row else None


def _differ_by_origin(destination: str, day: date) -> bool:
    table = read_dated("origin_rates", "rate")
    named = (key for key in table.keys() if key.startswith(f"{destination}:") and not key.endswith(ANY))  # noqa: SIM118
    return any(table.find(key, day) for key in named)


@cache
def _with_states() -> frozenset[str]:
    keys = read_dated("consumption_tax", "place").keys()
    return frozenset(key.partition("-")[0] for key in keys if "-" in key)

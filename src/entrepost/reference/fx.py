"""Exchange rates: the European Central Bank's, the SDR from its basket, fixed ones, and rates that were added.

A rate says how many units of a currency one euro buys. The last rate on or before a day counts. What the law wants
rates for (limits, duty value) takes one that is at most seven days old, and without one there is a finding. What
is quoted may be worked out at an older one, up to `quote_days`, and says of which day it is.

References
----------
European Central Bank, euro foreign exchange reference rates, through the package currencyconverter.
International Monetary Fund, SDR valuation: the value of one SDR is the sum of fixed amounts of five
currencies. The Fund converts them at the London market's noon; here they are converted at the ECB's
rates of 14:15 in Frankfurt, which differs in the third or fourth digit.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding, finding_code
from entrepost.base.money import divide_half_up
from entrepost.reference.added import keep, list_added
from entrepost.reference.currency import XDR, get_exponent, is_currency
from entrepost.reference.fx_file import read_file, write_text
from entrepost.reference.table import read_dated

MISSING = finding_code("exchange_rate_missing", "There is no exchange rate for a currency on a day.")

EURO = "EUR"
OLDEST_DAYS = 7
"""No older rate is taken where the law wants one; holidays are bridged by it (*assumed*)."""
QUOTE_DAYS = 92
"""A quote may go by a rate so old, unless `ENTREPOST_RATES_OLDEST_DAYS` says otherwise; see decision 56."""
MOST_DAYS = 366
KIND = "fx"
FEED = "fx-feed"
"""What `reference.rate_feed` took from the place that the operator named."""
FIX = (
    "entrepost reference add fx FILE, such as the ECB's eurofxref-hist.zip; ENTREPOST_RATES lets a server read it daily"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """Units of a currency for one euro, and the day of which that is the rate."""

    rate: Fraction
    day: date


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates by currency and day; what was `added` goes before what the ECB says."""

    added: Mapping[str, Mapping[date, Fraction]] = field(default_factory=dict)

    def find(self, currency: str, day: date) -> Fraction | None:
        """Units of a currency for one euro, or None where no rate is at most seven days old."""
        found = self.find_last(currency, day)
        return found.rate if found else None

    def find_last(self, currency: str, day: date, oldest_days: int = OLDEST_DAYS) -> Dated | None:
        """The last rate on or before a day that is at most so old, with its day; None where there is none.

        What was added goes first where it is at most seven days old; otherwise the later of the two counts.
        """
        if currency == EURO:
            return Dated(Fraction(1), day)
        own = self._find_own(currency, day, oldest_days)
        if own and (day - own.day).days <= OLDEST_DAYS:
            return own
        came = self._find_known(currency, day, oldest_days)
        return max((each for each in (own, came) if each), key=lambda each: each.day, default=None)

    def get(self, currency: str, day: date) -> Fraction:
        """Units of a currency for one euro; raises `MissingRowError` where there is no rate."""
        rate = self.find(currency, day)
        if rate is None:
            raise MissingRowError(f"{self.say_missing(currency, day)}: {FIX}")
        return rate

    def convert(self, amount_minor: int, from_currency: str, to_currency: str, day: date) -> int:
        """An amount in minor units of another currency, exact, rounded once, half away from zero.

        Raises
        ------
        MissingRowError
            Where one of the two has no rate on that day, or is no currency.
        """
        if from_currency == to_currency:
            return amount_minor
        shift = Fraction(10) ** (get_exponent(to_currency) - get_exponent(from_currency))
        value = amount_minor * shift * self.get(to_currency, day) / self.get(from_currency, day)
        return divide_half_up(value.numerator, value.denominator)

    def check(self, currency: str, day: date, subject: str) -> list[Finding]:
        """A finding where a currency has no rate on a day."""
        if self.find(currency, day) is not None:
            return []
        return [Finding(MISSING, "currency", self.say_missing(currency, day), subject, fix=FIX)]

    def say_missing(self, currency: str, day: date) -> str:
        """That there is no rate as the law wants it, and of which day the last one is."""
        last = self.find_last(currency, day, MOST_DAYS) if is_currency(currency) else None
        told = f"; the last is of {last.day}, too old for customs" if last else ""
        return f"no rate for {currency} on {day} or in the {OLDEST_DAYS} days before{told}"

    def _find_own(self, currency: str, day: date, oldest_days: int) -> Dated | None:
        own = self.added.get(currency)
        ages = range(oldest_days + 1) if own else ()
        days = (day - timedelta(days=age) for age in ages)
        return next((Dated(own[each], each) for each in days if each in own), None) if own else None

    def _find_known(self, currency: str, day: date, oldest_days: int) -> Dated | None:
        if currency == XDR:
            return self._sdr(day, oldest_days)
        return _find_ecb(currency, day, oldest_days) or self._pegged(currency, day, oldest_days)

    def _pegged(self, currency: str, day: date, oldest_days: int) -> Dated | None:
        """The rate of a currency that is held at a fixed rate to another."""
        row = read_dated("currency_pegs", "currency").find(currency, day)
        anchor = self.find_last(row["anchor"], day, oldest_days) if row else None
        return Dated(Fraction(row["rate"]) * anchor.rate, anchor.day) if row and anchor else None

    def _sdr(self, day: date, oldest_days: int) -> Dated | None:
        worth, oldest = Fraction(0), day
        for row in read_dated("sdr_basket", "currency").rows():
            if not row.holds(day):
                continue
            found = self.find_last(row["currency"], day, oldest_days)
            if found is None:
                return None
            worth += Fraction(row["amount"]) / found.rate
            oldest = min(oldest, found.day)
        return Dated(1 / worth, oldest) if worth else None


def quote_days() -> int:
    """How old a rate may be by which is quoted: `ENTREPOST_RATES_OLDEST_DAYS`, otherwise `QUOTE_DAYS`.

    Raises
    ------
    MisuseError
        When the setting is no number of days from 7 to 366.
    """
    said = os.environ.get("ENTREPOST_RATES_OLDEST_DAYS", "") or str(QUOTE_DAYS)
    if not said.isascii() or not said.isdigit() or not OLDEST_DAYS <= int(said) <= MOST_DAYS:
        raise MisuseError(f"ENTREPOST_RATES_OLDEST_DAYS is {said!r}; give days, from {OLDEST_DAYS} to {MOST_DAYS}")
    return int(said)


def convert(amount_minor: int, from_currency: str, to_currency: str, day: date) -> int:
    """An amount in minor units of another currency at the rates that are known; see `Rates.convert`."""
    return known_rates().convert(amount_minor, from_currency, to_currency, day)


def known_rates() -> Rates:
    """What comes along, before it what a server reads daily, and before that what was added, the newest last.

    The same object comes back for as long as no file is added.
    """
    return _read_added((*list_added(FEED)[-1:], *list_added(KIND)))


def add_rates(path: str | Path) -> tuple[int, list[Finding]]:
    """Add the rates of a file (see `fx_file`) to those that are known from now on, in every process of this user.

    What the ECB's rates that come along say already is not kept once more.

    Returns
    -------
    tuple
        How many rates were added, and the findings of the rows that were not.
    """
    rates, findings = read_rates(path)
    before = known_rates().added
    new = {code: news for code, by_day in rates.added.items() if (news := _news(code, by_day, before.get(code, {})))}
    if new:
        keep(KIND, write_text(new))
    return sum(map(len, new.values())), findings


def _news(currency: str, by_day: Mapping[date, Fraction], before: Mapping[date, Fraction]) -> dict[date, Fraction]:
    """What is not said by the ECB's rates alone; what was added before counts until it is added anew."""
    return {
        day: rate for day, rate in by_day.items() if day in before or _find_ecb(currency, day, 0) != Dated(rate, day)
    }


def read_rates(path: str | Path) -> tuple[Rates, list[Finding]]:
    """Read a rates file, one's own or the ECB's; see `fx_file.read_bytes`."""
    read = read_file(path)
    return Rates(read.rates), read.findings


@lru_cache(maxsize=4)
def _read_added(paths: tuple[Path, ...]) -> Rates:
    added: dict[str, dict[date, Fraction]] = {}
    for path in paths:
        for code, by_day in read_file(path).rates.items():
            added.setdefault(code, {}).update(by_day)
    return Rates(added)


@lru_cache(maxsize=65536)
def _find_ecb(currency: str, day: date, oldest_days: int) -> Dated | None:
    converter = _converter()
    if currency not in converter.currencies:
        return None
    from currency_converter import RateNotFoundError

    first, last = converter.bounds[currency]
    held = min(day, last)
    while held >= max(first, day - timedelta(days=oldest_days)):
        try:
            return Dated(Fraction(converter.convert(1, EURO, currency, date=held)), held)
        except RateNotFoundError:
            held -= timedelta(days=1)
    return None


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter  # reads thirty years of rates: a third of a second

    return CurrencyConverter(decimal=True)

"""Exchange rates: the European Central Bank's, the SDR from its basket, fixed ones, and rates that a user added.

A rate says how many units of a currency one euro buys. The last rate on or before a day counts, if it
is at most seven days old; otherwise the rate is missing, and that is a finding.

References
----------
European Central Bank, euro foreign exchange reference rates, through the package currencyconverter.
International Monetary Fund, SDR valuation: the value of one SDR is the sum of fixed amounts of five
currencies. The Fund converts them at the London market's noon; here they are converted at the ECB's
rates of 14:15 in Frankfurt, which differs in the third or fourth digit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.base.money import divide_half_up
from entrepost.reference.added import keep, list_added
from entrepost.reference.currency import XDR, get_exponent, is_currency
from entrepost.reference.table import read_dated

MISSING = finding_code("exchange_rate_missing", "There is no exchange rate for a currency on a day.")
MALFORMED = finding_code("exchange_rate_malformed", "A row of a rates file cannot be read.")

EURO = "EUR"
OLDEST_DAYS = 7
COLUMNS = ("currency", "day", "rate")
KIND = "fx"


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates by currency and day; what was `added` goes before what the ECB says."""

    added: Mapping[str, Mapping[date, Fraction]] = field(default_factory=dict)

    def find(self, currency: str, day: date) -> Fraction | None:
        """Units of a currency for one euro, or None where no rate is at most seven days old."""
        if currency == EURO:
            return Fraction(1)
        own = self.added.get(currency, {})
        for age in range(OLDEST_DAYS + 1):
            if rate := own.get(day - timedelta(days=age)):
                return rate
        if currency == XDR:
            return self._sdr(day)
        return _find_ecb(currency, day) or self._pegged(currency, day)

    def get(self, currency: str, day: date) -> Fraction:
        """Units of a currency for one euro; raises `MissingRowError` where there is no rate."""
        rate = self.find(currency, day)
        if rate is None:
            raise MissingRowError(f"no exchange rate for {currency} on {day}: entrepost reference add fx FILE")
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
        message = f"no rate for {currency} on {day} or in the {OLDEST_DAYS} days before"
        return [Finding(MISSING, "currency", message, subject, fix="entrepost reference add fx FILE")]

    def _pegged(self, currency: str, day: date) -> Fraction | None:
        """The rate of a currency that is held at a fixed rate to another."""
        row = read_dated("currency_pegs", "currency").find(currency, day)
        anchor = self.find(row["anchor"], day) if row else None
        return Fraction(row["rate"]) * anchor if row and anchor else None

    def _sdr(self, day: date) -> Fraction | None:
        worth = Fraction(0)
        for row in read_dated("sdr_basket", "currency").rows():
            if not row.holds(day):
                continue
            rate = self.find(row["currency"], day)
            if rate is None:
                return None
            worth += Fraction(row["amount"]) / rate
        return 1 / worth if worth else None


def convert(amount_minor: int, from_currency: str, to_currency: str, day: date) -> int:
    """An amount in minor units of another currency at the rates that are known; see `Rates.convert`."""
    return known_rates().convert(amount_minor, from_currency, to_currency, day)


def known_rates() -> Rates:
    """What comes along, and before it what was added by `add_rates`, the newest addition first."""
    return _read_added(tuple(list_added(KIND)))


def add_rates(path: str | Path) -> tuple[int, list[Finding]]:
    """Add the rates of a file (see `read_rates`) to those that are known from now on, in every process of this user.

    Returns
    -------
    tuple
        How many rates were added, and the findings of the rows that were not.
    """
    rates, findings = read_rates(path)
    rows = [(code, day, rate) for code, by_day in sorted(rates.added.items()) for day, rate in sorted(by_day.items())]
    if rows:
        lines = [",".join(COLUMNS), *(f"{code},{day},{_decimal(rate)}" for code, day, rate in rows)]
        keep(KIND, "\n".join(lines) + "\n")
    return len(rows), findings


def _decimal(rate: Fraction) -> str:
    """A rate as it was written: rates that are read are decimals, so this is exact."""
    whole, part = divmod(rate, 1)
    return f"{whole}.{int(part * 10**15):015d}".rstrip("0").rstrip(".")


@lru_cache(maxsize=4)
def _read_added(paths: tuple[Path, ...]) -> Rates:
    added: dict[str, dict[date, Fraction]] = {}
    for path in paths:
        for code, by_day in read_rates(path)[0].added.items():
            added.setdefault(code, {}).update(by_day)
    return Rates(added)


def read_rates(path: str | Path) -> tuple[Rates, list[Finding]]:
    """Read a rates file: CSV with the columns `currency`, `day` (ISO) and `rate` (units for one euro).

    Rows that cannot be read come back as findings and lose no other row.

    Raises
    ------
    UnreadableInputError
        Where the file is not UTF-8 CSV or lacks a column.
    """
    name = Path(path).name
    try:
        reader = csv.DictReader(io.StringIO(Path(path).read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableInputError(f"{path} cannot be read: {error}; give CSV in UTF-8") from None
    absent = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if absent:
        raise UnreadableInputError(f"{path} lacks the columns {', '.join(absent)}; it needs {', '.join(COLUMNS)}")
    added: dict[str, dict[date, Fraction]] = {}
    findings: list[Finding] = []
    for number, cells in rows:
        findings += _add(added, cells, name, number)
    return Rates(added), findings


def _add(added: dict[str, dict[date, Fraction]], cells: Mapping[str, str | None], name: str, row: int) -> list[Finding]:
    currency, day, rate = ((cells[column] or "").strip() for column in COLUMNS)
    if not is_currency(currency):
        return [Finding(MALFORMED, "currency", f"{currency!r} is not a currency", name, row, "a code of ISO 4217")]
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", rate) or not Fraction(rate):
        return [Finding(MALFORMED, "rate", f"{rate!r} is not a rate", name, row, "units for one euro, such as 7.8521")]
    try:
        added.setdefault(currency, {})[date.fromisoformat(day)] = Fraction(rate)
    except ValueError:
        return [Finding(MALFORMED, "day", f"{day!r} is not a day", name, row, "write it like 2026-03-31")]
    return []


@lru_cache(maxsize=65536)
def _find_ecb(currency: str, day: date) -> Fraction | None:
    converter = _converter()
    if currency not in converter.currencies:
        return None
    from currency_converter import RateNotFoundError

    first, last = converter.bounds[currency]
    for age in range(OLDEST_DAYS + 1):
        held = day - timedelta(days=age)
        if not first <= held <= last:
            continue
        try:
            return Fraction(converter.convert(1, EURO, currency, date=held))
        except RateNotFoundError:
            continue
    return None


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter  # reads thirty years of rates: a third of a second

    return CurrencyConverter(decimal=True)

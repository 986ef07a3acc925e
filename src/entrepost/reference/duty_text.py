"""Duties as tariffs print them: `5.1% + 2.4 cents/kg`, `10.00% MIN 22.40 EUR / 100 kg`, `Free`.

What cannot be read raises; it is never taken for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from entrepost.base.errors import MalformedCodeError
from entrepost.base.money import divide_half_up
from entrepost.reference.currency import get_exponent

KG, PIECE = "kg", "piece"
MEASURES = {
    "kg": (KG, Fraction(1)),
    "kg/net": (KG, Fraction(1)),
    "kgnet": (KG, Fraction(1)),
    "tonne": (KG, Fraction(1000)),
    "t": (KG, Fraction(1000)),
    "item": (PIECE, Fraction(1)),
    "items": (PIECE, Fraction(1)),
    "each": (PIECE, Fraction(1)),
    "doz.": (PIECE, Fraction(12)),
    "gross": (PIECE, Fraction(144)),
}
"""Measures in which a duty can be worked out from a content line; a unit may be many of the measure."""
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
RATE_SCALE = 1_000
MICRO = 1_000_000
RATE_MOST = 400_000
MICRO_MOST = 4 * 10**12
"""No duty is above 400 % or 4,000,000 minor units a kilogram or piece; up to here amounts stay within 64 bits."""
OTHERS = re.compile(r"(hl|liter|litre|%\s*vol\s*/\s*hl|m2|m3|m|pr\.|kg\s*/?\s*[a-z][a-z ./%]*|[a-z]+\.?)", re.I)
_NUMBER = r"([0-9][0-9,]*(?:\.[0-9]+)?)"
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_MONEY = re.compile(rf"{_NUMBER}\s*([A-Z]{{3}}|€|£)\s*/\s*(?:([0-9][0-9,]*)\s*)?(.+)")
_CENTS = re.compile(rf"(?:{_NUMBER}\s*cents|\$\s*{_NUMBER})\s*(?:/\s*(.+)|(each))")


class UnreadableDutyError(MalformedCodeError):
    """A text is not a duty that can be read."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A sum of a share of the value (hundred-thousandths) and amounts a measure (millionths of a minor unit)."""

    rate: int = 0
    per_kg_micro: int = 0
    per_piece_micro: int = 0
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty in one currency, with the sums that it is at least and at most (None: no such bound)."""

    currency: str
    base: Parts
    least: Parts | None = None
    most: Parts | None = None

    @property
    def is_computable(self) -> bool:
        """Whether weight, pieces and value are all that is needed; alcohol or dry matter are not known of a line."""
        return not any(parts.others for parts in (self.base, self.least, self.most) if parts)

    @property
    def needs_weight(self) -> bool:
        """Whether an amount is asked for each kilogram."""
        return any(parts.per_kg_micro for parts in (self.base, self.least, self.most) if parts)


@lru_cache(maxsize=65536)
def parse_duty(text: str, currency: str) -> Duty:
    """Read a duty of a tariff whose amounts are in one currency.

    Raises
    ------
    UnreadableDutyError
        Where the text is empty, is prose, hangs on the season, names another currency or is beyond any duty.
    """
    written = re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()
    if written.lower() == "free":
        return Duty(currency, Parts())
    base, least, most = _split(written)
    return Duty(
        currency,
        _parse_sum(base, currency, text),
        _parse_sum(least, currency, text) if least else None,
        _parse_sum(most, currency, text) if most else None,
    )


def _split(text: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(.*?)(?:\sMIN\s(.*?))?(?:\sMAX\s(.*?))?", text)
    base, least, most = found.groups() if found else (text, None, None)
    return base, least or "", most or ""


def _parse_sum(text: str, currency: str, whole: str) -> Parts:
    rate, held, others = 0, {KG: 0, PIECE: 0}, []
    for part in text.split("+"):
        if found := _PERCENT.fullmatch(part.strip()):
            rate += _scaled(found[1], Fraction(RATE_SCALE))
            continue
        measure, micro = _parse_amount(part.strip(), currency, whole)
        if measure in held:
            held[measure] += micro
        else:
            others.append((measure, micro))
    if rate > RATE_MOST or max(held.values()) > MICRO_MOST:
        raise UnreadableDutyError(f"{whole!r} is beyond any duty")
    return Parts(rate, held[KG], held[PIECE], tuple(others))


def _parse_amount(part: str, currency: str, whole: str) -> tuple[str, int]:
    """The measure of an amount, and millionths of a minor unit for one of it."""
    scale = Fraction(10) ** get_exponent(currency) * MICRO
    if found := _CENTS.fullmatch(part):
        cents, dollars, measure, each = found.groups()
        given, many, unit, scale = "USD", "", measure or each, scale / (100 if cents else 1)
        amount = cents or dollars
    elif found := _MONEY.fullmatch(part):
        amount, sign, many, unit = found.groups()
        given = SIGNS.get(sign, sign)
    else:
        raise UnreadableDutyError(f"{whole!r} is not a duty that can be read")
    if given != currency:
        raise UnreadableDutyError(f"{whole!r} is not in {currency}, the currency of the tariff")
    name = re.sub(r"\s*/\s*", "/", unit.strip())
    if name in MEASURES:
        measure_name, size = MEASURES[name]
    elif OTHERS.fullmatch(name):
        measure_name, size = name, Fraction(1)
    else:
        raise UnreadableDutyError(f"{whole!r} is not a duty that can be read")
    units = Fraction((many or "1").replace(",", ""))
    return measure_name, _scaled(amount, scale / (units * size))


def _scaled(number: str, scale: Fraction) -> int:
    value = Fraction(number.replace(",", "")) * scale
    return divide_half_up(value.numerator, value.denominator)

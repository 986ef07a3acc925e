"""Money in integer minor units; exact rounding, half away from zero, once per amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from entrepost.base.errors import MisuseError


def to_minor(amount: str | int | Decimal, exponent: int) -> int:
    """Turn an amount in major units into minor units, half away from zero.

    Parameters
    ----------
    amount : str, int or Decimal
        Major units, a decimal point, no thousands separator: ``"2.675"``. A float is refused.
    exponent : int
        Digits behind the point that the currency has (ISO 4217): JPY 0, EUR 2, KWD 3.
    """
    if isinstance(amount, float):
        raise MisuseError(f"{amount!r} is a float; give money as text, integer or Decimal")
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        raise MisuseError(f"{amount!r} is not an amount; write it like 12.50") from None
    if not value.is_finite():
        raise MisuseError(f"{amount!r} is not an amount; write it like 12.50")
    return int(value.scaleb(exponent).to_integral_value(rounding=ROUND_HALF_UP))


def format_minor(amount_minor: int, exponent: int) -> str:
    """Major units as text with the currency's digits: ``format_minor(1250, 2) == "12.50"``."""
    return str(Decimal(amount_minor).scaleb(-exponent)) if exponent else str(amount_minor)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Integer division rounded half away from zero; the only rounding that rules on money use."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))

"""Mass in grams and length in millimetres as integers; the factors are exact by definition."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from entrepost.base.errors import MisuseError

MASS_G = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}
"""Grams in one unit of mass (international pound and ounce of 1959)."""

LENGTH_MM = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4")}
"""Millimetres in one unit of length (international inch of 1959)."""


def to_grams(amount: str | int | Decimal, unit: str) -> int:
    """Whole grams, half up, from an amount in `unit` (g, kg, lb, oz)."""
    return _to_whole(amount, unit, MASS_G, "mass")


def to_millimetres(amount: str | int | Decimal, unit: str) -> int:
    """Whole millimetres, half up, from an amount in `unit` (mm, cm, m, in)."""
    return _to_whole(amount, unit, LENGTH_MM, "length")


def _to_whole(amount: str | int | Decimal, unit: str, factors: dict[str, Decimal], kind: str) -> int:
    if unit not in factors:
        raise MisuseError(f"{unit!r} is not a unit of {kind}; use one of {', '.join(factors)}")
    try:
        value = Decimal(str(amount).strip()) * factors[unit]
    except InvalidOperation:
        raise MisuseError(f"{amount!r} is not a number of {unit}") from None
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))

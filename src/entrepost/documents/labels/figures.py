"""Weights and amounts as forms state them."""

from __future__ import annotations

from entrepost.base.money import format_minor
from entrepost.reference.currency import get_exponent


def format_kg(weight_g: int) -> str:
    """Kilograms with three decimals: 450 g is 0.450."""
    return f"{weight_g // 1000}.{weight_g % 1000:03d}"


def format_value(value_minor: int, currency: str) -> str:
    """An amount with all decimals of its currency, as declared: neither rounded nor grouped."""
    return format_minor(value_minor, get_exponent(currency))

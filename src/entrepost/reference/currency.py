"""Currencies and the digits behind their point."""

from __future__ import annotations

from datetime import date

from entrepost.reference.table import read_dated

XDR = "XDR"
"""The special drawing right of the International Monetary Fund (SDR), in which posts settle."""


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency in which amounts are stated (ISO 4217; XDR among them)."""
    return read_dated("currencies", "currency").find(code) is not None


def get_exponent(code: str, day: date | None = None) -> int:
    """Digits behind the point: JPY 0, EUR 2, KWD 3; raises `MissingRowError` for an unknown currency."""
    return int(read_dated("currencies", "currency").at(code, day)["exponent"])


def list_currencies() -> list[str]:
    """The code of every currency."""
    return read_dated("currencies", "currency").keys()

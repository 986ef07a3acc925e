"""Up to which value a gift from one person to another is free of duty and tax, by country and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.reference.table import read_dated


@dataclass(frozen=True, slots=True)
class GiftLimit:
    """The greatest value of a free gift, itself free, in minor units of `currency`."""

    country: str
    limit_minor: int
    currency: str
    source: str


def find_gift_limit(country: str, day: date) -> GiftLimit | None:
    """The limit of a country on a day, or None where none is known."""
    row = read_dated("gift_limits", "country").find(country, day)
    return GiftLimit(country, int(row["limit_minor"]), row["currency"], row["source"]) if row else None

"""Duty and tax on consumer goods by country and day: one rate each, and the value up to which none is due.

It stands in where customs cannot tell what is due (`planning.border`); every row is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.reference.table import read_dated

ANY = "*"


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What is due in a country: percents, and the values in minor units of `currency` up to which nothing is."""

    country: str
    duty_percent: float
    duty_free_minor: int
    tax_percent: float
    tax_free_minor: int
    currency: str
    source: str


def import_terms(country: str, day: date) -> ImportTerms:
    """The terms of a country on a day; of one that is not named those of any country."""
    table = read_dated("import_terms", "country")
    row = table.find(country, day) or table.at(ANY, day)
    return ImportTerms(
        country,
        float(row["duty_percent"]),
        int(row["duty_free_minor"]),
        float(row["tax_percent"]),
        int(row["tax_free_minor"]),
        row["currency"],
        row["source"],
    )

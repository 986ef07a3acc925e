"""Duty and tax by country: a row of its own, or the row of any country."""

from __future__ import annotations

from datetime import date

from entrepost.network.sample_network import sample_network
from entrepost.reference.import_term import import_terms
from entrepost.reference.table import read_dated

DAY = date(2026, 5, 11)


def test_a_country_has_its_own_row() -> None:
    found = import_terms("DE", DAY)
    assert (found.tax_percent, found.duty_free_minor, found.currency) == (19.0, 16_000, "USD")


def test_a_country_that_is_not_named_has_the_terms_of_any() -> None:
    assert import_terms("ZZ", DAY).country == "ZZ"
    assert import_terms("ZZ", DAY).duty_percent == 10.0


def test_every_country_of_the_sample_network_is_named() -> None:
    assert {row.country for row in sample_network().regions} <= set(read_dated("import_terms", "country").keys())

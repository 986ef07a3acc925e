"""The law of a day made ready: terms, exchange rates and duties are looked up, and what is missing has a name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from entrepost.customs.params import LandedCostParams
from entrepost.customs.terms_book import TermsBook


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TermsBook:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path))
    return TermsBook(date(2026, 3, 2), LandedCostParams())


def test_terms_are_in_minor_units_of_the_currency_of_the_law(book: TermsBook) -> None:
    terms = book.find_terms("JP", "")
    assert terms is not None
    assert (terms.currency, terms.figures.duty_free, terms.figures.tax_rate) == ("JPY", 10_000, 10_000)
    assert book.find_terms("MN", "") is None


def test_why_a_duty_is_not_known_has_a_name(book: TermsBook) -> None:
    japan, brazil = book.find_terms("JP", ""), book.find_terms("BR", "SP")
    assert japan is not None
    assert brazil is not None
    assert book.line_rate(japan, "", "CN").wrong == "duty_code_missing"
    assert book.line_rate(japan, "610910", "CN").wrong == "duty_rate_missing"
    assert book.line_rate(brazil, "", "CN").wrong == ""


def test_a_rate_that_is_missing_is_none_and_a_pegged_one_is_there(book: TermsBook) -> None:
    assert book.ratio("KWD", "EUR") is None
    assert book.convert(100, "KWD", "EUR") == -1
    assert book.convert(367_250, "AED", "USD") == 100_000

"""Weights and amounts as forms state them."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.figures import format_kg, format_value


@pytest.mark.parametrize(("grams", "text"), [(0, "0.000"), (1, "0.001"), (450, "0.450"), (12_345, "12.345")])
def test_kilograms_have_three_decimals(grams: int, text: str) -> None:
    assert format_kg(grams) == text


@pytest.mark.parametrize(("currency", "text"), [("JPY", "1234"), ("EUR", "12.34"), ("KWD", "1.234")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, text: str) -> None:
    assert format_value(1234, currency) == text

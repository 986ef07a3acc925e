"""Currencies have the digits that ISO 4217 gives them."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.reference.currency import XDR, get_exponent, is_currency, list_currencies
from entrepost.reference.fx import Rates


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("JPY", 0), ("KRW", 0), ("EUR", 2), ("HUF", 2), ("KWD", 3), ("IQD", 3), ("CLF", 4), ("XDR", 2)],
)
def test_a_currency_has_the_digits_of_the_standard(currency: str, digits: int) -> None:
    assert get_exponent(currency) == digits


def test_every_currency_with_rates_today_has_digits() -> None:
    assert not is_currency("XAU")
    assert {"CNY", "USD", "BRL", XDR} <= set(list_currencies())
    assert Rates().find("CNY", date(2026, 3, 2)) is not None


def test_a_currency_that_is_gone_has_no_digits_any_more() -> None:
    with pytest.raises(MissingRowError, match="'HRK'"):
        get_exponent("HRK", date(2023, 1, 1))

"""Up to which value a gift is free."""

from __future__ import annotations

from datetime import date

from entrepost.reference.currency import is_currency
from entrepost.reference.gift_limit import find_gift_limit
from entrepost.reference.table import read_dated

DAY = date(2026, 6, 1)


def test_a_country_has_a_limit_in_its_own_currency_or_none_is_known() -> None:
    found = find_gift_limit("GB", DAY)
    assert found is not None
    assert (found.limit_minor, found.currency) == (3900, "GBP")
    assert find_gift_limit("BR", DAY) is None
    assert find_gift_limit("GB", date(2020, 12, 31)) is None


def test_every_limit_is_in_a_currency() -> None:
    assert all(is_currency(row["currency"]) for row in read_dated("gift_limits", "country").rows())

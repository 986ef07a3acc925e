"""What a country wants to know of mail, when, and from which day on."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.reference.advance_data import (
    FIELDS,
    Due,
    find_due,
    from_mask,
    list_required,
    regime_of,
    to_mask,
)

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("country", "day", "regime"),
    [
        ("DE", date(2021, 3, 14), "UPU"),
        ("DE", date(2021, 3, 15), "ICS2"),
        ("CH", DAY, "ICS2"),
        ("US", DAY, "STOP"),
        ("MG", DAY, "UPU"),
    ],
)
def test_a_country_has_its_regime_from_a_day_on(country: str, day: date, regime: str) -> None:
    assert regime_of(country, day) == regime


def test_by_air_to_the_european_union_data_are_due_before_loading_and_by_sea_since_the_third_release() -> None:
    assert find_due("ICS2", "air", DAY) == Due("loading", 0, True)
    assert find_due("ICS2", "sea", date(2024, 6, 2)) is None
    assert find_due("ICS2", "sea", date(2024, 6, 3)) == Due("loading", 24, False)


def test_the_code_of_an_article_is_wanted_of_sales_only_where_the_country_asks_for_it() -> None:
    assert "hs_code" in list_required("NATIONAL", "sale", DAY)
    assert "hs_code" not in list_required("NATIONAL", "gift", DAY)


def test_fields_go_into_a_mask_and_come_back() -> None:
    assert from_mask(to_mask(FIELDS)) == FIELDS
    assert from_mask(to_mask(("nature", "quantity"))) == ("quantity", "nature")

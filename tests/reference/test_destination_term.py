"""What destinations ask: every row has sense, and what is not known is not there."""

from __future__ import annotations

from datetime import date

import pytest

from entrepost.customs.assess import METHODS
from entrepost.reference.destination_term import (
    CONFIDENCES,
    find_article_duty,
    find_origin_rate,
    find_tax,
    find_terms,
    lowest,
    territory,
    to_rate,
)
from entrepost.reference.duty_text import parse_duty
from entrepost.reference.table import read_dated

DAY = date(2026, 7, 2)
ROWS = read_dated("destination_terms", "terms").rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['terms']} {row.valid_from}")
def test_a_row_can_be_turned_into_terms_with_a_tax(row: object) -> None:
    country, _, origin = row["terms"].partition(":")  # type: ignore[index]
    found = find_terms(country, [origin] if origin else [], row.valid_from)  # type: ignore[attr-defined]
    assert found is not None
    assert found["duty_method"] in METHODS
    assert found.confidence in CONFIDENCES
    place = "DE" if country == "EU" else country
    assert found["tax_method"] == "none" or find_tax(place, "", max(found.valid_from, date(2026, 1, 1)))


def test_members_of_the_union_have_its_law_and_their_own_tax() -> None:
    assert territory("DE") == territory("HU") == "EU"
    found = find_terms("HU", [], DAY)
    assert found is not None
    assert found["rule"] == "eu_flat_duty"
    assert [find_tax(place, "", DAY).rate for place in ("HU", "LU", "FI")] == [27_000, 17_000, 25_500]  # type: ignore[union-attr]


def test_a_rate_goes_by_origin_then_union_then_any() -> None:
    days = date(2025, 9, 1), date(2026, 3, 2)
    found = [find_origin_rate("US", origin, "USD", day) for day in days for origin in ("CN", "FR", "MN")]
    assert [each and each.rate for each in found] == [30_000, 15_000, None, 10_000, 10_000, 10_000]


def test_without_an_origin_there_is_a_rate_only_where_it_is_that_of_all() -> None:
    assert find_origin_rate("TR", "", "EUR", date(2025, 6, 1)) is None
    found = find_origin_rate("US", "", "USD", date(2026, 2, 24))
    assert found is not None
    assert found.rate == 10_000


def test_states_have_rates_of_their_own_and_where_none_is_named_it_is_assumed() -> None:
    found = [find_tax("BR", state, DAY) for state in ("MG", "SP", "", "XX")]
    assert [(each.rate, each.confidence) for each in found if each] == [
        (20_000, "medium"),
        (17_000, "medium"),
        (17_000, "assumed"),
        (17_000, "assumed"),
    ]


def test_duties_of_whole_chapters_can_be_read() -> None:
    row = find_article_duty("CH", "610910", DAY)
    assert row is not None
    assert parse_duty(row["duty"], "CHF").base.rate == 0
    assert find_article_duty("CH", "040690", DAY) is None


def test_rates_are_exact_and_the_least_confidence_counts() -> None:
    assert (to_rate("25.5"), to_rate("9.975")) == (25_500, 9_975)
    assert lowest(["high", "low", "medium"]) == "low"

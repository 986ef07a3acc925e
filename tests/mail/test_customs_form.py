"""Which customs form an item carries: by its class, and by its value in SDR on the day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from entrepost.mail.customs_form import check_form, choose_form, find_value_sdr, form_number
from entrepost.reference.fx import Rates

DAY = date(2026, 5, 11)
RATES = Rates({"XDR": {DAY: Fraction(4, 5)}, "KWD": {DAY: Fraction(2, 5)}})
"""One SDR is 1.25 euro, and 0.5 dinar."""


@pytest.mark.parametrize(
    ("item", "value_minor", "currency", "form"),
    [
        ("RB123456785CN", 37_500, "EUR", "cn22"),
        ("RB123456785CN", 37_501, "EUR", "cn23"),
        ("UB123456785CN", 150_000, "KWD", "cn22"),
        ("UB123456785CN", 150_010, "KWD", "cn23"),
        ("CP123456785CN", 100, "EUR", "cp72"),
        ("EE123456785CN", 100, "EUR", "cn23"),
    ],
)
def test_three_hundred_sdr_divide_letter_post(item: str, value_minor: int, currency: str, form: str) -> None:
    assert choose_form(item, value_minor, currency, DAY, RATES) == form


def test_the_last_rate_before_a_day_decides_and_is_told() -> None:
    later = date(2026, 11, 29)
    assert find_value_sdr(150_000, "KWD", later, RATES)[0] == 30_000
    findings = check_form("cn22", "RB123456785CN", 150_000, "KWD", later, RATES)
    assert [(each.code, each.level) for each in findings] == [("exchange_rate_missing", "warning")]
    assert "of the week to 2026-05-1" in findings[0].message


def test_without_a_rate_the_form_that_says_more_is_taken() -> None:
    assert choose_form("RB123456785CN", 100, "XXX", DAY, RATES) == "cn23"
    assert choose_form("RB123456785CN", 100, "KWD", date(2020, 1, 1), RATES) == "cn23"
    for form, level in (("cn22", "error"), ("cn23", "warning")):
        findings = check_form(form, "RB123456785CN", 100, "KWD", date(2020, 1, 1), RATES)
        assert [(each.code, each.level) for each in findings] == [("exchange_rate_missing", level)]


def test_cn22_is_refused_above_its_limit_and_for_parcels() -> None:
    assert check_form("cn22", "RB123456785CN", 37_500, "EUR", DAY, RATES) == []
    assert [each.code for each in check_form("cn22", "RB123456785CN", 40_000, "EUR", DAY, RATES)] == [
        "customs_form_too_small"
    ]
    assert [each.code for each in check_form("cn22", "CP123456785CN", 100, "EUR", DAY, RATES)] == ["customs_form_wrong"]
    assert check_form("cn23", "RB123456785CN", 100, "EUR", DAY, RATES) == []


def test_the_limit_itself_is_cn22() -> None:
    assert [form_number(1, 0, value, 30_000) for value in (30_000, 30_001)] == [0, 1]

"""Duties as tariffs print them are read exactly, or not at all."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.reference.duty_text import Duty, Parts, UnreadableDutyError, parse_duty


@pytest.mark.parametrize(
    ("text", "currency", "duty"),
    [
        ("Free", "USD", Duty("USD", Parts())),
        ("0.0%", "EUR", Duty("EUR", Parts())),
        ("12.0%", "GBP", Duty("GBP", Parts(12_000))),
        ("5.1% + 2.4 cents/kg", "USD", Duty("USD", Parts(5_100, 2_400_000))),
        ("$1.50/kg + 7%", "USD", Duty("USD", Parts(7_000, 150_000_000))),
        ("40 cents each + 5%", "USD", Duty("USD", Parts(5_000, 0, 40_000_000))),
        ("10 % MIN 22.4 EUR/100 kg", "EUR", Duty("EUR", Parts(10_000), Parts(0, 22_400_000))),
        ("1,024.00 EUR / tonne", "EUR", Duty("EUR", Parts(0, 102_400_000))),
        ("52.00 EUR / 1,000 items", "EUR", Duty("EUR", Parts(0, 0, 5_200_000))),
        ("34.00 GBP/100kg", "GBP", Duty("GBP", Parts(0, 34_000_000))),
        (
            "4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item",
            "EUR",
            Duty("EUR", Parts(4_500), Parts(0, 0, 30_000_000), Parts(0, 0, 80_000_000)),
        ),
    ],
)
def test_a_duty_is_a_sum_with_bounds(text: str, currency: str, duty: Duty) -> None:
    assert parse_duty(text, currency) == duty
    assert duty.is_computable


@pytest.mark.parametrize("text", ["32.00 EUR / hl", "1.75 EUR / % vol / hl", "3.80% MIN 0.60 EUR / 100 kg / gross"])
def test_a_duty_by_another_measure_is_read_and_not_worked_out(text: str) -> None:
    assert not parse_duty(text, "EUR").is_computable


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Entry Price",
        "9.00% +  EA MAX 18.70%  + ADSZ",
        "6.4 + 24.6 EUR/100 kg",
        "15.00% (01 JAN-14 FEB), 0.00% (15 FEB-15 JUN)",
        "The duty provided in the applicable subheading + 10%",
        "2.4 cents/kg less 0.02 cents/kg for each degree",
        "1.5%%",
        "-5%",
    ],
)
def test_what_cannot_be_read_is_never_nothing(text: str) -> None:
    with pytest.raises(UnreadableDutyError):
        parse_duty(text, "EUR")


def test_a_duty_in_another_currency_is_refused() -> None:
    with pytest.raises(UnreadableDutyError, match="not in GBP"):
        parse_duty("10.00 EUR / 100 kg", "GBP")


@given(st.text(max_size=40))
def test_no_text_does_anything_but_read_or_refuse(text: str) -> None:
    with suppress(UnreadableDutyError):
        assert parse_duty(text, "EUR").currency == "EUR"

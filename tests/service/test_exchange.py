"""Amounts in the network's currency."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl

import entrepost.tables  # noqa: F401
from entrepost.reference.fx import Rates
from entrepost.service.exchange import Exchange, converted_minor
from entrepost.service.ratecard import day_number

DAY = date(2026, 1, 5)
RATES = Rates({
    "USD": {DAY: Fraction("1.25")}, "JPY": {DAY: Fraction(160)}, "KWD": {DAY: Fraction("0.4")},
    "XTS": {DAY: Fraction(10**12 + 1, 10**12 - 1)},
})  # fmt: skip


def converted(to_currency: str, rows: list[tuple[int, str | None, date]]) -> list[int | None]:
    frame = pl.DataFrame(
        [(amount, currency, day_number(day)) for amount, currency, day in rows],
        schema={"amount_minor": pl.Int64, "currency": pl.String, "placed_day": pl.Int64},
        orient="row",
    )
    exchange = Exchange(to_currency, RATES)
    values = exchange.convert(frame).to_list()
    assert values == [
        exchange.find_converted(amount, currency or to_currency, day_number(day)) for amount, currency, day in rows
    ]
    return values


def test_digits_of_both_currencies_count() -> None:
    assert converted("EUR", [(125, "USD", DAY), (160, "JPY", DAY), (400, "KWD", DAY)]) == [100, 100, 100]
    assert converted("JPY", [(100, "EUR", DAY), (125, "USD", DAY), (400, "KWD", DAY)]) == [160, 160, 160]
    assert converted("KWD", [(100, "EUR", DAY), (160, "JPY", DAY)]) == [400, 400]


def test_half_a_minor_unit_goes_up() -> None:
    assert converted_minor(5, 1, 10) == 1
    assert converted_minor(4, 1, 10) == 0
    assert converted("JPY", [(1, "KWD", DAY), (80, "JPY", DAY)]) == [0, 80]


def test_same_currency_needs_no_rate() -> None:
    assert converted("TWD", [(7, "TWD", date(1900, 1, 1)), (0, None, DAY)]) == [7, 0]


def test_missing_rate_and_unknown_currency_are_null() -> None:
    assert converted("EUR", [(7, "KWD", date(2020, 1, 1)), (7, "ZZZ", DAY), (125, "USD", DAY)]) == [None, None, 100]


def test_last_rate_before_a_day_without_one_counts() -> None:
    assert converted("EUR", [(125, "USD", date(2026, 1, 8))]) == [100]


def test_figures_beyond_64_bits_are_taken_one_by_one() -> None:
    assert converted("EUR", [(125 * 10**15, "USD", DAY), (125, "USD", DAY)]) == [10**17, 100]

"""Money is exact: half away from zero, once."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import MisuseError
from entrepost.base.money import divide_half_up, format_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "exponent", "minor"),
    [
        ("2.675", 2, 268),
        ("-2.675", 2, -268),
        ("1250", 0, 1250),
        ("0.5", 0, 1),
        ("1.0005", 3, 1001),
        (Decimal("3"), 2, 300),
    ],
)
def test_an_amount_becomes_minor_units(amount, exponent, minor):
    assert to_minor(amount, exponent) == minor


@pytest.mark.parametrize("amount", [2.675, "1,50", "NaN", "Infinity", ""])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(MisuseError):
        to_minor(amount, 2)


@given(st.integers(-(10**9), 10**9), st.integers(-1000, 1000).filter(bool))
def test_division_rounds_as_decimals_do(numerator, denominator):
    exact = (Decimal(numerator) / Decimal(denominator)).to_integral_value(rounding=ROUND_HALF_UP)
    assert divide_half_up(numerator, denominator) == exact


@given(st.integers(-(10**15), 10**15), st.sampled_from([0, 2, 3, 4]))
def test_what_is_written_is_read_back(minor, exponent):
    assert to_minor(format_minor(minor, exponent), exponent) == minor

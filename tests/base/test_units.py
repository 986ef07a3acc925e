"""Factors are exact, and grams and millimetres whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from entrepost.base.errors import MisuseError
from entrepost.base.units import to_grams, to_millimetres


def test_factors_of_units_are_exact() -> None:
    assert to_grams("1", "lb") == 454
    assert to_grams(Decimal("0.5"), "kg") == 500
    assert to_grams("100000000", "lb") == 45_359_237_000
    assert to_grams("16", "oz") == to_grams("1", "lb")
    assert to_millimetres("12", "in") == 305


def test_half_a_gram_is_rounded_up() -> None:
    assert [to_grams(text, "g") for text in ("0.4", "0.5", "1.5", "2.5")] == [0, 1, 2, 3]
    assert to_millimetres(" 2.25 ", "cm") == 23


def test_another_unit_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(MisuseError, match="'stone' is not a unit of mass; use one of g, kg, lb, oz"):
        to_grams(1, "stone")
    with pytest.raises(MisuseError, match="'kg' is not a unit of length"):
        to_millimetres(1, "kg")


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(MisuseError, match="'heavy' is not a number of kg"):
        to_grams("heavy", "kg")

"""Numbers of sellers' schemes: each example that is kept has the form that is kept beside it."""

from __future__ import annotations

import pytest

from entrepost.reference.scheme_number import check_scheme_number, is_scheme_number
from entrepost.reference.table import read_dated

ROWS = read_dated("scheme_numbers", "scheme").rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["scheme"])
def test_an_example_has_the_form_of_its_scheme(row: object) -> None:
    assert is_scheme_number(row["scheme"], row["example"])  # type: ignore[index]


@pytest.mark.parametrize("number", ["IM123456789", "IM12345678901", "IN1234567890", "im1234567890", "IM1234567890\n"])
def test_an_ioss_number_is_im_and_ten_digits(number: str) -> None:
    assert not is_scheme_number("IOSS", number)
    assert [each.level for each in check_scheme_number("IOSS", number, "i")] == ["warning"]


def test_no_number_is_nothing_wrong() -> None:
    assert check_scheme_number("IOSS", "", "i") == []

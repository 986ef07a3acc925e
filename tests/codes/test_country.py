"""Countries are two letters of ISO 3166-1."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MalformedCodeError
from entrepost.codes import country


def test_a_country_is_read_in_any_case_and_printed_in_capitals() -> None:
    assert country.parse(" cn ") == "CN"
    assert country.format("de") == "DE"


@pytest.mark.parametrize("text", ["UK", "EU", "CHN", "C", "", "ÇN"])
def test_what_no_country_is_called_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(MalformedCodeError, match="write two letters such as CN"):
        country.parse(text)


def test_a_code_is_a_country_only_in_capitals() -> None:
    assert country.is_country("GB")
    assert not country.is_country("gb")
    assert not country.is_country("GB ")

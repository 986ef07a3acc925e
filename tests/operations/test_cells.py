"""Figures are read exactly or not at all."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.operations.cells import convert, parse_number


@pytest.mark.parametrize("text", ["1,000", "1 000", "NaN", "Infinity", "1e20", "", "--1"])
def test_what_is_not_plainly_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


def test_a_decimal_comma_allows_no_point() -> None:
    assert parse_number("12,5", ",") == Decimal("12.5")
    with pytest.raises(ValueError, match="is not a number"):
        parse_number("1.000,5", ",")


@given(st.lists(st.integers(0, 20).map(str) | st.none() | st.just("x")))
def test_converting_distinct_values_is_converting_each(texts: list[str | None]) -> None:
    def number(text: str | None) -> int | None:
        return None if text is None else int(text)

    read = convert(pl.DataFrame({"text": texts}, schema={"text": pl.String}), number)
    assert read.height == len(texts)
    for text, value, reason in zip(texts, read["value"], read["reason"], strict=True):
        assert value == (None if text in (None, "x") else int(str(text)))
        assert (reason is not None) == (text == "x")

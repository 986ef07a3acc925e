"""Codes of the Harmonized System: six to ten digits, of a chapter that there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import hs
from tests.codes.mutation import spoiled


def test_a_code_has_chapter_heading_and_subheading() -> None:
    code = hs.parse("6109.10.00 10")
    assert (code.chapter, code.heading, code.subheading) == ("61", "6109", "610910")
    assert hs.format(code) == str(code) == "6109100010"
    assert hs.format(code, dotted=True) == "6109.10.0010"
    assert hs.format(hs.parse("610910"), dotted=True) == "6109.10"


@given(st.text("0123456789", min_size=6, max_size=10))
def test_what_is_formatted_is_read_back(digits: str) -> None:
    code = hs.HS(digits)
    assert hs.parse(hs.format(code)) == hs.parse(hs.format(code, dotted=True)) == code


@given(st.text() | spoiled("610910"))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        code = hs.parse(text)
    except hs.MalformedHSError:
        assert [finding.level for finding in hs.check(text)] == ["error"]
    else:
        assert hs.parse(hs.format(code)) == code


@pytest.mark.parametrize("text", ["61091", "61091000100", "6109AB", "", "\uff1610910"])
def test_what_is_not_six_to_ten_digits_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(hs.MalformedHSError, match="not 6 to 10 digits; write it such as 610910"):
        hs.parse(text)
    assert [(finding.code, finding.level) for finding in hs.check(text)] == [("hs_malformed", "error")]


@pytest.mark.parametrize("text", ["000000", "770100"])
def test_a_chapter_that_is_none_is_a_warning(text: str) -> None:
    assert [(finding.code, finding.level) for finding in hs.check(text)] == [("hs_chapter_unknown", "warning")]
    assert hs.check("990100") == []

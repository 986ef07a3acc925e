"""Codes are written with plain capitals and digits."""

from __future__ import annotations

import pytest

from entrepost.codes.signs import is_digits, is_letters, is_letters_or_digits, squeeze


def test_blanks_are_layout_and_small_letters_are_raised() -> None:
    assert squeeze(" rb 123\t456\u00a0785 gb\r\n") == "RB123456785GB"


@pytest.mark.parametrize("text", ["ß", "\u017f", "\ufb01", "\u0131"])
def test_letters_that_would_become_others_are_left_as_they_are(text: str) -> None:
    assert squeeze(text) == text


@pytest.mark.parametrize("text", ["\uff11\uff12", "²3", "\u0663\u0664", "1", "123", "1a", "-1"])
def test_digits_are_those_of_a_keyboard(text: str) -> None:
    assert is_digits("12", 2)
    assert not is_digits(text, 2)


@pytest.mark.parametrize("text", ["ab", "ÄB", "A", "ABC", "A1", "A "])
def test_letters_are_plain_capitals(text: str) -> None:
    assert is_letters("AB", 2)
    assert not is_letters(text, 2)


def test_both_may_be_mixed() -> None:
    assert is_letters_or_digits("A1", 2)
    assert is_letters_or_digits("11", 2)
    assert not is_letters_or_digits("a1", 2)
    assert not is_letters_or_digits("A-", 2)

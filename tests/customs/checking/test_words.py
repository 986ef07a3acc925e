"""How like a description is to one that says nothing."""

from __future__ import annotations

import pytest

from entrepost.customs.checking.words import list_likeness


@pytest.mark.parametrize("text", ["gift", " Gift! ", "GIFTS", "gift parts", "2 accessories", "1004", "...", ""])
def test_vague_words_alone_are_vague_however_they_are_written(text: str) -> None:
    assert list_likeness([text]) == [100]


@pytest.mark.parametrize("text", ["eletronics", "acessories", "clothng"])
def test_a_vague_word_with_a_letter_missing_is_nearly_vague(text: str) -> None:
    (likeness,) = list_likeness([text])
    assert 90 <= likeness < 100


@pytest.mark.parametrize(
    "text",
    ["cotton T-shirt for men", "brake discs for passenger cars", "gift card holder of leather", "棉质T恤", "toy car"],
)
def test_a_description_that_says_what_it_is_is_like_none(text: str) -> None:
    (likeness,) = list_likeness([text])
    assert likeness < 90


def test_each_is_judged_by_itself() -> None:
    assert list_likeness(["gift", "cotton T-shirt for men of size 40", "gift"]) == [100, 0, 100]
    assert list_likeness([]) == []

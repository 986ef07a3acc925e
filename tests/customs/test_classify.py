"""Codes are suggested from the words of official texts."""

from hypothesis import given
from hypothesis import strategies as st

from entrepost.customs.classify import index_texts, official_words, words_of

TEXTS = (
    ("61", "Apparel and clothing accessories; knitted or crocheted"),
    ("6109", "T-shirts, singlets and other vests; knitted or crocheted"),
    ("610910", "T-shirts, singlets and other vests; of cotton, knitted or crocheted"),
    ("610990", "T-shirts, singlets and other vests; of textile materials (other than cotton), knitted or crocheted"),
    ("9503", "Toys"),
    ("950300", "Tricycles, scooters; dolls; other toys; puzzles of all kinds"),
    ("61099020", "T-shirts of wool or fine animal hair"),
    ("851830", "Headphones and earphones, whether or not combined with a microphone"),
)
INDEX = index_texts(TEXTS)


def _codes(description: str) -> list[str]:
    return [each.hs_code for each in INDEX.suggest(description)]


def test_the_material_tells_codes_of_one_heading_apart() -> None:
    assert _codes("Cotton T-shirt for men")[0] == "610910"
    assert _codes("Woolen tee, t-shirt of wool")[0] == "610990"


def test_what_a_text_excludes_does_not_speak_for_it() -> None:
    assert "cotton" not in words_of("of textile materials (other than cotton)")
    assert "horse" not in words_of("Animals, excl. horses, live")


def test_everyday_words_stand_for_official_ones() -> None:
    assert _codes("wireless earbuds")[0] == "851830"
    assert official_words("something else") == []


def test_longer_codes_lend_their_words_and_are_not_suggested() -> None:
    assert all(len(code) == 6 for code in _codes("fine animal hair"))
    assert _codes("fine animal hair") == ["610990"]


def test_suggestions_say_which_words_they_share_and_never_more_than_a_hundred() -> None:
    first = INDEX.suggest("puzzle toys")[0]
    assert {"puzzle", "toy"} <= set(first.words)
    assert 0 < first.score <= 100


def test_a_description_without_a_known_word_has_no_suggestion() -> None:
    for description in ("", "\0", "qwertz", "\u202e", "礼物"):
        assert INDEX.suggest(description) == []


def test_only_valid_codes_are_suggested() -> None:
    assert index_texts(TEXTS, valid={"950300"}).codes == ("950300",)


@given(st.text(max_size=200))
def test_any_text_can_be_classified(text: str) -> None:
    assert len(INDEX.suggest(text, most=3)) <= 3

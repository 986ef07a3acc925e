"""Text becomes glyphs: joined, ordered by direction, a face for each script, and never a control character."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.shape import clean, list_levels, shape


def numbers(text: str) -> list[int]:
    return [glyph.number for run in shape(text).runs for glyph in run.glyphs]


def said(text: str) -> str:
    return "".join(glyph.text for run in shape(text).runs for glyph in run.glyphs)


@pytest.mark.parametrize("text", ["Anna Müller", "Дмитрий", "王小明", "Ελλάδα", "서울특별시", "東京都"])
def test_text_from_left_to_right_keeps_its_order(text: str) -> None:
    assert said(text) == text
    assert shape(text).missing == ""


def test_arabic_letters_join_and_run_from_right_to_left() -> None:
    alone = {number for sign in "محمد" for number in numbers(sign)}
    assert not set(numbers("محمد")) & alone - set(numbers("د"))
    assert said("محمد")[-1] == "م"
    assert shape("محمد").is_rightward


def test_numbers_in_arabic_text_keep_their_digits_in_order() -> None:
    assert "11564" in said("الرياض 11564")
    assert said("الرياض 11564").startswith("11564")
    assert list_levels("\N{ARABIC LETTER ALEF} 12") == [1, 1, 2, 2]


def test_latin_inside_arabic_stays_readable_and_brackets_turn() -> None:
    assert "Ltd" in said("شركة Ltd جديدة")
    shown = said("(محمد)")
    assert len(shown) == 6


def test_marks_sit_on_their_letters() -> None:
    run = shape("بُ").runs[0]
    assert [glyph.advance > 0 for glyph in run.glyphs].count(True) == 1
    assert len(run.glyphs) > 1


def test_chinese_characters_take_the_forms_of_the_country() -> None:
    chinese, japanese = shape("直", country="CN"), shape("直", country="JP")
    assert chinese.runs[0].face.name != japanese.runs[0].face.name
    assert chinese.runs[0].glyphs[0].number != japanese.runs[0].glyphs[0].number


def test_a_character_without_a_font_is_a_square_and_told() -> None:
    shaped = shape("a\U0001f600b\U0001f600")
    assert shaped.missing == "\U0001f600"
    assert said("a\U0001f600") == "a\N{WHITE SQUARE}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\x00b", "a b"),
        ("a\r\n^XA", "a ^XA"),
        ("x\u202ey", "xy"),
        ("Haupt\u00adstraße", "Hauptstraße"),
        ("葛\U000e0100", "葛"),
        ("\ud800", ""),
        ("e\u0301", "é"),
        ("  a\tb ", "a b"),
    ],
)
def test_controls_are_blanks_and_marks_that_turn_text_are_left_out(text: str, plain: str) -> None:
    assert clean(text) == plain


def test_joiners_stay_and_have_the_level_of_what_stands_before() -> None:
    text = "می\N{ZERO WIDTH NON-JOINER}رود"
    assert clean(text) == text
    assert set(list_levels(text)) == {1}
    assert shape("क्\u200dष").missing == ""


def test_bold_is_wider() -> None:
    assert shape("Anna", True).width > shape("Anna").width

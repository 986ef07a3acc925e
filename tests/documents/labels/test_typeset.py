"""Lines into a room: they wrap where a reader expects it, shrink, and tell what does not fit."""

from __future__ import annotations

import unicodedata

import pytest

from entrepost.documents.labels.typeset import Room, Text, height_of, list_parts, set_text, wrap


def lines(text: str, width: int, size: int = 20) -> list[str]:
    return [line.text for line in wrap(text, Text(text), size, width)]


def test_words_wrap_at_blanks_and_hyphens() -> None:
    assert lines("one two three", 80) == ["one two", "three"]
    assert list_parts("Müller-Lüdenscheidt 5") == ["Müller-", "Lüdenscheidt ", "5"]


def test_chinese_wraps_between_characters_but_no_line_begins_with_a_full_stop() -> None:
    assert list_parts("南山区。18号") == ["南", "山", "区。", "18", "号"]
    assert all(line.measure(20) <= 100 for line in wrap("深圳市南山区科技园南路", Text(""), 20, 100))


def test_a_word_longer_than_the_room_is_cut() -> None:
    broken = lines("Donaudampfschifffahrtsgesellschaft", 120)
    assert "".join(broken) == "Donaudampfschifffahrtsgesellschaft"
    assert len(broken) > 1


@pytest.mark.parametrize("text", ["Anna Müller", "محمد عبد الله", "深圳市南山区", "x" * 50])
@pytest.mark.parametrize("width", [60, 120, 400])
def test_nothing_is_wider_than_its_room_and_nothing_is_lost(text: str, width: int) -> None:
    found = wrap(text, Text(text), 20, width)
    assert all(line.measure(20) <= width for line in found)
    assert "".join("".join(line.text for line in found).split()) == "".join(text.split())


def test_a_word_is_never_cut_before_a_mark() -> None:
    text = "กรุงเทพมหานครอมรรัตนโกสินทร์"
    marks = [line[0] for line in lines(text, 80) if unicodedata.category(line[0]).startswith("M")]
    assert len(lines(text, 80)) > 2
    assert marks == []


def test_the_size_falls_until_the_text_fits() -> None:
    room = Room(0, 0, 200, 2 * height_of(20))
    assert {each.size for each in set_text([Text("short")], room, (30, 20, 10)).words} == {30}
    setting = set_text([Text("four words in lines")], room, (30, 20, 10))
    assert setting.is_whole
    assert {each.size for each in setting.words} == {20}


def test_what_does_not_fit_is_told_and_stays_inside() -> None:
    room = Room(10, 10, 100, 2 * height_of(10))
    setting = set_text([Text("a line that is much too long for this small room, whatever is done")], room, (20, 10))
    assert not setting.is_whole
    assert setting.end <= room.y + room.height


def test_text_from_right_to_left_stands_at_the_right() -> None:
    room = Room(0, 0, 400, 100)
    arabic, latin = (set_text([Text(text)], room, (20,)).words[0] for text in ("محمد", "Anna"))
    assert (arabic.x + arabic.shaped.measure(20), latin.x) == (400, 0)
    assert set_text([Text("Anna")], room, (20,), "centre").words[0].x > 100


def test_empty_paragraphs_take_no_room() -> None:
    assert set_text([Text(" "), Text("a")], Room(0, 0, 50, height_of(20)), (20,)).is_whole

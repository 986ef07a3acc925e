"""ZPL: text in hexadecimal, other scripts as dots, nothing but the commands that labels use."""

from __future__ import annotations

import pytest

from entrepost.documents.labels.shape import shape
from entrepost.documents.labels.sheet import Bars, Box, Sheet, Words
from entrepost.documents.labels.zpl import escape, is_latin, pack, write_zpl
from tests.documents.labels.printer import print_zpl


@pytest.mark.parametrize("text", ["^XA", "~HI", "_5E", "a^FSb", "ü~JR", "C:\\x"])
def test_a_field_holds_no_sign_that_a_printer_obeys(text: str) -> None:
    assert not set(escape(text)) & set("^~\\")
    sheet = Sheet(400, 100, "", (Words(10, 50, 20, shape(text)), Box(0, 0, 9, 9, 2)))
    page = print_zpl(write_zpl([sheet]))[0]
    assert page.texts == [text]
    assert page.commands.count("XA") == 1


def test_latin_is_sent_as_text_and_other_scripts_as_dots() -> None:
    assert is_latin("Müller, Straße 5")
    assert not is_latin("Иванов")
    marks = (Words(10, 50, 30, shape("Müller")), Words(10, 150, 30, shape("Иванов")), Bars(10, 200, 2, 50, "A1"))
    page = print_zpl(write_zpl([Sheet(400, 300, "", marks)]))[0]
    assert page.texts == ["Müller"]
    assert (page.dots[:100] == 255).all()
    assert (page.dots[120:160] == 0).sum() > 300


def test_sheets_with_and_without_pictures_keep_their_order() -> None:
    plain, other = (Sheet(100, 100, "", (Words(5, 50, 20, shape(text)),)) for text in ("ab", "йц"))
    pages = print_zpl(write_zpl([plain, other, plain, other]))
    assert [page.texts for page in pages] == [["ab"], [], ["ab"], []]
    assert [bool((page.dots == 0).any()) for page in pages] == [False, True, False, True]


def test_white_ends_of_rows_and_equal_rows_are_packed() -> None:
    assert pack([b"\xf0\x00", b"\xf0\x00", b"\x00\x00", b"\x12\x34"]) == "F,:,1234"

"""PDF: a sound file whose pages are as large as their sheets, whose text can be searched, whose strings are inert."""

from __future__ import annotations

import re

import pypdfium2

from entrepost.documents.labels.pdf import to_string, write_pdf
from entrepost.documents.labels.shape import shape
from entrepost.documents.labels.sheet import Bars, Box, Sheet, Squares, Words
from tests.documents.labels.made_up import read_codes, read_text, render

MARKS = (
    Box(10, 10, 100, 50, 3),
    Box(20, 20, 10, 10),
    Words(20, 200, 40, shape("Anna Мюллер")),
    Bars(60, 300, 3, 90, "RB123456785CN"),
    Squares(60, 420, 6, "RB123456785CN/DE"),
)


def test_boxes_are_whole_dots_with_their_line_inside() -> None:
    page = render(write_pdf([Sheet(800, 1200, "", MARKS)]))[0]
    assert page[10:13, 10:110].max() < 4
    assert page[9, :].min() > 251
    assert page[13:20, 13:107].min() > 251
    assert page[20:30, 20:30].max() < 4


def test_codes_read_back_and_text_can_be_searched() -> None:
    data = write_pdf([Sheet(800, 1200, "", MARKS)])
    assert read_codes(render(data)[0]) == {("Code128", "RB123456785CN"), ("DataMatrix", "RB123456785CN/DE")}
    assert "Anna Мюллер" in read_text(data)[0]


def test_chinese_can_be_searched_and_a_font_holds_only_what_is_used() -> None:
    data = write_pdf([Sheet(800, 400, "", (Words(10, 100, 40, shape("深圳市南山区", True)),))])
    assert "深圳市南山区" in read_text(data)[0]
    assert len(data) < 12_000


def test_the_places_of_objects_are_right() -> None:
    data = write_pdf([Sheet(80, 80, "", MARKS[:2]), Sheet(80, 80, "", ())])
    start = int(data.split(b"startxref\n")[1].split()[0])
    assert data[start:].startswith(b"xref\n0 ")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", data)]
    assert all(data[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, start=1))
    assert len(pypdfium2.PdfDocument(data)) == 2


def test_titles_are_inert() -> None:
    assert to_string(") /JS (x") == "<feff00290020002f004a0053002000280078>"
    document = pypdfium2.PdfDocument(write_pdf([Sheet(80, 80, ") >> /JS (王", ())]))
    assert document.get_metadata_value("Title") == ") >> /JS (王"

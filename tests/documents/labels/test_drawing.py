"""Drawing: what does not fit its cell is told, and codes keep their quiet zones."""

from __future__ import annotations

from entrepost.documents.labels.barcode import count_bars
from entrepost.documents.labels.drawing import Drawing
from entrepost.documents.labels.sheet import Bars
from entrepost.documents.labels.typeset import Room, Text

CODE = "RB123456785CN"


def test_a_cell_blames_its_field_for_what_does_not_fit() -> None:
    drawing = Drawing(400, 400, "t", CODE)
    drawing.cell(Room(0, 0, 100, 50), "Caption", [Text("far too long for this " * 9)], (20,), "service")
    assert [(each.code, each.field, each.subject) for each in drawing.findings] == [
        ("label_text_long", "service", CODE)
    ]


def test_a_character_without_a_font_is_a_warning() -> None:
    drawing = Drawing(400, 400, "t", CODE)
    drawing.write([Text("\U0001f600")], Room(0, 0, 100, 50), (20,), "service")
    assert [(each.code, each.level) for each in drawing.findings] == [("label_sign_missing", "warning")]


def test_bars_become_narrower_until_their_quiet_zones_have_room() -> None:
    wide, narrow = Drawing(900, 200, "t", CODE), Drawing(900, 200, "t", CODE)
    wide.barcode(CODE, CODE, Room(0, 0, 800, 100), 4)
    narrow.barcode(CODE, CODE, Room(0, 0, 540, 100), 4)
    for drawing, module, width in ((wide, 4, 800), (narrow, 3, 540)):
        bars = next(mark for mark in drawing.marks if isinstance(mark, Bars))
        assert bars.module == module
        assert bars.x >= 10 * module
        assert bars.x + count_bars(CODE) * module <= width - 10 * module


def test_a_ticked_box_has_a_cross() -> None:
    ticked, empty = Drawing(400, 400, "t", CODE), Drawing(400, 400, "t", CODE)
    ticked.tick(10, 10, "Gift", True, 200)
    empty.tick(10, 10, "Gift", False, 200)
    assert len(ticked.marks) == len(empty.marks) + 1
    assert not ticked.findings

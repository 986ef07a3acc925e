"""Embedded fonts: each face once, glyphs renumbered, widths as shaped."""

from __future__ import annotations

import re

from entrepost.documents.labels.embed import embed_fonts
from entrepost.documents.labels.pdf import Writer
from entrepost.documents.labels.shape import shape


def test_each_face_is_embedded_once_with_its_glyphs() -> None:
    runs = [run for text in ("Anna", "Berlin", "王小明", "Anna") for run in shape(text).runs]
    fonts = embed_fonts(Writer(), runs)
    assert [font.name for font in fonts.values()] == ["F1", "F2"]
    latin, han = fonts.values()
    assert len(latin.places) == len({glyph.number for run in runs[:2] for glyph in run.glyphs})
    assert len(han.places) == 3
    assert max(han.places.values()) == 3


def test_kerning_and_marks_move_the_pen() -> None:
    kerned, marked = shape("AVATAR").runs[0], shape("بُّ").runs[0]
    fonts = embed_fonts(Writer(), [kerned, marked])
    assert fonts[id(kerned.face)].show(kerned, 20).count("<") > 1
    shown = fonts[id(marked.face)].show(marked, 20)
    assert shown.startswith("[")
    assert shown == fonts[id(marked.face)].show(marked, 20)
    assert re.findall(r"(\S+) Ts", shown)[-1] in ("0", "0.00")

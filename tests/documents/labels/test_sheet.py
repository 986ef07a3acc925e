"""Sheets are counted in dots."""

from __future__ import annotations

from entrepost.documents.labels.sheet import Box, post, rule, to_dots


def test_eight_dots_make_a_millimetre() -> None:
    assert (to_dots(100), to_dots(150)) == (800, 1200)


def test_lines_are_thin_boxes() -> None:
    assert rule(1, 2, 30) == Box(1, 2, 30, 1)
    assert post(1, 2, 30, 3) == Box(1, 2, 3, 30)

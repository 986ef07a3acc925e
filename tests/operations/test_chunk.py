"""Chunks hold text without blanks around it."""

from __future__ import annotations

import polars as pl

from entrepost.operations.chunk import broken_bytes, tidy_text


def test_blanks_around_text_go_and_empty_text_is_null() -> None:
    frame = tidy_text(pl.DataFrame({"a": [" x ", "  ", ""], "n": [1, 2, 3]}))
    assert frame.rows() == [("x", 1), (None, 2), (None, 3)]


def test_a_row_of_wrong_bytes_says_how_to_name_the_encoding() -> None:
    broken = broken_bytes(7, 120, "K?ln")
    assert (broken.row, "offset 120" in broken.message, "[file] encoding" in broken.fix) == (7, True, True)

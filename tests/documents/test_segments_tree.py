"""Segments as a picture: a row each, in words."""

from __future__ import annotations

import polars as pl

from entrepost.documents.segments_tree import draw_segments
from tests.documents.made_up import marks_of, segment_rows, spec_of


def test_each_segment_has_a_bar_its_words_how_it_is_served_and_its_share() -> None:
    spec = spec_of(draw_segments(segment_rows()))
    assert marks_of(spec) == ["bar", "text", "text", "text"]
    assert [row["kind"] for row in spec["datasets"]["rows"]] == ["from stock", "from stock", "direct mail"]


def test_long_words_are_shortened_and_told_in_full_on_touch() -> None:
    long = segment_rows().with_columns(words=pl.lit("to " + ", ".join(["Liechtenstein"] * 20)))
    rows = spec_of(draw_segments(long))["datasets"]["rows"]
    assert rows[0]["rule"].endswith(" …")
    assert len(rows[0]["rule"]) < 90 < len(rows[0]["words"])

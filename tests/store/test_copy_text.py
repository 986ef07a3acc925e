"""Frames in the text of COPY: what is special is escaped, nothing is told from an empty text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.base.errors import StoreError
from entrepost.store.copy_text import from_copy, to_copy

SCHEMA = {"text": pl.String(), "whole": pl.Int64(), "figure": pl.Float64()}
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(["\\N", "\\.", ""])
ROW = st.tuples(TEXT | st.none(), st.integers(-(2**63), 2**63 - 1) | st.none(), st.floats(allow_nan=False) | st.none())


def test_a_row_reads_as_the_server_documents_it() -> None:
    rows = [("a\tb", 1, 0.5), (None, None, None), ("", -1, 1e-300), ("\\N", 2, float("inf")), ("\n\r\\", 3, 0.0)]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    lines = [b"a\\tb\t1\t0.5", b"\\N\t\\N\t\\N", b"\t-1\t1e-300", b"\\\\N\t2\tinf", b"\\n\\r\\\\\t3\t0.0"]
    assert to_copy(frame).splitlines() == lines


@given(st.lists(ROW, max_size=20))
def test_every_frame_comes_back(rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    assert from_copy(to_copy(frame), SCHEMA).equals(frame)


def test_the_character_that_the_server_cannot_keep_is_named_with_its_column() -> None:
    with pytest.raises(StoreError, match="NUL, and text holds it"):
        to_copy(pl.DataFrame({"text": ["a\0b"]}))

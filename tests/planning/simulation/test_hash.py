"""A column of texts is hashed as each text by itself."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.simulation import hash as kernel_hash
from entrepost.planning.simulation.hash import BLOCK, hash_texts
from entrepost.planning.simulation.world import hash_text

texts = st.lists(st.text(max_size=300), max_size=20)


@given(texts)
def test_the_hash_of_a_column_is_that_of_each_text(column: list[str]) -> None:
    assert hash_texts(pl.Series(column, dtype=pl.String)).tolist() == [hash_text(text) for text in column]


@pytest.mark.parametrize("length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 10 * BLOCK + 7])
def test_a_text_of_any_length_is_hashed_in_blocks(length: int) -> None:
    text = "é" * (length // 2) + "x" * (length % 2)
    assert hash_texts(pl.Series(["before", text, "after"]))[1] == hash_text(text)


def test_a_long_column_is_hashed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    column = [f"o{number}" for number in range(10)]
    monkeypatch.setattr(kernel_hash, "AT_ONCE", 3)
    assert hash_texts(pl.Series(column)).tolist() == [hash_text(text) for text in column]

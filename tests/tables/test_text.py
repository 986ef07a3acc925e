"""Sentences are filled from columns, however a column is stored."""

from __future__ import annotations

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.tables.text import fill

FRAME = pl.DataFrame({"name": ["XX", None, "YY"], "count": [1, 2, 3]})


def test_each_place_takes_the_next_value_and_a_missing_one_makes_the_sentence_missing() -> None:
    told = FRAME.select(fill("{} came {} times.", "name", pl.col("count") + 1)).to_series()
    assert told.to_list() == ["XX came 2 times.", None, "YY came 4 times."]


def test_places_and_values_must_be_as_many() -> None:
    with pytest.raises(MisuseError, match="1 places for 2 values"):
        fill("{}", "name", "count")


@pytest.mark.parametrize("sizes", [(2,), (1, 1), (0, 2), (1, 0, 1), (2, 0)])
def test_columns_in_several_chunks_are_filled_alike(sizes: tuple[int, ...]) -> None:
    parts = [pl.DataFrame({"name": ["XX"] * size}, schema={"name": pl.String()}) for size in sizes]
    frame = pl.concat(parts, rechunk=False)
    assert frame.select(fill("{} is not known", "name")).to_series().to_list() == ["XX is not known"] * 2

"""Names at places: each text keeps its own, however many come."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from entrepost.tables.places import Places

NAMES = st.lists(st.text(max_size=3), max_size=40)


@given(st.lists(NAMES, max_size=5))
def test_a_text_keeps_the_place_of_its_first_coming(batches: list[list[str]]) -> None:
    places, first = Places(), dict[str, int]()
    for batch in batches:
        for name in batch:
            first.setdefault(name, len(first))
        found = places.find_or_add(pl.Series(batch, dtype=pl.String))
        assert found.tolist() == [first[name] for name in batch]
    assert places.count == len(first)


def test_thousands_of_names_make_room_for_themselves() -> None:
    names, places = pl.Series([f"LX{number:09d}CN" for number in range(20_000)]), Places()
    for start in range(0, 20_000, 3_000):
        places.find_or_add(names[start : start + 3_000])
    assert places.find_or_add(names).tolist() == list(range(20_000))


def test_some_places_alone_are_counted_anew() -> None:
    places = Places()
    places.find_or_add(pl.Series(["lamp", "mug", "vase"]))
    kept = places.only(np.array([2, 0]))
    assert kept.find_or_add(pl.Series(["lamp", "vase", "mug"])).tolist() == [1, 0, 2]

"""The distance of two words is that of a library that counts the same changes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from entrepost.customs.names.distance import distance, half_alike, likeness

WORDS = st.text("abcde", max_size=12)


def _letters(word: str) -> np.ndarray:
    return np.frombuffer(bytearray(word.encode()), dtype=np.uint8)


@given(WORDS, WORDS, st.integers(0, 12))
def test_the_distance_is_the_fewest_changes_up_to_a_limit(one: str, other: str, limit: int) -> None:
    assert distance(_letters(one), _letters(other), limit) == min(OSA.distance(one, other), limit + 1)


@given(WORDS, WORDS)
def test_likeness_is_cut_at_a_half(one: str, other: str) -> None:
    whole, cut = likeness(_letters(one), _letters(other)), half_alike(_letters(one), _letters(other))
    assert cut in (0.0, whole)
    assert cut == whole or whole < 0.5 or not (one or other)

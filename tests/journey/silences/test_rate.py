"""False discoveries stay within their share; what is improbable enough is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey.silences.rate import find_improbable, find_threshold


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Their 15 p-values of 1995: at 5 % the first four are found."""
    given_values = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
    found = find_improbable(np.array(given_values), 0.05)
    assert found.tolist() == [True] * 4 + [False] * 11


def test_of_even_draws_hardly_any_set_gives_a_discovery() -> None:
    """With nothing to find, anything found is false: at a share of 10 % in about one set of ten."""
    draws = np.random.default_rng(1).random((2000, 50))
    told = np.mean([find_improbable(each, 0.1).any() for each in draws])
    assert told == pytest.approx(0.1, abs=0.025)


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.01, 0.5))
def test_what_is_found_is_what_lies_below_a_limit(chances: list[float], share: float) -> None:
    values = np.array(chances)
    found = find_improbable(values, share)
    if found.any() and not found.all():
        assert values[found].max() <= values[~found].min()


def test_the_threshold_is_the_widest_tail_in_which_chance_gives_little() -> None:
    expected, seen = np.array([500.0, 20.0, 2.0, 0.1]), np.array([500.0, 25.0, 9.0, 4.0])
    # From bin 2 on 2.1 are expected of 13, more than a tenth; from bin 3 on 0.1 of 4.
    assert find_threshold(expected, seen, 0.1) == (3, pytest.approx(0.1))
    assert find_threshold(expected, seen, 0.2) == (2, pytest.approx(2.1))


def test_nothing_seen_is_nothing_told() -> None:
    assert find_threshold(np.zeros(3), np.zeros(3), 0.1) == (3, 0.0)
    assert find_threshold(np.ones(3), np.ones(3), 0.1) == (3, 0.0)

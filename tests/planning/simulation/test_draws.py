"""Numbers that belong to keys: even, independent, and the same everywhere."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.simulation.draws import HOURS, LOST, draw, draw_each, happens, mix, mix_each, round_evenly

keys = st.integers(0, 2**64 - 1)


def _pairs(n: int) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    return np.full(n, 42, dtype=np.uint64), np.arange(n, dtype=np.uint64)


def test_draws_of_neighbouring_keys_are_even() -> None:
    drawn = draw_each(*_pairs(100_000), HOURS)
    counted = np.histogram(drawn, bins=100, range=(0, 1))[0]
    squares = ((counted - 1000.0) ** 2 / 1000).sum()
    assert squares < 99 + 5 * (2 * 99) ** 0.5


def test_draws_of_one_key_for_different_things_are_independent() -> None:
    hours, lost = (draw_each(*_pairs(100_000), purpose) for purpose in (HOURS, LOST))
    assert abs(np.corrcoef(hours, lost)[0, 1]) < 4 / 100_000**0.5
    assert abs(np.corrcoef(hours[1:], hours[:-1])[0, 1]) < 4 / 100_000**0.5


@given(keys, keys)
def test_a_draw_lies_from_0_to_below_1_and_stays_the_same(left: int, right: int) -> None:
    key, again = (np.uint64(mix(np.uint64(left), np.uint64(right))) for _ in range(2))
    assert 0 <= draw(key, HOURS) < 1
    assert draw(key, HOURS) == draw(again, HOURS)


@given(keys, st.floats(0, 1))
def test_what_is_drawn_below_its_share_happens(key: int, share: float) -> None:
    assert happens(np.uint64(key), LOST, share) == (draw(np.uint64(key), LOST) < share)


def test_mixed_keys_of_many_pairs_are_those_of_each_and_all_differ() -> None:
    left, right = _pairs(1000)
    mixed = mix_each(left, right)
    assert mixed[7] == mix(left[7], right[7])
    assert np.unique(np.concatenate([mixed, mix_each(right, left)])).size >= 1999


@given(st.floats(0, 1000), st.floats(0, 1, exclude_max=True))
def test_rounding_moves_to_a_neighbouring_whole_number(value: float, even: float) -> None:
    assert abs(round_evenly(value, even) - value) <= 1


def test_rounding_keeps_the_mean() -> None:
    drawn = draw_each(*_pairs(10_000), HOURS)
    mean = np.mean([round_evenly(2.3, even) for even in drawn])
    assert abs(mean - 2.3) < 4 * (0.21 / 10_000) ** 0.5

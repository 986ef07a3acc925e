"""The compiled maps do what their plain readings say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.journey import kernels
from entrepost.journey.kernels import SMALL

masses = st.sampled_from([0.0, 1e-7, 3e-5, 9e-5, SMALL, 2e-4, 0.01]) | st.floats(0, 0.02)
rows = st.lists(masses, min_size=1, max_size=60)


@given(rows, st.integers(0, 5))
def test_joining_loses_nothing_and_lets_little_be_late_at_any_hour(row: list[float], begin: int) -> None:
    before = np.concatenate([np.zeros(begin), row, np.zeros(3)])
    after, span = before[None].copy(), np.array([[begin, begin + len(row)]], np.int32)
    kernels.join_small((after, span))
    late = np.cumsum(before) - np.cumsum(after[0])
    assert after.sum() == pytest.approx(before.sum(), abs=1e-12)
    assert late.max() <= SMALL + 1e-12
    assert -late.min() <= SMALL + 1e-12, "the last are as little early, since they wait for nothing"
    assert not after[0, span[0, 1] :].any()


@given(rows)
def test_what_is_joined_comes_in_portions_that_are_not_small(row: list[float]) -> None:
    after = np.array([row])
    kernels.join_small((after, np.array([[0, len(row)]], np.int32)))
    portions = after[after > 0]
    assert portions.size <= 1 or portions.min() >= SMALL


def test_rows_are_seen_from_their_starts() -> None:
    rows, span = np.array([[0, 0, 0.5, 0.25, 0.25, 0]]), np.array([[2, 5]], np.int32)
    assert kernels.relative((rows, span), np.array([1], np.int32), 3).tolist() == [[0, 0.5, 0.25]]


def test_who_is_ready_by_a_cutoff_leaves_with_that_run_and_some_miss_it() -> None:
    ready = np.array([[0.5, 0.25, 0.25]], np.float32)
    cutoff, row_of = np.array([10, 11, 20], np.int32), np.array([0, 1, 0], np.int32)
    missed = np.array([[0.1, 0.1], [0.0, 0.0]])
    weights = kernels.board(ready, np.array([10], np.int32), (cutoff, row_of), missed)
    assert weights[0] == pytest.approx([0.4, 0.05 + 0.25, 0.05 + 0.25 * 0.8])


def test_a_start_goes_on_as_the_tails_of_its_runs_by_their_weights() -> None:
    tails = np.array([[0, 0, 1.0, 0, 0, 0], [0, 0, 0, 0.5, 0.5, 0]]), np.array([[2, 3], [3, 5]], np.int32)
    after = np.zeros((1, 6)), np.array([[6, 0]], np.int32)
    tail_of_run, a_week_later = np.array([0, 1, 0], np.int32), np.array([0, 0, 3], np.int32)
    weights = kernels.compress(np.array([[0.2, 0.4, 0.4]]))
    kernels.mix(weights, tail_of_run, a_week_later, tails, after)
    assert after[0][0] == pytest.approx([0, 0, 0.2, 0.2, 0.2, 0.4])
    assert after[1].tolist() == [[2, 6]]


def test_weights_without_their_zeros() -> None:
    first, runs, shares = kernels.compress(np.array([[0, 0.5, 0.5], [0, 0, 0], [1, 0, 0.0]]))
    assert (first.tolist(), runs.tolist(), shares.tolist()) == ([0, 2, 2, 3], [1, 2, 0], [0.5, 0.5, 1.0])

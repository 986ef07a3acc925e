"""The table of pairs tells of every cut what its sides cost with one leaf and with two."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.planning.segmentation.kernel import Span, look_at_cuts, sum_pairs
from tests.planning.segment_markets import least_by_trying


@pytest.mark.parametrize("seed", range(5))
def test_one_and_two_leaves_on_either_side_are_the_least(seed: int) -> None:
    dice = np.random.default_rng(seed)
    bins, begin = np.array([4, 3]), np.array([0, 4])
    codes = np.stack([dice.integers(0, each, 30) for each in bins], axis=1).astype(np.uint8)
    costs = dice.integers(0, 9, (30, 3)).astype(float)
    pairs = np.empty((7, 7, 3))
    sum_pairs(codes, costs, np.arange(30), begin, pairs)
    cuts = look_at_cuts(pairs, Span(begin, codes.min(axis=0).astype(np.int64), codes.max(axis=0).astype(np.int64)))
    for axis, cut in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1)):
        place, low = begin[axis] + cut, codes[:, axis] <= cut
        assert cuts.one_low[place] == least_by_trying(codes[low], costs[low], 1)
        assert cuts.one_high[place] == least_by_trying(codes[~low], costs[~low], 1)
        assert cuts.two_low[place] == pytest.approx(least_by_trying(codes[low], costs[low], 2))
        assert cuts.two_high[place] == pytest.approx(least_by_trying(codes[~low], costs[~low], 2))


def test_the_last_bin_of_an_axis_is_no_cut() -> None:
    codes, costs = np.array([[0], [1]], dtype=np.uint8), np.array([[0.0, 1.0], [1.0, 0.0]])
    pairs = np.empty((2, 2, 2))
    sum_pairs(codes, costs, np.arange(2), np.array([0]), pairs)
    cuts = look_at_cuts(pairs, Span(np.array([0]), np.array([0]), np.array([1])))
    assert (cuts.one_low[0], cuts.one_high[0], cuts.one_low[1]) == (0.0, 0.0, np.inf)

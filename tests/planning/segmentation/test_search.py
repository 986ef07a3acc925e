"""The search finds the tree of least regret: held against trying every tree."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.planning.segmentation.search import OutOfTimeError, Search, Tree
from tests.planning.segment_markets import least_by_trying


def search_of(seed: int, cells: int, axes: int, options: int, **how: float) -> Search:
    dice = np.random.default_rng(seed)
    bins = dice.integers(2, 4, axes)
    codes = np.stack([dice.integers(0, each, cells) for each in bins], axis=1).astype(np.uint8)
    costs = dice.integers(0, 9, (cells, options)).astype(float)
    return Search(codes, costs - costs.min(axis=1, keepdims=True), bins, **how)  # type: ignore[arg-type]


def regret_of(search: Search, tree: Tree | None, rows: np.ndarray) -> float:
    if tree is None:
        return float(search.costs[rows].sum(axis=0).min())
    low = search.is_low(rows, tree[0])
    return regret_of(search, tree[1], rows[low]) + regret_of(search, tree[2], rows[~low])


def leaves_of(tree: Tree | None) -> int:
    return 1 if tree is None else leaves_of(tree[1]) + leaves_of(tree[2])


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    cells=st.integers(1, 24),
    axes=st.integers(1, 3),
    options=st.integers(1, 4),
    leaves=st.integers(1, 6),
)
def test_no_tree_with_so_many_leaves_has_less_regret(
    seed: int, cells: int, axes: int, options: int, leaves: int
) -> None:
    search = search_of(seed, cells, axes, options)
    value, tree = search.solve(search.whole, leaves)
    assert value == pytest.approx(least_by_trying(search.codes, search.costs, leaves))
    assert regret_of(search, tree, search.whole.rows) == pytest.approx(value)
    assert leaves_of(tree) <= leaves


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), share=st.floats(0.2, 2.0))
def test_with_a_limit_the_value_is_exact_below_it_and_a_bound_above(seed: int, share: float) -> None:
    search = search_of(seed, 20, 3, 3)
    least = least_by_trying(search.codes, search.costs, 5)
    limit = share * least
    value, tree = search.solve(search.whole, 5, limit)
    if least < limit * (1 - 1e-6):
        assert (value, tree is None) == (pytest.approx(least), False)
    else:
        assert value <= least * (1 + 1e-6) or tree is not None


def test_a_narrow_search_finds_a_tree_that_is_no_better_than_the_best() -> None:
    narrow, wide = search_of(3, 60, 4, 4, width=2), search_of(3, 60, 4, 4)
    value, tree = narrow.solve(narrow.whole, 5)
    assert value == pytest.approx(regret_of(narrow, tree, narrow.whole.rows))
    assert value >= wide.solve(wide.whole, 5)[0] - 1e-9


def test_when_the_time_is_over_the_search_says_so() -> None:
    search = search_of(1, 20, 3, 3, deadline=perf_counter() - 1)
    with pytest.raises(OutOfTimeError):
        search.solve(search.whole, 4)

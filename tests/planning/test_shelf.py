"""Base stocks of many articles, by Erlang's formula, with shares between levels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.planning.inventory_fallback import keep_base_stock
from entrepost.planning.shelf import keep_shares


def test_a_load_of_one_meets_half_with_one_unit_and_four_fifths_with_two() -> None:
    """Erlang's loss at load 1: 1/2 with one unit, 1/5 with two."""
    levels, on_hand = keep_shares(np.array([1.0]), np.array([0.5, 0.8]))
    assert levels.tolist() == [pytest.approx([1.0, 2.0])]
    assert on_hand.tolist() == [pytest.approx([0.5, 1.2])], "level less what is under way: 1 - 0.5, 2 - 0.8"


def test_a_share_between_two_levels_is_met_by_some_articles_at_each() -> None:
    levels, _ = keep_shares(np.array([1.0]), np.array([0.65]))
    assert levels[0, 0] == pytest.approx(1.5)


@given(load=st.floats(0.01, 200), level=st.integers(1, 60))
def test_it_agrees_with_the_policy_of_one_article(load: float, level: int) -> None:
    kept = keep_base_stock(load, 1.0, level)
    if 0.01 < kept.served_share < 0.999999:
        levels, on_hand = keep_shares(np.array([load]), np.array([kept.served_share]))
        assert levels[0, 0] == pytest.approx(level, rel=1e-6)
        assert on_hand[0, 0] == pytest.approx(kept.on_hand, rel=1e-6, abs=1e-9)


@given(load=st.floats(0.001, 300), more=st.floats(1.0, 3.0), share=st.sampled_from((0.8, 0.9, 0.95, 0.98)))
def test_a_unit_of_load_needs_less_stock_the_more_there_is(load: float, more: float, share: float) -> None:
    """What chords below the cost rest on."""
    _, on_hand = keep_shares(np.array([load, load * more]), np.array([share]))
    assert on_hand[1, 0] / (load * more) <= on_hand[0, 0] / load * (1 + 1e-9)


def test_no_load_needs_no_stock() -> None:
    levels, on_hand = keep_shares(np.zeros(1), np.array([0.9]))
    assert levels[0, 0] == on_hand[0, 0] == 0

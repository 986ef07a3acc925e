"""Levels of lanes are drawn towards one another where there is little to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.forecasting.levels import shrink


def test_a_group_without_values_has_its_prior() -> None:
    found = shrink(np.array([0, 0]), np.array([2.0, 4.0]), np.ones(2), np.array([1.0, 5.0]), strength=2.0)
    assert found.tolist() == [(2 + 4 + 2 * 1) / 4, 5.0]


def test_many_values_outweigh_the_prior() -> None:
    values = np.full(1000, 3.0)
    assert shrink(np.zeros(1000, np.int64), values, np.ones(1000), np.zeros(1))[0] == pytest.approx(3.0, rel=0.02)

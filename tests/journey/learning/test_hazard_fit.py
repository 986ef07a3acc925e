from __future__ import annotations

import numpy as np
import pytest

from entrepost.journey.learning.hazard import BINS, EDGES, fill_hazards
from entrepost.journey.learning.hazard_fit import fit, fit_all

ONE = np.ones(1)
REGIMES = (np.array([0.85, 1.25, 1.8]), np.array([0.7, 0.22, 0.08]))


def ends_of(figures: list[float], factors: np.ndarray = ONE, shares: np.ndarray = ONE) -> np.ndarray:
    hazards, ends = np.empty(BINS), np.empty(BINS)
    fill_hazards(np.array(figures), factors, shares, hazards, ends)
    return ends


@pytest.mark.parametrize("figures", [[1.0, 2.0, 4.0], [5.0, 20.0, 57.0], [0.0, 2.0, 6.0], [300.0, 400.0, 700.0]])
def test_the_figures_that_made_a_distribution_are_found_again(figures: list[float]) -> None:
    found = fit(ends_of(figures), np.array(figures) * 1.3, ONE, ONE)
    assert found[1:] == pytest.approx(figures[1:], rel=0.02)


def test_so_they_are_through_the_regimes() -> None:
    figures = (5.0, 20.0, 57.0)
    found = fit(ends_of(list(figures), *REGIMES), np.array(figures) * 0.8, *REGIMES)
    assert found[1:] == pytest.approx(figures[1:], rel=0.02)


def test_what_lies_in_one_bin_has_no_spread() -> None:
    found = fit(ends_of([6.0, 6.0, 6.0]), np.array([5.0, 5.0, 5.0]), ONE, ONE)
    assert found == pytest.approx([6.0, 6.0, 6.0], abs=0.1)


def test_figures_ascend_for_any_distribution() -> None:
    draws = np.random.default_rng(4)
    ends = np.sort(draws.random((50, BINS)) ** draws.uniform(0.1, 5, (50, 1)), axis=1)
    ends[:, -1] = 1.0
    found = fit_all(ends, np.tile([1.0, 5.0, 9.0], (50, 1)), np.ones((50, 1)), ONE)
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= 0).all()
    assert (found < 10 * EDGES[-1]).all()

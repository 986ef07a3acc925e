"""What gradient boosting learns of residuals."""

from __future__ import annotations

import numpy as np

from entrepost.journey.forecasting.residual import LEAST_ORDERS, learn_residual


def test_too_few_orders_teach_nothing() -> None:
    assert learn_residual(np.zeros((LEAST_ORDERS - 1, 1)), np.zeros(LEAST_ORDERS - 1)) is None


def test_a_step_is_learned_with_figures_missing_here_or_everywhere() -> None:
    description = np.random.default_rng(1).uniform(-1, 1, (2000, 3))
    description[::7, 1] = np.nan
    description[:, 2] = np.nan
    found = learn_residual(description, np.where(description[:, 0] > 0, 1.0, -1.0))
    assert found is not None
    assert np.abs(found.predict(np.array([[0.5, 0.0, 1.0], [-0.5, np.nan, 1.0]])) - [1, -1]).max() < 0.05

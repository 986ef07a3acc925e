"""What the lane's level does not say of an order, learned by gradient boosting from descriptions of past orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepost.journey.forecasting.orders import Floats, Numbers

LEAST_ORDERS = 500
ROUNDS, RATE, LEAVES, LEAST_IN_LEAF, BINS, RIDGE = 80, 0.07, 12, 40, 63, 1.0


@dataclass(frozen=True)
class Residual:
    """A fitted model, and the columns of a description that it looks at: those that were ever known."""

    model: Any
    columns: Numbers

    def predict(self, descriptions: Floats) -> Floats:
        """The residual of each row."""
        return np.asarray(self.model.predict(descriptions[:, self.columns]))


def learn_residual(descriptions: Floats, residuals: Floats) -> Residual | None:
    """A model of the residuals of delivered orders; None where there are too few to learn from.

    Parameters
    ----------
    descriptions : ndarray
        One row an order, from `View.describe`; NaN where unknown.
    residuals : ndarray
        The logarithm of the days it took, less that of the days expected.
    """
    if residuals.size < LEAST_ORDERS:
        return None
    from sklearn.ensemble import HistGradientBoostingRegressor  # two seconds of import

    model = HistGradientBoostingRegressor(
        max_iter=ROUNDS,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST_IN_LEAF,
        max_bins=BINS,
        l2_regularization=RIDGE,
        early_stopping=False,
        random_state=0,
    )
    columns = np.flatnonzero(np.isfinite(descriptions).any(axis=0))
    return Residual(model.fit(descriptions[:, columns], residuals), columns)

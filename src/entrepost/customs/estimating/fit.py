"""Learn from items that were cleared which of their facts go with being stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from entrepost.base.errors import MisuseError
from entrepost.customs.estimating.levels import FACTORS, to_levels

Floats = NDArray[np.float64]
LEAST_ITEMS = 5
"""A level that fewer items have counts as the average (assumed)."""

STRENGTHS = (0.1, 0.3, 1.0, 3.0)
"""How freely levels may leave the average; the one that foretells the latest items best is taken."""

LATEST = 0.2
"""The share of the latest items on which that is asked, and on which what was learned is calibrated."""

LEAST_TOTAL = 200


@dataclass(frozen=True, slots=True)
class Fitted:
    """`base` is the log-odds of an average item, `points` what each level adds: factor, level, points, items."""

    base: float
    points: pl.DataFrame


def fit_points(facts: pl.DataFrame, stopped: pl.Series, days: pl.Series) -> Fitted:
    """A logistic regression on levels, drawn towards the average, chosen and calibrated on the latest items.

    Raises
    ------
    MisuseError
        Where there are too few items, or all or none of them were stopped.
    """
    truth = stopped.cast(pl.Int8).to_numpy()
    if truth.size < LEAST_TOTAL or not 0 < truth.mean() < 1:
        raise MisuseError(
            f"{truth.size} items, {int(truth.sum())} of them stopped, are too few to learn from; "
            f"give at least {LEAST_TOTAL}, some stopped and some not"
        )
    levels = to_levels(facts)
    order = np.argsort(days.to_numpy(), kind="stable")
    cut = int(order.size * (1 - LATEST))
    before, latest = order[:cut], order[cut:]
    known = _list_levels(levels[before])
    design = _design(levels, known)
    strength = min(STRENGTHS, key=lambda each: _loss(_fit(design[before], truth[before], each), design, truth, latest))
    slope, shift = _calibrate(_fit(design[before], truth[before], strength), design[latest], truth[latest])
    known = _list_levels(levels)
    weights, base = _fit(_design(levels, known), truth, strength)
    points = known.with_columns(points=pl.Series(weights * slope, dtype=pl.Float64))
    return Fitted(base * slope + shift, points.select("factor", "level", "points", "items"))


def _list_levels(levels: pl.DataFrame) -> pl.DataFrame:
    """The levels that enough items have: factor, level, items."""
    counted = [
        levels.group_by(pl.col(name).alias("level"))
        .agg(items=pl.len().cast(pl.Int64))
        .filter(pl.col("level").is_not_null() & (pl.col("items") >= LEAST_ITEMS))
        .sort("level")
        .select(pl.lit(name).alias("factor"), "level", "items")
        for name in FACTORS
    ]
    return pl.concat(counted)


def _design(levels: pl.DataFrame, known: pl.DataFrame) -> Any:
    """A sparse matrix, a row for each item and a column for each known level."""
    from scipy.sparse import csr_matrix

    numbered = known.with_row_index("column")
    rows, columns = [], []
    for name in FACTORS:
        own = numbered.filter(pl.col("factor") == name)
        to_column = dict(own.select("level", "column").iter_rows())
        found = levels.get_column(name).replace_strict(to_column, default=None, return_dtype=pl.Int64)
        rows.append(found.is_not_null().arg_true().to_numpy())
        columns.append(found.drop_nulls().to_numpy())
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(row.size), (row, column)), shape=(levels.height, known.height))


def _fit(design: Any, truth: NDArray[np.int8], strength: float) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=300).fit(design, truth)
    return model.coef_[0], float(model.intercept_[0])


def _loss(fitted: tuple[Floats, float], design: Any, truth: NDArray[np.int8], rows: NDArray[np.int64]) -> float:
    odds = design[rows] @ fitted[0] + fitted[1]
    return float(np.mean(np.logaddexp(0, np.where(truth[rows] == 1, -odds, odds))))


def _calibrate(fitted: tuple[Floats, float], design: Any, truth: NDArray[np.int8]) -> tuple[float, float]:
    """Slope and shift that make the log-odds true of the latest items."""
    from sklearn.linear_model import LogisticRegression

    odds = (design @ fitted[0] + fitted[1]).reshape(-1, 1)
    if odds.std() < 1e-9 or not 0 < truth.mean() < 1:
        return 1.0, 0.0
    model = LogisticRegression(C=1e6).fit(odds, truth)
    return float(np.clip(model.coef_[0, 0], 0.0, 1.5)), float(model.intercept_[0])

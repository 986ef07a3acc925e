"""Cells, what they are like and what their options cost: what segments are found for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from entrepost.base.errors import MisuseError
from entrepost.planning.segmentation.axes import Axis, Floats, cut_figure, order_categories, single_out

FORBIDDEN = 4.0
"""An option that is not allowed costs so many times the regret of all that is allowed."""


@dataclass(frozen=True)
class SegmentProblem:
    """Cells, what they are like and what their options cost; arrays are checked and turned into floats once.

    Attributes
    ----------
    features : array (cells, features)
        Figures; of a category its number, from 0.
    cost : array (cells, options)
        The cost of an item of each cell by each option; infinity where it is not allowed.
    weight : array (cells), optional
        Items of each cell; 1 without it.
    today : array (cells), optional
        The cost of an item as it is served today; without it by the best single option for all.
    names : sequence of str
        Of the features; without them ``feature 0`` and so on.
    labels : mapping
        Of the features that are categories, by their column: the texts of their numbers.

    Raises
    ------
    MisuseError
        For arrays that do not fit together, values that are not numbers, a cell without any option.
    """

    features: ArrayLike
    cost: ArrayLike
    weight: ArrayLike | None = None
    today: ArrayLike | None = None
    names: Sequence[str] = ()
    labels: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        features = np.array(self.features, dtype=float, ndmin=2)
        cost = np.array(self.cost, dtype=float, ndmin=2)
        if features.shape[0] != cost.shape[0] or not features.size or not cost.size:
            raise MisuseError(f"features {features.shape} and cost {cost.shape} need one row for each cell")
        if not np.isfinite(features).all():
            raise MisuseError(f"features: row {int(np.argwhere(~np.isfinite(features))[0][0])} holds what is no number")
        if np.isnan(cost).any() or np.isneginf(cost).any() or np.isinf(cost).all(axis=1).any():
            raise MisuseError("cost: every cell needs a number for at least one option; infinity forbids the others")
        weight = np.ones(len(cost)) if self.weight is None else np.array(self.weight, dtype=float)
        if weight.shape != (len(cost),) or not np.isfinite(weight).all() or weight.min() < 0 or not weight.sum():
            raise MisuseError("weight: a number for each cell, none below 0, not all 0")
        names = tuple(self.names) or tuple(f"feature {column}" for column in range(features.shape[1]))
        if len(names) != features.shape[1]:
            raise MisuseError(f"names: {len(names)} for {features.shape[1]} features")
        for name, value in (("features", features), ("cost", cost), ("weight", weight), ("names", names)):
            object.__setattr__(self, name, value)
        if self.today is not None:
            object.__setattr__(self, "today", np.array(self.today, dtype=float))

    def regrets(self) -> Floats:
        """For each cell and option what its items cost more than by the cell's best option; infinity as in `cost`."""
        cost: Floats = self.cost  # type: ignore[assignment]
        regrets: Floats = cost - cost.min(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            regrets *= np.asarray(self.weight)[:, None]
        return np.where(np.isinf(cost), np.inf, regrets)

    def saving(self) -> float:
        """What the best option of every cell costs less than today, over all items."""
        cost: Floats = self.cost  # type: ignore[assignment]
        best = float(np.asarray(self.weight) @ cost.min(axis=1))
        if self.today is not None:
            return float(np.asarray(self.weight) @ self.today) - best
        alike = self.regrets().sum(axis=0).min()
        return float(alike) if np.isfinite(alike) else float("nan")


def price_of_forbidden(regrets: Floats) -> float:
    """More than all that is allowed can cost together."""
    return FORBIDDEN * (float(regrets[np.isfinite(regrets)].sum()) + 1.0)


def list_axes(problem: SegmentProblem, regrets: Floats, bins: int, alone_max: int) -> list[Axis]:
    """All ways of cutting the cells; categories by the two options that together serve the cells best."""
    features, weight = np.asarray(problem.features), np.asarray(problem.weight)
    first, second = _best_pair(regrets)
    large = price_of_forbidden(regrets) / len(regrets)
    excess = np.column_stack([weight, *(np.minimum(regrets[:, each], large) for each in (first, second))])
    axes = []
    for column in range(features.shape[1]):
        if column in problem.labels:
            axes.append(order_categories(column, features[:, column], excess, bins))
            axes += single_out(column, features[:, column], weight, alone_max)
        else:
            axes.append(cut_figure(column, features[:, column], weight, bins))
    return [axis for axis in axes if axis.bins > 1] or axes[:1]


def _best_pair(regrets: Floats) -> tuple[int, int]:
    """The option that serves all cells best, and the one that helps it most."""
    capped = np.where(np.isinf(regrets), regrets[np.isfinite(regrets)].max(initial=0.0) + 1.0, regrets)
    first = int(capped.sum(axis=0).argmin())
    together = np.minimum(capped, capped[:, [first]]).sum(axis=0)
    return first, int(together.argmin())

"""A curve of loss over days: nothing at no days, never falling, straight between its days, level after the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepost.base.errors import MisuseError

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Curve:
    """Losses in log odds at days.

    A first loss above zero is a step: it is lost as soon as the days are more than the first. `errors`, where
    the curve was fitted, are standard errors of what each stretch (or the step) adds; 0 where it adds
    nothing, because losses never fall.
    """

    days: tuple[float, ...]
    losses: tuple[float, ...]
    errors: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.days or len(self.days) != len(self.losses) or len(self.errors) not in (0, len(self.days)):
            raise MisuseError("a curve needs a loss for each of its days, and an error for each or for none")
        if self.days[0] < 0 or any(b <= a for a, b in zip(self.days, self.days[1:], strict=False)):
            raise MisuseError(f"the days of a curve rise and are not negative, unlike {self.days}")
        if not np.isfinite(self.losses).all() or np.diff(self.losses, prepend=0.0).min() < 0:
            raise MisuseError(f"the losses of a curve never fall and are not negative, unlike {self.losses}")

    def at(self, days: Floats) -> Floats:
        """The loss after so many days, for each."""
        straight = np.interp(days, self.days, self.losses)
        return np.where(days > self.days[0], straight, 0.0)


def ramps(days: Floats, knots: tuple[float, ...], stepped: bool) -> Floats:
    """Columns whose sums with increments are a curve: for each stretch the share of it that has gone by.

    Parameters
    ----------
    days : array of n
    knots : tuple of k
    stepped : bool
        Whether the first column is the step past the first knot.

    Returns
    -------
    array of n x (k - 1), or n x k with the step
    """
    starts, widths = np.array(knots[:-1]), np.diff(knots)
    shares = np.clip((days[:, None] - starts) / widths, 0.0, 1.0)
    step = (days[:, None] > knots[0]).astype(np.float64)
    return np.hstack([step, shares]) if stepped else shares

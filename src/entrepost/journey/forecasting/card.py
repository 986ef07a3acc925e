"""What a forecaster says of itself: what was compared, on which weeks, with what result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Card:
    """How one stage came to its model.

    Attributes
    ----------
    stage : str
        `purchase` or `handover`.
    as_of : datetime
        Nothing that happened later was known.
    orders, completed : int
        Orders that counted, and how many of them had been delivered.
    held_out : tuple of datetime
        The weeks from the first to the second were foretold, each by the weeks before it; the learned
        model had seen no order that began in them.
    exact, learned : float
        The mean logarithm of the likelihood of a delivery in those weeks, per day: of the lane's level
        alone, and with the learned residual (-inf: there was too little to learn from).
    half_lives : dict
        Days after which an observation weighs half: `exact` and `learned`, each chosen by that likelihood.
    """

    stage: str
    as_of: datetime
    orders: int
    completed: int
    held_out: tuple[datetime, datetime]
    exact: float
    learned: float
    half_lives: dict[str, float]

    @property
    def model(self) -> str:
        """`learned` where it beat `exact` on the held-out weeks."""
        return "learned" if self.learned > self.exact else "exact"

    def __str__(self) -> str:
        first, last = self.held_out
        return (
            f"{self.stage} as of {self.as_of:%Y-%m-%d}: {self.orders} orders, {self.completed} delivered; "
            f"held out {first:%Y-%m-%d} to {last:%Y-%m-%d}, log-likelihood of a delivery "
            f"{self.exact:.4f} exact, {self.learned:.4f} learned: {self.model}, "
            f"half-life {self.half_lives[self.model]:g} days"
        )

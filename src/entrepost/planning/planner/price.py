"""The price of what is limited: where the bound of all known plans is highest.

At a price each plan costs what it costs and the price of what it takes beyond the limit: a line over prices. The least
of all lines is a bound that no price can pass (the Lagrangian dual seen from above); its top is the price to try next.
Where nothing is left between top and proven bound, no further price helps.

References
----------
Kelley: The cutting-plane method for solving convex programs, Journal of SIAM 8 (4), 1960 (in one dimension).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Line:
    """A plan as a line over prices: what is made least, and by how much it passes the limit (below 0: it keeps it)."""

    least: float
    over: float


def best_price(lines: Sequence[Line]) -> tuple[float, float]:
    """The price from 0 at which the least of the lines is highest, and how high it is; infinite where all rise."""
    least, over = np.array([(line.least, line.over) for line in lines]).T
    rising, falling = over > 0, over <= 0
    if not falling.any():
        return math.inf, math.inf
    best = (0.0, float(least.min()))
    for low, steep in zip(least[rising], over[rising], strict=True):
        prices = (least[falling] - low) / (steep - over[falling])
        for price in prices[prices > 0]:
            height = float((least + price * over).min())
            if height > best[1]:
                best = (float(price), height)
    return best

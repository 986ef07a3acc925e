"""What a plan is asked for: for whom, within which limits, how exact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.service.landed import Landed

WITHIN_DAYS = (3, 5, 7, 10, 14, 21, 30)
"""The days for which options say what share of the items waits no longer."""

SIDES = ("post", "seller")
MODES = ("air", "rail", "sea", "road")


@dataclass(frozen=True, slots=True)
class PlanParams:
    """Limits and settings of a plan; money in minor units of the network's currency.

    Attributes
    ----------
    days_max : float, optional
        The mean wait in days that is allowed.
    share_min, within_days : float, int
        At least this share of all items within so many days (one of `WITHIN_DAYS`).
    budget_minor : float, optional
        What a year may cost; the wait is then made as short as that allows.
    side : str
        ``post`` counts the operator's part at its cost, ``seller`` at its price.
    day_value_minor : float, optional
        What a day of wait less is worth for an item; without it the default of `Balanced`.
    as_of : datetime, optional
        Orders placed from then on are not looked at; without it all are known.
    known_days : int
        Sales of so many days decide what is popular. Assumed.
    urgent_days : int
        An order wanted within so many days is urgent.
    modes, forced, forbidden, left_out : tuples
        Modes of replenishment; warehouses that are open, or closed, whatever it costs; sellers without stock.
    served_shares : tuple of floats
        Of these shares of demand to be met from the shelf each article's cheapest is taken. Assumed.
    capacities : bool
        Whether warehouses hold only so much.
    room_share : float, optional
        So much of what the departures of a leg carry in a week is filled at most, so that busy weeks and what holidays
        leave behind find room; None does not look at it. Assumed.
    terms : mapping
        Own figures in place of those of `planning_terms`.
    landed : Landed
        How duty, tax and fees are worked out, and the sellers' numbers in the schemes of destinations.
    gap_max, seconds_max : float
        The relative gap that is good enough, and how long it may take.
    """

    days_max: float | None = None
    share_min: float | None = None
    within_days: int = 5
    budget_minor: float | None = None
    side: str = "post"
    day_value_minor: float | None = None
    as_of: datetime | None = None
    known_days: int = 60
    urgent_days: int = 10
    modes: tuple[str, ...] = MODES
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    served_shares: tuple[float, ...] = (0.8, 0.9, 0.95, 0.98)
    capacities: bool = True
    room_share: float | None = 0.8
    terms: Mapping[str, float] = field(default_factory=dict)
    landed: Landed = field(default_factory=Landed)
    gap_max: float = 0.01
    seconds_max: float = 60.0

    def __post_init__(self) -> None:
        self._check_limits()
        _require(self.side in SIDES, f"side is {self.side!r}; it is {' or '.join(SIDES)}")
        _require(set(self.modes) <= set(MODES), f"modes are {', '.join(self.modes)}; there are {', '.join(MODES)}")
        shares = self.served_shares
        _require(bool(shares) and all(0 < each < 1 for each in shares), "served_shares must lie between 0 and 1")
        _require(self.known_days >= 1 and self.urgent_days >= 0, "known_days is at least 1, urgent_days at least 0")
        _require(self.gap_max >= 0 and self.seconds_max > 0, "gap_max must not be negative, seconds_max above 0")
        both = sorted(set(self.forced) & set(self.forbidden))
        _require(not both, f"warehouse {both[0] if both else ''} is both forced and forbidden")

    def _check_limits(self) -> None:
        for name in ("days_max", "budget_minor", "day_value_minor"):
            value = getattr(self, name)
            _require(value is None or (math.isfinite(value) and value >= 0), f"{name} is {value}; give a number from 0")
        _require(self.share_min is None or 0 <= self.share_min <= 1, f"share_min is {self.share_min}; it is 0 to 1")
        days = ", ".join(map(str, WITHIN_DAYS))
        _require(self.within_days in WITHIN_DAYS, f"within_days is {self.within_days}; there are {days}")
        limits = [self.days_max, self.share_min, self.budget_minor]
        _require(sum(each is not None for each in limits) <= 1, "give one of days_max, share_min and budget_minor")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise MisuseError(message)

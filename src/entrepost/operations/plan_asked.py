"""What somebody asks of a plan that the server makes: options as people give them, kept as text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from entrepost.base.errors import MisuseError
from entrepost.network.network import Network
from entrepost.planning.planner.params import PlanParams
from entrepost.reference.currency import get_exponent

SECONDS_MAX, POINTS_MAX, RULES_MAX = 3_600.0, 24, 30


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """The options of `entrepost plan`; at most one of `days_max`, `share_min` and `budget`.

    `budget` is in the network's currency a year, `share_min` of the items within `within_days`; `points` of the curve
    of cost against wait (0: none); at most `rules` rules (0: cell by cell); `file` names orders that were sent, empty
    takes those of the store.
    """

    days_max: float | None = None
    share_min: float | None = None
    within_days: int = 5
    budget: float | None = None
    side: str = "post"
    as_of: datetime | None = None
    gap: float = 0.01
    seconds: float = 60.0
    points: int = 8
    rules: int = 6
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    file: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= SECONDS_MAX:
            raise MisuseError(f"seconds is {self.seconds:g}; give up to {SECONDS_MAX:,.0f}")
        if self.points and not 2 <= self.points <= POINTS_MAX:
            raise MisuseError(f"points is {self.points}; give 2 to {POINTS_MAX}, or 0 for no curve")
        if not 0 <= self.rules <= RULES_MAX:
            raise MisuseError(f"rules is {self.rules}; give 1 to {RULES_MAX}, or 0 for none")
        if self.as_of is not None and self.as_of.tzinfo is None:
            raise MisuseError("as_of has no zone; give one, such as 2026-03-01T00:00:00Z")
        self._params(2)

    def to_params(self, network: Network) -> PlanParams:
        """As the planner takes them."""
        known = {row.warehouse for row in network.warehouses}
        if unknown := [code for code in (*self.forced, *self.forbidden) if code not in known]:
            raise MisuseError(f"there is no warehouse {unknown[0]!r}; there are {', '.join(sorted(known)) or 'none'}")
        return self._params(get_exponent(network.currency))

    def _params(self, exponent: int) -> PlanParams:
        return PlanParams(
            days_max=self.days_max,
            share_min=self.share_min,
            within_days=self.within_days,
            budget_minor=None if self.budget is None else self.budget * 10**exponent,
            side=self.side,
            as_of=self.as_of,
            gap_max=self.gap,
            seconds_max=self.seconds,
            forced=self.forced,
            forbidden=self.forbidden,
        )

    def to_text(self) -> str:
        """As text."""
        told = {name: value for name, value in asdict(self).items() if value not in (None, "", ())}
        return json.dumps(told | ({"as_of": self.as_of.isoformat()} if self.as_of else {}))


def read_asked(text: str) -> PlanAsked:
    """The options that a text of `to_text` tells."""
    told: dict[str, Any] = json.loads(text)
    if "as_of" in told:
        told["as_of"] = datetime.fromisoformat(told["as_of"])
    told |= {name: tuple(told[name]) for name in ("forced", "forbidden") if name in told}
    return PlanAsked(**told)

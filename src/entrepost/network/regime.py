"""How calm, busy and disrupted weeks of a lane differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regime:
    """A state of a lane's week that all its items share. Fields are the columns of `regimes`."""

    regime: str
    share_per_million: int
    work_factor: float
    travel_factor: float
    clear_factor: float
    deliver_factor: float
    source: str

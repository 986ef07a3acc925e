"""Customs channels: which share of the items takes which, and how long each lasts."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.network.duration import Duration


@dataclass(frozen=True, slots=True)
class Channel:
    """A customs channel at a facility in one direction under one regime. Fields are the columns of `clearance`."""

    facility: str
    direction: str
    regime: str
    channel: str
    share_per_million: int
    held: bool
    refused: bool
    open_hours: str
    hours_min: float
    hours_p50: float
    hours_p90: float
    cost_item_minor: float
    source: str

    @property
    def duration(self) -> Duration:
        """How long it takes."""
        return Duration(self.hours_min, self.hours_p50, self.hours_p90)

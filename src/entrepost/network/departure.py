"""The weekly timetable of line-haul transport."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrepost.network.duration import Duration


@dataclass(frozen=True, slots=True)
class Departure:
    """A weekly departure of one leg, with its cutoff, travel time and capacity.

    Fields are the columns of `departures`.
    """

    departure: str
    from_facility: str
    to_facility: str
    mode: str
    carrier: str
    weekday: int
    departs: str
    cutoff_hours: float
    hours_min: float
    hours_p50: float
    hours_p90: float
    missed_1_per_million: int
    missed_2_per_million: int
    capacity_kg: int
    cost_kg_minor: float
    valid_from: date
    valid_to: date
    source: str

    @property
    def duration(self) -> Duration:
        """How long it takes."""
        return Duration(self.hours_min, self.hours_p50, self.hours_p90)

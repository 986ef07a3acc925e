"""Where mail is worked on: the place, and the work done there."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from entrepost.network.duration import Duration

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Facility:
    """A place where mail is worked on, stored or handed over. Fields are the columns of `facilities`."""

    facility: str
    name: str
    kind: str
    country: str
    city: str
    latitude: float
    longitude: float
    time_zone: str
    source: str


@dataclass(frozen=True, slots=True)
class Processing:
    """One kind of work at a facility: when it is open, how long an item takes, what it costs.

    Fields are the columns of `processing`.
    """

    facility: str
    activity: str
    mail_class: str
    open_hours: str
    hours_min: float
    hours_p50: float
    hours_p90: float
    throughput_items_hour: int
    lost_per_million: int
    cost_item_minor: float
    cost_kg_minor: float
    source: str

    @property
    def duration(self) -> Duration:
        """How long it takes."""
        return Duration(self.hours_min, self.hours_p50, self.hours_p90)


def distance_km(here: Facility, there: Facility) -> float:
    """The shortest way over a sphere (haversine)."""
    north_1, north_2 = radians(here.latitude), radians(there.latitude)
    east = radians(there.longitude - here.longitude)
    chord = sin((north_2 - north_1) / 2) ** 2 + cos(north_1) * cos(north_2) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))

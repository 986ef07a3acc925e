"""What differs from the ordinary week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Exceptional:
    """Days on which a place is closed or slow, or a departure is cancelled or added.

    Fields are the columns of `calendar`.
    """

    kind: str
    country: str
    facility: str
    departure: str
    activity: str
    first_day: date
    last_day: date
    factor: float
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """A service that is not offered to a country for some days. Fields are the columns of `suspensions`."""

    service: str
    country: str
    first_day: date
    last_day: date
    reason: str
    source: str

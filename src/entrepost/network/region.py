"""Where customers are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A country's part, named by postcode prefix or city, with its people and its share of demand.

    Fields are the columns of `regions`.
    """

    region: str
    country: str
    postcode_prefix: str
    city: str
    latitude: float
    longitude: float
    time_zone: str
    area: str
    population: int
    weight: float
    source: str

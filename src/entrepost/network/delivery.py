"""The last mile, from an inward office or a warehouse to the regions of an area."""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.network.duration import Duration


@dataclass(frozen=True, slots=True)
class Delivery:
    """The last mile from a facility to an area by one product. Fields are the columns of `delivery`."""

    from_facility: str
    area: str
    product: str
    hours_min: float
    hours_p50: float
    hours_p90: float
    open_hours: str
    attempt_failed_per_million: int
    pickup_per_million: int
    lost_per_million: int
    cost_item_minor: float
    cost_kg_minor: float
    source: str

    @property
    def duration(self) -> Duration:
        """How long it takes."""
        return Duration(self.hours_min, self.hours_p50, self.hours_p90)

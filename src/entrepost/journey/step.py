"""The steps of a journey. Each is a linear map on the probabilities of being there at each hour.

Time is in whole UTC hours; being there *at* hour `t` means by that instant. The engine, the Monte
Carlo check and the simulation share these meanings:

- `Work` takes `k` whole open hours: done at the end of the `k`-th open hour after `t`; with `k` = 0
  at the first instant at or after `t` at which the place is open.
- `Ride` takes the first departure whose cutoff is not before `t`, or one or two later (missed), and
  arrives `k` hours after the departure.
- `Clear` draws a channel, then works in that channel's hours; a refused channel ends the journey.
- `Deliver` takes `k` hours to the delivery office, waits for the first round (an unbroken run of
  open hours) that starts at or after, and is attempted at the end of an hour drawn evenly from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from entrepost.network.clearance import Channel
from entrepost.network.delivery import Delivery
from entrepost.network.departure import Departure
from entrepost.network.facility import Processing


@dataclass(frozen=True, slots=True)
class Work:
    """Work at a facility; `row.activity` names it."""

    row: Processing
    country: str
    time_zone: str

    @property
    def name(self) -> str:
        """Name of the step: the activity."""
        return self.row.activity


@dataclass(frozen=True, slots=True)
class Ride:
    """Carriage on one leg by any of its departures that the service may use."""

    from_facility: str
    to_facility: str
    time_zone: str
    departures: tuple[Departure, ...]

    @property
    def name(self) -> str:
        """Name of the step."""
        return "ride"


@dataclass(frozen=True, slots=True)
class Clear:
    """Customs clearance; `channels` are of one facility, direction and regime."""

    channels: tuple[Channel, ...]
    country: str
    time_zone: str

    @property
    def name(self) -> str:
        """Name of the step: export or import."""
        return self.channels[0].direction


@dataclass(frozen=True, slots=True)
class Deliver:
    """The last mile; the zone is that of the area, where the rounds are."""

    row: Delivery
    country: str
    time_zone: str

    @property
    def name(self) -> str:
        """Name of the step."""
        return "deliver"


Step = Work | Ride | Clear | Deliver
Itinerary = tuple[Step, ...]
"""The steps of one route in order."""

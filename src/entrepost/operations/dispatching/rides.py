"""Which departures of the network a consignment can take: when they leave, what is full, and when they arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from entrepost.base.clock import zone
from entrepost.base.errors import MisuseError
from entrepost.mail.consignment import Leg
from entrepost.network.departure import Departure
from entrepost.network.network import Network
from entrepost.operations.dispatch_records import KeptLeg
from entrepost.operations.store import Store

DAYS_AHEAD = 14
"""So far ahead departures are looked for."""
MODES_OF = {"A": ("air",), "B": ("air",), "C": ("sea", "rail", "road"), "D": ("rail", "road", "sea")}
"""By which modes mail of a category may go."""
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Ride:
    """A departure on a day: when it leaves, until when mail must be there, when it is planned to arrive, its room."""

    departure: Departure
    departs_at: datetime
    cutoff_at: datetime
    arrives_at: datetime
    room_g: int

    @property
    def run(self) -> str:
        """What names it: the departure, and its instant."""
        return f"{self.departure.departure} {self.departs_at.astimezone(zone('UTC')):%Y-%m-%dT%H:%MZ}"

    @property
    def leg(self) -> Leg:
        """The ride as a consignment has it."""
        row = self.departure
        ends = (row.from_facility, row.to_facility)
        return Leg(row.mode, row.carrier, row.departure[:TRIP_MOST], *ends, self.departs_at, self.arrives_at)


TRIP_MOST = 17
"""Signs of a trip's number that messages can tell."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where receptacles are, where they are to go, in which category, since when they are ready, what they weigh."""

    origin: str
    destination: str
    mail_category: str
    ready_at: datetime
    weight_g: int = 0


def list_rides(store: Store, network: Network, tenant: str, wanted: Wanted) -> list[Ride]:
    """The departures from one office to another whose cutoff is still to come, with the room that is left, by arrival.

    Room is what the timetable says that a departure can carry of mail, less what the account has given to it.
    """
    modes = MODES_OF[wanted.mail_category]
    rows = network.departures_by_leg.get((wanted.origin, wanted.destination), ())
    dated = (ride for row in rows if row.mode in modes for ride in _dated(network, row, wanted.ready_at))
    found = [ride for ride in dated if ride.cutoff_at >= wanted.ready_at]
    booked = _booked(store, tenant, found)
    roomy = [
        Ride(each.departure, each.departs_at, each.cutoff_at, each.arrives_at, each.room_g - booked.get(each.run, 0))
        for each in found
    ]
    return sorted(roomy, key=lambda each: (each.arrives_at, each.departure.departure))


def choose_rides(store: Store, network: Network, tenant: str, wanted: Wanted) -> tuple[Ride, ...]:
    """The way that arrives first and has room for the weight: one departure, or two by way of another facility.

    Empty where none leaves within a fortnight.
    """
    ways: list[tuple[Ride, ...]] = [(each,) for each in _roomy(list_rides(store, network, tenant, wanted), wanted)[:1]]
    onward = [there for here, there in network.departures_by_leg if here == wanted.origin]
    for hub in onward:
        if (hub, wanted.destination) in network.departures_by_leg:
            ways += _over(store, network, tenant, (wanted, hub))
    return min(ways, key=lambda way: (way[-1].arrives_at, len(way)), default=())


def get_ride(store: Store, network: Network, tenant: str, departure: str, day: date) -> Ride:
    """A departure on a day (local at its origin); raises `MisuseError` where it does not leave then."""
    row = next((each for each in network.departures if each.departure == departure), None)
    if row is None:
        raise MisuseError(f"the network has no departure {departure}; see departures.csv")
    noon = datetime(day.year, day.month, day.day, tzinfo=zone(_zone(network, row.from_facility)))
    for ride in _dated(network, row, noon - timedelta(days=1)):
        if ride.departs_at.date() == day:
            booked = _booked(store, tenant, [ride]).get(ride.run, 0)
            return Ride(row, ride.departs_at, ride.cutoff_at, ride.arrives_at, ride.room_g - booked)
    raise MisuseError(f"{departure} does not leave on {day}; it leaves on weekday {row.weekday} unless it is cancelled")


def _over(store: Store, network: Network, tenant: str, asked: tuple[Wanted, str]) -> Iterator[tuple[Ride, ...]]:
    """The first way over a hub: the first departure there, then the first one on whose cutoff it is in time for."""
    wanted, hub = asked
    first = Wanted(wanted.origin, hub, wanted.mail_category, wanted.ready_at, wanted.weight_g)
    for here in _roomy(list_rides(store, network, tenant, first), wanted)[:1]:
        second = Wanted(hub, wanted.destination, wanted.mail_category, here.arrives_at, wanted.weight_g)
        for there in _roomy(list_rides(store, network, tenant, second), wanted)[:1]:
            yield here, there


def _roomy(rides: Sequence[Ride], wanted: Wanted) -> list[Ride]:
    return [each for each in rides if each.room_g >= wanted.weight_g]


def _booked(store: Store, tenant: str, rides: Sequence[Ride]) -> dict[str, int]:
    """Grams that were given to departures."""
    booked: dict[str, int] = {}
    for leg in store.records.list_where(KeptLeg, tenant, "run", [each.run for each in rides]):
        booked[leg.run] = booked.get(leg.run, 0) + leg.weight_g
    return booked


def _dated(network: Network, row: Departure, since: datetime) -> Iterator[Ride]:
    """The runs of a departure from a day before an instant on, but for cancelled and with added ones."""
    here, there = zone(_zone(network, row.from_facility)), zone(_zone(network, row.to_facility))
    begin = since.astimezone(here).date() - timedelta(days=1)
    told = CLOCK.fullmatch(row.departs)
    if told is None:
        raise MisuseError(f"departure {row.departure} leaves at {row.departs!r}; write it like 09:30")
    changes = network.calendar_by_departure.get(row.departure, ())
    for number in range(DAYS_AHEAD + 2):
        day = begin + timedelta(days=number)
        kinds = {each.kind for each in changes if each.first_day <= day <= each.last_day}
        weekly = day.isoweekday() == row.weekday and row.valid_from <= day <= row.valid_to
        if (weekly or "added" in kinds) and "cancelled" not in kinds:
            leaves = datetime(day.year, day.month, day.day, int(told[1]) % 24, int(told[2]), tzinfo=here)
            cutoff = _after(leaves, -row.cutoff_hours)
            yield Ride(row, leaves, cutoff, _after(leaves, row.hours_p50).astimezone(there), row.capacity_kg * 1_000)


def _after(instant: datetime, hours: float) -> datetime:
    """So many hours later by the sun, whatever clocks do; to the minute."""
    exact = instant.astimezone(zone("UTC")) + timedelta(minutes=round(hours * 60))
    return exact.astimezone(instant.tzinfo)


def _zone(network: Network, facility: str) -> str:
    return network.get_facility(facility).time_zone

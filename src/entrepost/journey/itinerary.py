"""From a route (a service, its facilities in order, an area) to the steps that an item goes through."""

from __future__ import annotations

from itertools import pairwise

from entrepost.base.errors import MissingRowError
from entrepost.journey.step import Clear, Deliver, Itinerary, Ride, Step, Work
from entrepost.network.departure import Departure
from entrepost.network.network import Network
from entrepost.network.service import Service

JOINT = ">"
"""Joins the facilities of a route in its text form: ``CNSZXA>USLAXA``."""


def format_route(facilities: tuple[str, ...]) -> str:
    """The text form of a route."""
    return JOINT.join(facilities)


def parse_route(text: str) -> tuple[str, ...]:
    """The facilities of a route's text form."""
    return tuple(text.split(JOINT))


def build_itinerary(network: Network, service_code: str, facilities: tuple[str, ...], area: str) -> Itinerary:
    """The steps of a route in order.

    Direct mail: prepare, accept, outward, export, ride (transit, ride)..., inward, import, deliver.
    From stock: pick, deliver. Work and clearance for which the folder has no row take no time and
    are left out; a leg without a departure, or an area without a last mile, raises `MissingRowError`.
    """
    service = network.service_by_code[service_code]
    steps: list[Step] = []
    if service.kind == "stock":
        steps += _work(network, facilities[0], "pick", service)
    else:
        steps += handing_over(network, facilities[0], service)
        for here, there in pairwise(facilities):
            if here != facilities[0]:
                steps += _work(network, here, "transit", service)
            steps.append(build_ride(network, here, there, service))
        steps += receiving(network, facilities[-1], service)
    steps.append(build_delivery(network, facilities[-1], area, service))
    return tuple(steps)


def handing_over(network: Network, facility: str, service: Service) -> list[Step]:
    """What happens at the origin before the first ride; shared by all routes of a service from there."""
    steps: list[Step] = []
    for activity in ("prepare", "accept", "outward"):
        steps += _work(network, facility, activity, service)
    return steps + _clear(network, facility, "export", service)


def receiving(network: Network, facility: str, service: Service) -> list[Step]:
    """What happens at the inward office between the last ride and the last mile."""
    return _work(network, facility, "inward", service) + _clear(network, facility, "import", service)


def build_ride(network: Network, here: str, there: str, service: Service) -> Ride:
    """Carriage on a leg by the departures whose mode the service allows."""
    departures = list_departures(network, here, there, service)
    if not departures:
        raise MissingRowError(f"no departure of modes {service.modes} runs from {here} to {there}")
    return Ride(here, there, network.get_facility(here).time_zone, departures)


def list_departures(network: Network, here: str, there: str, service: Service) -> tuple[Departure, ...]:
    """The departures of a leg that the service may use."""
    modes = service.modes.split("+")
    return tuple(row for row in network.departures_by_leg.get((here, there), ()) if row.mode in modes)


def build_delivery(network: Network, facility: str, area: str, service: Service) -> Deliver:
    """The last mile of a service from a facility to an area."""
    row = network.delivery_by_key.get((facility, area, service.delivery))
    if row is None or area not in network.area_region:
        raise MissingRowError(f"no last mile of product {service.delivery} runs from {facility} to area {area}")
    region = network.area_region[area]
    return Deliver(row, region.country, region.time_zone)


def _work(network: Network, facility: str, activity: str, service: Service) -> list[Step]:
    row = network.find_processing(facility, activity, service.mail_class)
    place = network.get_facility(facility)
    return [Work(row, place.country, place.time_zone)] if row else []


def _clear(network: Network, facility: str, direction: str, service: Service) -> list[Step]:
    channels = network.channels_by_key.get((facility, direction, service.clearance))
    place = network.get_facility(facility)
    return [Clear(channels, place.country, place.time_zone)] if channels else []

"""A route becomes the steps that an item goes through, in order."""

from __future__ import annotations

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.journey.itinerary import build_itinerary, format_route, parse_route
from entrepost.journey.step import Ride
from entrepost.network.network import Network
from tests.worlds import hub, one_warehouse, two_offices, two_services

DIRECT = ("CNSHAA", "DEFRAA")


def names(network: Network, service: str, *facilities: str) -> list[str]:
    return [step.name for step in build_itinerary(network, service, facilities, "DE")]


def test_mail_between_two_offices_goes_through_eight_steps() -> None:
    before, behind = ["prepare", "accept", "outward", "export"], ["inward", "import", "deliver"]
    assert names(two_offices(), "PACKET", *DIRECT) == [*before, "ride", *behind]


def test_at_the_hub_it_is_in_transit_between_two_rides() -> None:
    found = names(hub(), "PACKET", "CNSHAA", "AEDXBA", "DEFRAA")
    assert found[4:7] == ["ride", "transit", "ride"]
    assert len(found) == 10


def test_from_stock_it_is_picked_and_delivered() -> None:
    assert names(one_warehouse(), "LOCAL", "DEFRAW") == ["pick", "deliver"]


def test_a_service_rides_by_its_own_modes_alone() -> None:
    steps = build_itinerary(two_services(), "SLOW", DIRECT, "DE")
    (ride,) = [step for step in steps if isinstance(step, Ride)]
    assert [row.departure for row in ride.departures] == ["RAIL-3"]


def test_without_a_last_mile_or_a_departure_there_is_no_itinerary() -> None:
    with pytest.raises(MissingRowError, match="no last mile of product home runs from DEFRAA to area FR"):
        build_itinerary(two_offices(), "PACKET", DIRECT, "FR")
    with pytest.raises(MissingRowError, match="no departure of modes air runs from DEFRAA to CNSHAA"):
        build_itinerary(two_offices(), "PACKET", DIRECT[::-1], "DE")


@pytest.mark.parametrize("route", [("DEFRAW",), DIRECT, ("CNSHAA", "AEDXBA", "DEFRAA")])
def test_a_route_is_read_back_from_its_text(route: tuple[str, ...]) -> None:
    assert parse_route(format_route(route)) == route


def test_the_text_of_a_route_is_its_facilities_in_order() -> None:
    assert format_route(DIRECT) == "CNSHAA>DEFRAA"

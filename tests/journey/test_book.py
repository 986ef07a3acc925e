"""The route book has the routes that a network serves, each with its ordinary week and its cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepost.journey.book import COLUMNS, compile_book, horizon_hours, week_table
from entrepost.network.network import Network
from tests.journey.test_distribution import random_world
from tests.worlds import hub, one_warehouse, two_offices


def routes(network: Network) -> list[tuple[str, str, str]]:
    return [(route.service, route.text, route.area) for route in compile_book(network).routes]


def with_france(network: Network) -> Network:
    """The same, and a last mile from Frankfurt to France."""
    return replace(
        network,
        regions=(*network.regions, replace(network.regions[0], region="FR-75", country="FR", area="FR")),
        delivery=(*network.delivery, replace(network.delivery[0], area="FR")),
    )


def with_hamburg(routing: str) -> Network:
    """Two offices, and Hamburg, where the flight takes 60 hours instead of 12 but costs 1.00 a kilogram."""
    base = two_offices()
    there = {"hours_min": 60.0, "hours_p50": 60.0, "hours_p90": 60.0, "cost_kg_minor": 100.0}
    flights = [
        replace(row, departure=f"{row.departure}-H", to_facility="DEHAMA", **there)  # type: ignore[arg-type]
        for row in base.departures
    ]
    return replace(
        base,
        facilities=(*base.facilities, replace(base.facilities[1], facility="DEHAMA")),
        processing=(*base.processing, replace(base.processing[3], facility="DEHAMA")),
        clearance=(*base.clearance, replace(base.clearance[1], facility="DEHAMA")),
        departures=(*base.departures, *flights),
        delivery=(*base.delivery, replace(base.delivery[0], from_facility="DEHAMA")),
        services=(replace(base.services[0], routing=routing),),
    )


def test_two_offices_have_one_route_with_the_wait_and_cost_counted_by_hand() -> None:
    book = compile_book(two_offices())
    (route,) = book.routes
    monday = dict(zip(COLUMNS, book.table[0, 0].tolist(), strict=True))
    assert (route.text, route.cost_item_minor, route.cost_kg_minor) == ("CNSHAA>DEFRAA", 1000, 2500)
    assert (monday["mean"], monday["p10"], monday["p95"], monday["reach"]) == pytest.approx((82, 82, 82, 82))
    assert monday["arriving"] == 1
    assert book.number == {("CNSHAA", "PACKET", "DE"): 0}


def test_a_country_without_a_rate_is_not_served() -> None:
    france = with_france(two_offices())
    rated = replace(france, rates=(*france.rates, replace(france.rates[0], country="FR")))
    barred = replace(rated, services=(replace(rated.services[0], destinations="DE"),))
    assert [area for _, _, area in routes(france)] == ["DE"]
    assert [area for _, _, area in routes(rated)] == ["DE", "FR"]
    assert [area for _, _, area in routes(barred)] == ["DE"]


@pytest.mark.parametrize(("routing", "end"), [("fastest", "DEFRAA"), ("cheapest", "DEHAMA"), ("reliable", "DEFRAA")])
def test_of_several_inward_offices_the_routing_keeps_one(routing: str, end: str) -> None:
    assert routes(with_hamburg(routing)) == [("PACKET", f"CNSHAA>{end}", "DE")]


def test_stock_goes_out_from_its_warehouse() -> None:
    assert routes(one_warehouse()) == [("PACKET", "CNSHAA>DEFRAA", "DE"), ("LOCAL", "DEFRAW", "DE")]


@pytest.mark.parametrize("network", [hub(), random_world(3)], ids=["hub", "random"])
def test_the_whole_distribution_says_what_the_table_says(network: Network) -> None:
    book = compile_book(network)
    assert np.array_equal(week_table(book.distribution(0)), book.table[0], equal_nan=True)


def test_by_sea_an_item_is_waited_for_three_times_as_long() -> None:
    packet = two_offices().services[0]
    assert horizon_hours(packet) == 60 * 24
    assert horizon_hours(replace(packet, modes="air+sea")) == 180 * 24

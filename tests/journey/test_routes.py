"""Each service goes the way that its routing prefers."""

from __future__ import annotations

from dataclasses import replace

from entrepost.journey.routes import Finder
from entrepost.network.network import Network
from tests.worlds import hub, two_services

DIRECT = ("CNSHAA", "DEFRAA")
OVER_DUBAI = ("CNSHAA", "AEDXBA", "DEFRAA")


def best(network: Network, routing: str) -> dict[str, tuple[str, ...]]:
    return Finder(network).best_paths("CNSHAA", replace(network.services[0], routing=routing))


def to_dubai(network: Network, **cells: float) -> Network:
    rows = network.departures
    return replace(
        network, departures=tuple(replace(row, **cells) if row.to_facility == "AEDXBA" else row for row in rows)
    )


def test_the_fastest_way_is_the_one_that_wins_most_hours_of_the_week() -> None:
    assert best(hub(), "fastest") == {"AEDXBA": ("CNSHAA", "AEDXBA"), "DEFRAA": OVER_DUBAI}


def test_the_cheapest_way_is_taken_where_the_service_says_so() -> None:
    assert best(hub(), "cheapest")["DEFRAA"] == OVER_DUBAI, "18.00 a kilogram against 20.00"
    dear = to_dubai(hub(), cost_kg_minor=5000.0)
    assert best(dear, "cheapest")["DEFRAA"] == DIRECT
    assert best(dear, "fastest")["DEFRAA"] == OVER_DUBAI


def test_a_way_that_costs_little_more_and_is_sooner_counts_as_cheap() -> None:
    over_dubai_20_50 = to_dubai(hub(), cost_kg_minor=1250.0)
    assert best(over_dubai_20_50, "cheapest")["DEFRAA"] == OVER_DUBAI, "direct is 20.00 and mostly later"
    over_dubai_21_50 = to_dubai(hub(), cost_kg_minor=1350.0)
    assert best(over_dubai_21_50, "cheapest")["DEFRAA"] == DIRECT


def test_the_reliable_way_leaves_out_flights_that_are_often_missed() -> None:
    missed = to_dubai(hub(), missed_1_per_million=100_000)
    assert best(missed, "reliable")["DEFRAA"] == DIRECT
    assert best(missed, "fastest")["DEFRAA"] == OVER_DUBAI


def test_where_no_transit_is_worked_nothing_changes_planes() -> None:
    base = hub()
    without = replace(base, processing=tuple(row for row in base.processing if row.activity != "transit"))
    assert best(without, "fastest") == {"AEDXBA": ("CNSHAA", "AEDXBA"), "DEFRAA": DIRECT}


def test_by_a_mode_that_does_not_run_nothing_is_reached() -> None:
    base = two_services()
    assert Finder(base).best_paths("CNSHAA", base.services[1]) == {"DEFRAA": DIRECT}
    assert Finder(base).best_paths("CNSHAA", replace(base.services[1], modes="sea")) == {}
    assert Finder(base).best_paths("DEFRAA", base.services[0]) == {}, "nothing flies back"

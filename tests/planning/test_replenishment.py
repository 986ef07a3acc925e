"""Stock comes by the network's own timetable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from entrepost.network.facility import distance_km
from entrepost.planning.replenishment import inbound_network, replenish
from entrepost.reference.planning_term import planning_terms
from tests.planning.markets import FREE
from tests.worlds import one_warehouse

TERMS = planning_terms(date(2026, 1, 5), FREE)


def test_two_flights_a_week_bring_stock_in_a_week_or_so() -> None:
    row = replenish(one_warehouse(), ["CNSHAA"], ("air", "sea"), TERMS).rows.row(0, named=True)
    assert (row["mode"], row["route"]) == ("air", "CNSHAA>DEFRAA")
    fewest = 30 + 42 + 14 + 4 + 24
    assert fewest / 24 < row["lead_days_mean"] < 12, "prepared in 30 h, 42 h to a cutoff on average, flown, received"
    assert row["carriage_kg_minor"] == 2000.0
    assert row["handling_kg_minor"] == 0.0


def test_fewer_flights_lengthen_the_lead_time() -> None:
    network = one_warehouse()
    weekly = replace(network, departures=network.departures[:1])
    often, seldom = (
        replenish(each, ["CNSHAA"], ("air",), TERMS).rows["lead_days_mean"][0] for each in (network, weekly)
    )
    assert seldom > often + 1


def test_papers_and_lorries_cost_by_the_kilogram() -> None:
    terms = replace(TERMS, bulk_clearance=25.0, declaration_9810=3.0, truck_kg=1.0)
    row = replenish(one_warehouse(), ["CNSHAA"], ("air",), terms).rows.row(0, named=True)
    network = one_warehouse()
    road = 1.3 * distance_km(network.get_facility("DEFRAA"), network.get_facility("DEFRAW"))
    assert row["handling_kg_minor"] == pytest.approx(28 + road / 100, abs=0.01)


def test_a_warehouse_in_a_country_without_an_office_gets_no_stock() -> None:
    network = one_warehouse()
    moved = tuple(replace(row, country="FR") if row.facility == "DEFRAW" else row for row in network.facilities)
    assert replenish(replace(network, facilities=moved), ["CNSHAA"], ("air",), TERMS).rows.is_empty()


def test_the_warehouses_are_areas_of_the_inbound_network() -> None:
    inbound = inbound_network(one_warehouse(), ("CNSHAA",), ("air",))
    assert [row.area for row in inbound.regions] == ["DEFRAW"]
    assert [row.service for row in inbound.services] == ["INBOUND-air"]

"""A survey knows who can reach whom, and where a row stands in its file."""

from __future__ import annotations

from dataclasses import replace

from entrepost.base.findings import finding_code
from entrepost.network.survey import Survey, split, spread
from tests.worlds import hub, one_warehouse, two_offices, two_services

BENT = finding_code("test_row_bent", "A row is bent.")


def test_what_is_reached_is_reached_over_any_number_of_legs() -> None:
    legs = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e")]
    assert spread(["a"], legs) == {"a", "b", "c"}
    assert spread([], legs) == frozenset()
    assert split("air + rail") == ["air", "rail"]


def test_a_service_travels_by_its_own_modes_alone() -> None:
    ways = Survey(replace(two_services(), departures=two_offices().departures), {}).ways
    assert ways["FAST"].onward == {"CNSHAA", "DEFRAA"}
    assert ways["SLOW"].onward == {"CNSHAA"}, "no train runs"


def test_a_leg_back_to_the_origin_is_of_no_use() -> None:
    base = hub()
    back = replace(base.departures[0], departure="EK302", from_facility="AEDXBA", to_facility="CNSHAA")
    way = Survey(replace(base, departures=(*base.departures, back)), {}).ways["PACKET"]
    assert way.uses("CNSHAA", "AEDXBA")
    assert way.uses("AEDXBA", "DEFRAA")
    assert not way.uses("AEDXBA", "CNSHAA")


def test_from_stock_only_the_areas_behind_a_warehouse_are_reached() -> None:
    base = one_warehouse()
    assert Survey(base, {}).areas == {"PACKET": {"DE"}, "LOCAL": {"DE"}}
    assert Survey(replace(base, warehouses=()), {}).areas == {"PACKET": {"DE"}, "LOCAL": set()}


def test_a_row_stands_on_its_line_or_on_that_of_a_fresh_file() -> None:
    spot = ("departures", 1, "weekday")
    assert Survey(two_offices(), {"departures": (2, 7)}).find(BENT, spot, "bent", "straighten it").row == 7
    found = Survey(two_offices(), {}).find(BENT, spot, "bent", "straighten it")
    assert (found.subject, found.row, found.field) == ("departures.csv", 3, "weekday")

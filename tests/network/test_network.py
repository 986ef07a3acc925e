"""A network answers what rooms ask of it, and is known by its content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entrepost.base.errors import MissingRowError
from tests.worlds import hub, two_offices, two_services


def test_a_facility_that_is_not_there_is_refused_by_name() -> None:
    assert two_offices().get_facility("DEFRAA").city == "Frankfurt"
    with pytest.raises(MissingRowError, match="network 'two offices' has no facility 'FRCDGA'"):
        two_offices().get_facility("FRCDGA")


def test_the_row_of_a_mail_class_goes_before_the_row_for_all() -> None:
    base = two_offices()
    express = replace(base.processing[1], mail_class="E", hours_min=1.0)
    network = replace(base, processing=(*base.processing, express))
    assert network.find_processing("CNSHAA", "accept", "E") == express
    assert network.find_processing("CNSHAA", "accept", "U") == base.processing[1]
    assert network.find_processing("CNSHAA", "transit", "U") is None


def test_departures_of_a_leg_are_of_all_modes_and_in_order() -> None:
    legs = two_services().departures_by_leg
    assert [row.departure for row in legs["CNSHAA", "DEFRAA"]] == ["MU219-2", "MU219-5", "RAIL-3"]
    assert set(hub().departures_by_leg) == {("CNSHAA", "AEDXBA"), ("AEDXBA", "DEFRAA"), ("CNSHAA", "DEFRAA")}


def test_the_weightiest_region_stands_for_its_area() -> None:
    base = two_offices()
    berlin = replace(base.regions[0], region="DE-10", time_zone="Europe/Berlin", weight=2.0)
    assert replace(base, regions=(*base.regions, berlin)).area_region["DE"] == berlin
    assert replace(base, regions=(berlin, *base.regions)).area_region["DE"] == berlin


def test_what_is_equal_has_one_hash_and_another_cell_another() -> None:
    base = two_offices()
    whole = replace(base, departures=tuple(replace(row, hours_p50=12) for row in base.departures))
    assert whole.content_hash == base.content_hash
    assert replace(base, sources={"a": {"x": "1", "y": "2"}}).content_hash == (
        replace(base, sources={"a": {"y": "2", "x": "1"}}).content_hash
    )
    later = replace(base, departures=tuple(replace(row, hours_p50=12.5) for row in base.departures))
    assert later.content_hash != base.content_hash

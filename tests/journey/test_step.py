"""A step is named by what is done in it."""

from __future__ import annotations

from entrepost.journey.step import Clear, Deliver, Ride, Work
from tests.worlds import two_offices

WORLD = two_offices()


def test_work_is_named_by_its_activity() -> None:
    assert [Work(row, "CN", "UTC").name for row in WORLD.processing] == ["prepare", "accept", "outward", "inward"]


def test_clearance_is_named_by_its_direction() -> None:
    assert [Clear((row,), "CN", "UTC").name for row in WORLD.clearance] == ["export", "import"]


def test_carriage_and_the_last_mile_have_names_of_their_own() -> None:
    assert Ride("CNSHAA", "DEFRAA", "UTC", WORLD.departures).name == "ride"
    assert Deliver(WORLD.delivery[0], "DE", "UTC").name == "deliver"

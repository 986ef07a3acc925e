"""The desk shares what starts have in common in front of the first ride."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from entrepost.journey.calendars import ordinary_timeline
from entrepost.journey.desk import desk_of
from entrepost.journey.distribution import WEEK_STARTS, Lead
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from tests.worlds import one_warehouse, two_offices

HORIZON = 60 * 24


def lead(network: Network, service: str, *facilities: str) -> Lead:
    steps = build_itinerary(network, service, facilities, "DE")
    return desk_of(ordinary_timeline(network, HORIZON), WEEK_STARTS).lead(steps[:-1], WEEK_STARTS)


def test_starts_that_wait_for_the_same_opening_share_a_row() -> None:
    base = two_offices()
    by_day = (replace(base.processing[0], open_hours="Mo-Fr 08-18"), *base.processing[1:])
    found = lead(replace(base, processing=by_day), "PACKET", "CNSHAA", "DEFRAA")
    friday_evening = 4 * 24 + 18
    assert found.row[:9].tolist() == [0] * 9
    assert found.wait[:9].tolist() == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert found.row[9] == 1
    assert found.wait[friday_evening] == 62, "until Monday, 08:00"
    assert np.unique(found.row).size == 5 * 10 + 1, "each open hour, and the Monday after"


def test_some_starts_are_followed_as_they_are_among_all() -> None:
    steps = build_itinerary(two_offices(), "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    desk = desk_of(ordinary_timeline(two_offices(), HORIZON), WEEK_STARTS)
    some = desk.distribution(steps, np.array([3, 4], np.int32), HORIZON)
    assert [int(np.argmax(some.cdf(start))) for start in (0, 1)] == [79, 174]
    every = desk.distribution(steps, WEEK_STARTS, HORIZON)
    assert np.array_equal(some.cdf(1), every.cdf(4))


def test_from_stock_nothing_rides_and_every_start_goes_on_by_itself() -> None:
    found = lead(one_warehouse(), "LOCAL", "DEFRAW")
    ((rows, _),) = found.cleared
    assert found.row.tolist() == list(range(168))
    assert not found.wait.any()
    assert [np.flatnonzero(row).tolist() for row in rows[:3]] == [[2], [3], [4]], "picked in two hours"


def test_calm_and_busy_weeks_are_followed_apart_and_added_by_their_shares() -> None:
    regimes = (Regime("calm", 600_000, 1, 1, 1, 1, "assumed"), Regime("busy", 400_000, 2, 1, 1, 1, "assumed"))
    network = replace(two_offices(), regimes=regimes)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    found = desk_of(ordinary_timeline(network, HORIZON), WEEK_STARTS).distribution(steps, WEEK_STARTS, HORIZON)
    monday = found.cdf(0)
    assert np.flatnonzero(np.diff(monday)).tolist() == [81, 177], "busy: ready after 61 hours, for Friday's flight"
    assert monday[[81, 82, 177, 178]] == pytest.approx([0, 0.6, 0.6, 1])

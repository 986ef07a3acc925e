"""Each step moves probability to later hours; what is lost or refused leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from entrepost.base.clock import day_hour
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.engine import Engine
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from tests.worlds import MONDAY, two_offices

PREPARE, ACCEPT, OUTWARD, EXPORT, RIDE, INWARD, IMPORT, DELIVER = range(8)


def after(network: Network, number: int, start: int) -> dict[int, float]:
    """Where what is there at hour `start` of the week is after one step: probabilities by hour."""
    monday = day_hour(MONDAY.date())
    engine = Engine(dated_timeline(network, monday, monday, 13 * 24), network.regimes[0])
    step = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")[number]
    rows, span = engine.push(engine.start(np.array([start], np.int32)), step)
    hours = np.flatnonzero(rows[0])
    assert span[0, 0] <= hours[0]
    assert span[0, 1] == hours[-1] + 1
    return {int(hour): pytest.approx(rows[0, hour]) for hour in hours}


def customs(**cells: object) -> Network:
    """Two offices whose import customs take 6 hours for nine in ten items, and something else for the tenth."""
    base = two_offices()
    green = replace(base.clearance[1], share_per_million=900_000)
    other = replace(green, channel="other", share_per_million=100_000, **cells)  # type: ignore[arg-type]
    return replace(base, clearance=(base.clearance[0], green, other))


def test_a_refused_channel_leaves_the_row() -> None:
    assert after(customs(refused=True), IMPORT, 0) == {6: 0.9}


def test_channels_of_equal_or_other_hours_come_out_together() -> None:
    longer = {"hours_p50": 9.0, "hours_p90": 9.0, "hours_min": 9.0}
    assert after(customs(**longer), IMPORT, 0) == {6: 0.9, 9: 0.1}
    assert after(customs(open_hours="Mo-Fr 08-18"), IMPORT, 0) == {6: 0.9, 14: 0.1}


def test_what_is_lost_at_work_or_on_the_last_mile_leaves_the_row() -> None:
    base = two_offices()
    lossy = replace(
        base,
        processing=tuple(replace(row, lost_per_million=200_000) for row in base.processing),
        delivery=(replace(base.delivery[0], lost_per_million=50_000),),
    )
    assert after(lossy, ACCEPT, 0) == {2: 0.8}
    assert after(lossy, DELIVER, 0) == {24 + 10: 0.95}, "at the office at noon, out the day after"


def test_work_that_begins_on_a_slow_day_takes_longer() -> None:
    tuesday = date(2026, 1, 6)
    slow = Exceptional("slow", "", "DEFRAA", "", "inward", tuesday, tuesday, 2.0, "strike", "assumed")
    network = replace(two_offices(), calendar=(slow,))
    assert [after(network, INWARD, start) for start in (23, 24, 47, 48)] == [{27: 1}, {32: 1}, {55: 1}, {52: 1}]
    assert after(network, IMPORT, 24) == {30: 1}, "customs are not slow"


def test_who_misses_a_flight_takes_the_next() -> None:
    base = two_offices()
    network = replace(base, departures=tuple(replace(row, missed_1_per_million=200_000) for row in base.departures))
    tuesday_cutoff, wednesday, saturday = 34, 48, 120
    assert after(network, RIDE, tuesday_cutoff) == {wednesday: 0.8, saturday: 0.2}
    assert after(network, RIDE, tuesday_cutoff + 1) == {saturday: 0.8, wednesday + 168: 0.2}


def test_the_hours_of_a_delivery_round_are_evenly_likely() -> None:
    base = two_offices()
    network = replace(base, delivery=(replace(base.delivery[0], open_hours="Mo-Fr 14-18"),))
    assert after(network, DELIVER, 0) == {15: 0.25, 16: 0.25, 17: 0.25, 18: 0.25}

"""The hours at which the calendar makes a route differ from its ordinary week are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from entrepost.base.clock import day_hour
from entrepost.journey.book import compile_book
from entrepost.journey.calendars import dated_timeline
from entrepost.journey.exceptional import Exceptions, RouteExceptions
from entrepost.journey.itinerary import build_itinerary
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from tests.worlds import MONDAY, two_offices

FIRST, TUESDAY, THURSDAY = MONDAY.date(), date(2026, 1, 6), date(2026, 1, 8)


def count(network: Network, first: int = 0, last: int = 8, monday: date = FIRST) -> NDArray[np.int64]:
    """Over two weeks from a Monday, for the steps `first` to `last`."""
    timeline = dated_timeline(network, day_hour(monday), day_hour(monday), 13 * 24)
    steps = build_itinerary(network, "PACKET", ("CNSHAA", "DEFRAA"), "DE")
    return Exceptions(timeline).count_before(steps[first:last])


def on(day: date, kind: str = "closed", **where: str) -> Network:
    row = {"country": "", "facility": "", "departure": "", "activity": "*"} | where
    exceptional = Exceptional(kind=kind, first_day=day, last_day=day, factor=1.0, name="", source="assumed", **row)
    return replace(two_offices(), calendar=(exceptional,))


def test_ordinary_days_have_no_exceptional_hour() -> None:
    found = count(two_offices())
    assert found.shape == (14 * 24 + 1,)
    assert not found.any()


def test_the_hours_of_a_holiday_are_counted_once_for_all_steps_that_it_closes() -> None:
    found = count(on(THURSDAY, country="DE"))
    assert (found[72], found[73], found[96], found[-1]) == (0, 1, 24, 24)


def test_a_holiday_is_one_for_the_steps_of_its_country_and_activity_alone() -> None:
    holiday = on(THURSDAY, country="DE", activity="delivery")
    assert count(holiday, first=7)[-1] == 24, "the last mile"
    assert count(holiday, last=7)[-1] == 0, "all before it"


@pytest.mark.parametrize(("kind", "day", "cutoff"), [("cancelled", TUESDAY, 24 + 10), ("added", THURSDAY, 72 + 10)])
def test_a_departure_that_is_cancelled_or_added_shows_at_its_cutoff(kind: str, day: date, cutoff: int) -> None:
    found = count(on(day, kind, departure="MU219-2"))
    assert np.flatnonzero(np.diff(found)).tolist() == [cutoff]


def test_summer_is_exceptional_where_the_clock_is_put_forward() -> None:
    base = two_offices()
    berlin = replace(base, regions=tuple(replace(row, time_zone="Europe/Berlin") for row in base.regions))
    assert count(berlin)[-1] == 0
    assert count(berlin, monday=date(2026, 7, 6))[-1] == 14 * 24


def test_the_span_of_a_route_reaches_from_its_first_to_its_last_exceptional_hour() -> None:
    network = on(THURSDAY, facility="DEFRAA")
    book = compile_book(network)
    timeline = dated_timeline(network, day_hour(FIRST), day_hour(FIRST), 13 * 24)
    found = RouteExceptions(book, timeline)
    hours = [day_hour(THURSDAY) - day_hour(FIRST) + hour for hour in (0, 23)]
    assert found.list_spans(np.array([0])).tolist()[0] == hours
    at_once, later = found.count_before(0)
    assert not at_once.any(), "the closed office lies behind the last ride"
    assert later[[hours[0], hours[1] + 1]].tolist() == [0, 24]


def test_a_route_without_exceptional_hours_ends_its_span_before_it_begins() -> None:
    timeline = dated_timeline(two_offices(), day_hour(FIRST), day_hour(FIRST), 13 * 24)
    spans = RouteExceptions(compile_book(two_offices()), timeline).list_spans(np.array([0]))
    assert spans.tolist()[0] == [timeline.hours, -1]

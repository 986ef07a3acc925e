from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from entrepost.base.clock import from_hour, to_hour
from entrepost.base.errors import MisuseError
from entrepost.journey.calendars import Timeline, dated_timeline, ordinary_timeline
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from tests.worlds import two_offices


def dated(network: Network, first: datetime, last: datetime, horizon: int = 240) -> Timeline:
    return dated_timeline(network, to_hour(first), to_hour(last), horizon)


def open_instants(timeline: Timeline, text: str, zone: str, country: str = "DE", facility: str = "X") -> list[datetime]:
    done = timeline.open_hours(text, zone, country, facility, "inward").done
    return [from_hour(timeline.first_hour + int(index) - 1) for index in done]


def closed(**where: object) -> Exceptional:
    row = {"kind": "closed", "country": "", "facility": "", "departure": "", "activity": "*"}
    row |= {"last_day": where["first_day"], "factor": 1.0, "name": "a day off", "source": "assumed"}
    return Exceptional(**(row | where))  # type: ignore[arg-type]


def test_opening_hours_are_local_and_followed_in_utc() -> None:
    timeline = ordinary_timeline(two_offices(), 0)
    opens = open_instants(timeline, "Mo-Fr 08-10", "Asia/Shanghai")
    assert opens[:3] == [
        datetime(2026, 1, 5, 0, tzinfo=UTC),
        datetime(2026, 1, 5, 1, tzinfo=UTC),
        datetime(2026, 1, 6, 0, tzinfo=UTC),
    ]


def test_real_dates_follow_the_change_to_summer_time() -> None:
    timeline = dated(two_offices(), datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    opens = open_instants(timeline, "Mo-Su 08-09", "Europe/Berlin")
    assert [instant.hour for instant in opens[:3]] == [7, 6, 6]


def test_the_ordinary_week_keeps_one_offset_all_year() -> None:
    timeline = ordinary_timeline(two_offices(), 180 * 24)
    hours = {instant.hour for instant in open_instants(timeline, "Mo-Su 08-09", "Europe/Berlin")}
    assert hours == {7}


def test_a_holiday_closes_its_country_and_no_other() -> None:
    network = replace(two_offices(), calendar=(closed(country="DE", first_day=date(2026, 1, 6)),))
    timeline = dated(network, datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), 72)
    german = {instant.day for instant in open_instants(timeline, "24/7", "UTC", "DE")}
    chinese = {instant.day for instant in open_instants(timeline, "24/7", "UTC", "CN")}
    assert 6 not in german
    assert 6 in chinese


def test_the_ordinary_week_knows_no_holiday() -> None:
    network = replace(two_offices(), calendar=(closed(country="DE", first_day=date(2026, 1, 6)),))
    timeline = ordinary_timeline(network, 0)
    assert 6 in {instant.day for instant in open_instants(timeline, "24/7", "UTC", "DE")}


def test_slow_days_stretch_what_begins_on_them() -> None:
    slow = closed(kind="slow", facility="X", first_day=date(2026, 1, 6), factor=2.0)
    timeline = dated(
        replace(two_offices(), calendar=(slow,)), datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), 72
    )
    hours = timeline.open_hours("24/7", "UTC", "DE", "X", "inward")
    factor = np.array(hours.factors)[hours.variant]
    assert factor[:24].tolist() == [1] * 24
    assert factor[24:48].tolist() == [2] * 24


def test_departures_leave_by_local_time_and_have_their_cutoff_before() -> None:
    network = two_offices()
    rows = (replace(network.departures[0], departs="12:30", cutoff_hours=6.0),)
    runs = ordinary_timeline(network, 0).departures(rows, "Asia/Shanghai")
    tuesday_0430 = 24 + 4.5
    assert runs.leaves[0] == np.ceil(tuesday_0430)
    assert runs.cutoff[0] == np.floor(tuesday_0430 - 6)


def test_every_week_of_the_ordinary_week_has_the_same_departures() -> None:
    network = two_offices()
    runs = ordinary_timeline(network, 1440).departures(network.departures, "UTC")
    assert (runs.leaves[2:] - runs.leaves[:-2] == 168).all()


def test_cancelled_and_added_departures_are_followed_on_real_dates() -> None:
    network = two_offices()
    name = network.departures[0].departure
    gone = closed(kind="cancelled", departure=name, first_day=date(2026, 1, 6))
    more = closed(kind="added", departure=name, first_day=date(2026, 1, 8))
    timeline = dated(
        replace(network, calendar=(gone, more)),
        datetime(2026, 1, 5, tzinfo=UTC),
        datetime(2026, 1, 5, tzinfo=UTC),
        24 * 10,
    )
    runs = timeline.departures(network.departures[:1], "UTC")
    days = [from_hour(timeline.first_hour + int(index)).day for index in runs.leaves]
    assert days == [8, 13]


def test_a_departure_outside_its_season_does_not_run() -> None:
    network = two_offices()
    rows = (replace(network.departures[0], valid_to=date(2026, 1, 10)),)
    timeline = dated(network, datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), 24 * 20)
    assert timeline.departures(rows, "UTC").leaves.size == 1


def test_a_departure_time_that_is_none_says_which_and_how_to_write_it() -> None:
    network = two_offices()
    rows = (replace(network.departures[0], departs="noon"),)
    with pytest.raises(MisuseError, match="MU219-2 leaves at 'noon'"):
        ordinary_timeline(network, 0).departures(rows, "UTC")


def test_an_ordinary_week_that_is_no_monday_is_refused() -> None:
    with pytest.raises(MisuseError, match="not a Monday"):
        ordinary_timeline(replace(two_offices(), ordinary_week=date(2026, 1, 6)), 0)

"""Departures have dates, cutoffs and room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.network.calendar import Exceptional
from entrepost.network.network import Network
from entrepost.operations.dispatching.rides import Wanted, choose_rides, get_ride, list_rides
from tests.operations.dispatching.station import NETWORK, NOON, station
from tests.operations.dispatching.test_consigning import dispatched, given

WANTED = Wanted("CNSHAA", "DEFRAA", "A", NOON, 1_000)


def changed(kind: str, day: date) -> Network:
    row = Exceptional(kind, "", "", "MU219-2", "", day, day, 1.0, "a day", "assumed")
    return replace(NETWORK, calendar=(row,))


def runs(folder: Path, network: Network = NETWORK, wanted: Wanted = WANTED) -> list[str]:
    return [each.run for each in list_rides(station(folder), network, "main", wanted)]


def test_flights_leave_every_week_for_a_fortnight(tmp_path: Path) -> None:
    assert runs(tmp_path) == [
        *("MU219-2 2026-01-13T12:00Z", "MU219-5 2026-01-16T12:00Z"),
        *("MU219-2 2026-01-20T12:00Z", "MU219-5 2026-01-23T12:00Z"),
    ]


def test_what_is_cancelled_does_not_leave_and_what_is_added_does(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    assert runs(there, changed("cancelled", date(2026, 1, 13)))[0] == "MU219-5 2026-01-16T12:00Z"
    assert runs(here, changed("added", date(2026, 1, 11)))[0] == "MU219-2 2026-01-11T12:00Z"


@pytest.mark.parametrize(("minute", "first"), [(0, "MU219-2 2026-01-13"), (1, "MU219-5 2026-01-16")])
def test_mail_must_be_there_by_the_cutoff_two_hours_before(tmp_path: Path, minute: int, first: str) -> None:
    ready = datetime(2026, 1, 13, 10, minute, tzinfo=UTC)
    assert runs(tmp_path, wanted=replace(WANTED, ready_at=ready))[0].startswith(first)


def test_room_is_what_others_have_left(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    given(store)
    rooms = [each.room_g for each in list_rides(store, NETWORK, "main", WANTED)]
    assert rooms[:2] == [5_000_000 - 2_500, 5_000_000]
    assert get_ride(store, NETWORK, "main", "MU219-2", date(2026, 1, 13)).room_g == rooms[0]
    assert list_rides(store, NETWORK, "other", WANTED)[0].room_g == 5_000_000


def test_surface_mail_does_not_fly(tmp_path: Path) -> None:
    assert choose_rides(station(tmp_path), NETWORK, "main", replace(WANTED, mail_category="C")) == ()


def test_a_clock_that_nobody_can_read_is_told(tmp_path: Path) -> None:
    odd = replace(NETWORK, departures=tuple(replace(each, departs="noon") for each in NETWORK.departures))
    with pytest.raises(MisuseError, match="09:30"):
        runs(tmp_path, odd)

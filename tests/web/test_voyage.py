"""The line of an item, and its scans."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from entrepost.mail.event import Event
from entrepost.operations.track import Tracked
from entrepost.web.voyage import STOPS, list_scans, list_stops, say_status, tone_of
from tests.web.shop import NOW, PLACED
from tests.worlds import two_offices

PLACES = two_offices().facility_by_code
ITEM = Tracked(
    *("LX000000005CN", "main", "shop", "o1", "CNSHAA", "DE", "in_transit", "", "", ""),
    since=NOW,
    wait_ended_at=None,
    promise=None,
    events=(),
)


def scan(code: str, hours: int, facility: str = "", reason: str = "") -> Event:
    time = PLACED + timedelta(hours=hours)
    return Event(ITEM.item_id, code, time, time + timedelta(minutes=30), facility, reason)


def test_a_stop_has_the_time_of_its_first_scan_and_one_without_a_scan_has_none() -> None:
    item = replace(ITEM, events=(scan("EMD", 50), scan("EMA", 26), scan("EMB", 28)))
    stops = list_stops(item, PLACED)
    assert [stop.state for stop in stops] == ["done", "done", "done", "now", "open", "open", "open"]
    assert [stop.at is not None for stop in stops] == [True, True, False, True, False, False, False]
    assert (stops[1].took, stops[3].took) == (timedelta(hours=26), timedelta(hours=24))


def test_an_item_that_crosses_no_border_has_fewer_stops_and_a_delivered_one_all() -> None:
    home = replace(ITEM, origin="DEHAMW", wait_ended_at=NOW, events=(scan("EMI", 58),))
    assert [(stop.name, stop.state) for stop in list_stops(home, PLACED)] == [
        *(("Ordered", "done"), ("Accepted", "done"), ("Near recipient", "done"), ("Delivery tried", "done")),
    ]


def test_every_code_that_moves_an_item_has_its_stop() -> None:
    from entrepost.reference.event_code import list_event_codes

    placed = {code for _, codes in STOPS for code in codes}
    assert {code.code for code in list_event_codes()} - placed == {"EXX", "EDX"}


def test_scans_are_told_in_words_with_how_late_they_were_known() -> None:
    item = replace(ITEM, events=(scan("EME", 50, "DEFRAA", "AWAITING_PAYMENT"), scan("EMA", 26, "nowhere")))
    held, accepted = list_scans(item, PLACES)
    assert (held.what, held.place, held.recorded_after) == (
        *("Held by import customs", "Frankfurt office_of_exchange, DE"),
        timedelta(minutes=30),
    )
    assert "paid" in held.reason.lower()
    assert accepted.place == "nowhere"


def test_a_status_has_its_words_and_its_tone() -> None:
    assert (say_status("ended", "lost"), tone_of("ended")) == ("Ended: lost", "wrong")
    assert (say_status("in_transit"), tone_of("in_transit")) == ("In transit", "going")
    assert (tone_of("delivered"), tone_of("pending")) == ("good", "open")

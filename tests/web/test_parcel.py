"""What a recipient sees of an item."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from entrepost.mail.event import Event
from entrepost.operations.track import PromisedRange, Tracked
from entrepost.web.language import get_language
from entrepost.web.parcel import Parcel, tell_parcel
from tests.web.shop import NOW, PLACED
from tests.worlds import two_offices

EN = get_language("en")
PLACES = two_offices().facility_by_code
PROMISE = PromisedRange("PACKET", "r", NOW, NOW + timedelta(days=4), "UTC", 0.9, None)
ITEM = Tracked(
    *("LX000000005CN", "main", "shop", "o1", "CNSHAA", "DE", "in_transit", "", "", ""),
    since=NOW,
    wait_ended_at=None,
    promise=PROMISE,
    events=(),
)


def told(now: datetime = NOW, **changed: object) -> Parcel:
    return tell_parcel(replace(ITEM, **changed), None, EN, PLACES, now)  # type: ignore[arg-type]


def scan(code: str, facility: str = "") -> Event:
    return Event(item_id=ITEM.item_id, code=code, time=PLACED, recorded_at=PLACED, facility=facility)


def states(parcel: Parcel) -> str:
    return " ".join(step.state for step in parcel.steps)


def test_without_a_forecast_the_promise_is_told_as_one() -> None:
    parcel = told()
    assert (parcel.label, parcel.days) == ("Promised", "Wed 7 Jan\u2009–\u2009Sun 11 Jan")
    assert parcel.chance == "With a probability of 90% it is there by then."


def test_a_promise_that_is_past_is_told_as_broken_and_never_as_to_come() -> None:
    parcel = told(NOW + timedelta(days=5))
    assert parcel.days == ""
    assert parcel.note.startswith("It should have been here by Sunday, 11 January 2026.")


@pytest.mark.parametrize("status", ["returning", "returned", "ended"])
def test_what_does_not_come_has_no_day(status: str) -> None:
    parcel = told(NOW + timedelta(days=5), status=status)
    assert (parcel.days, parcel.note) == ("", "")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("EMA", "now open open open open"),
        ("EMC", "done now open open open"),
        ("EMJ", "done now open open open"),
        ("EME", "done done now open open"),
        ("EDG", "done done done now open"),
        ("EXX", "open open open open open"),
    ],
)
def test_an_event_brings_its_item_along_the_line(code: str, line: str) -> None:
    assert states(told(events=(scan(code),))) == line


def test_a_late_scan_of_an_earlier_place_does_not_move_it_back() -> None:
    assert states(told(events=(scan("EMC"), scan("EDG")))) == "done done done now open"


def test_a_delivered_item_is_at_the_end_even_where_that_scan_went_missing() -> None:
    assert states(told(status="delivered")) == "done done done done done"


def test_an_item_that_crosses_no_border_has_three_steps() -> None:
    parcel = told(origin="DEHAMW", events=(scan("EDG"),))
    assert states(parcel) == "done now open"


def test_of_a_place_that_is_not_known_the_country_is_told_and_never_its_code() -> None:
    places = [each.place for each in told(events=(scan("EMD", "FRPARA"), scan("EMG", "depot7"), scan("EMI"))).scans]
    assert places == ["France", "", ""]


def test_who_must_act_is_told_what_to_do() -> None:
    parcel = told(status="at_customs", action_required="addressee", reason="AWAITING_PAYMENT")
    assert parcel.todo.startswith("Duty, tax or a fee")
    assert told(action_required="sender", reason="NO_DECLARATION").todo.startswith("It goes on when the sender acts")
    assert told(reason="PROHIBITED_SUSPECT").todo == ""

"""Events of partners become events of our items; what is not theirs to tell, or cannot be, is left out and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.mail.partner import Office
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.store import Store
from tests.operations.exchanging.world import DESK, FIRST, PARTNERS, Box
from tests.operations.shop import LAMP_NO, NOW, POSTED, two_items

ZONES = PARTNERS.zones(NOW.date())
USA = replace(PARTNERS.operators[1], operator="USA", countries="US", time_zone="America/New_York")
WIDE = replace(
    PARTNERS,
    operators=(*PARTNERS.operators, USA),
    offices=(*PARTNERS.offices, Office("USJFKA", "USA", FIRST)),
    addresses=(*PARTNERS.addresses, replace(PARTNERS.addresses[1], address="US101", operator="USA")),
    channels=(*PARTNERS.channels, replace(PARTNERS.channels[0], operator="USA")),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A shop with a lamp and a mug on their way to Germany."""
    return two_items(tmp_path)


def report(code: str, hours: float, item_id: str = LAMP_NO, office: str = "DEFRAA", **more: str) -> ItemReport:
    return ItemReport(item_id, code, POSTED + timedelta(hours=hours), office, **more)


def message(document: str, *reports: ItemReport, function: str = "original", days: float = 3) -> Emsevt:
    return Emsevt(document, POSTED + timedelta(days=days), reports, function, reports[0].office)


def take(store: Store, *messages: Emsevt, reference: str = "1", sender: str = "DE101") -> list[CameMessage]:
    """Let an interchange of messages arrive; how all of them stand."""
    local = (POSTED + timedelta(days=3)).replace(tzinfo=None)
    body = emsevt.write(messages, Envelope(sender, "CN101", local, reference), WIDE.zones(NOW.date()))
    arrival = Box().arrive(body, reference, proved=sender)
    arrival = replace(arrival, transmission=replace(arrival.transmission, sender=sender))
    take_in(store, replace(DESK, partners=WIDE), APPLIERS, "folder", [arrival])
    return store.exchange.list_with(CameMessage, "main", {"came": [f"{sender} {reference}"]})


def stood(store: Store, item_id: str = LAMP_NO) -> dict[str, Any]:
    return store.list_items().filter(pl.col("item_id") == item_id).row(0, named=True)


def test_events_are_recorded_with_their_status_and_offset(store: Store) -> None:
    rows = take(store, message("a", report("EMD", 30)), message("b", report("EMI", 60)))
    assert [(row.state, row.why) for row in rows] == [("applied", ""), ("applied", "")]
    assert (stood(store)["status"], stood(store)["events"]) == ("delivered", 2)
    assert set(store.list_events().get_column("offset_minutes").to_list()) == {60}


def test_the_same_events_in_another_document_change_nothing(store: Store) -> None:
    take(store, message("a", report("EMD", 30)))
    (row,) = take(store, message("b", report("EMD", 30)), reference="2")
    assert (row.state, stood(store)["events"]) == ("applied", 1)


def test_an_event_from_the_future_is_left_out_and_told(store: Store) -> None:
    (row,) = take(store, message("a", report("EMD", 30), report("EMI", 24 * 30)))
    assert (row.state, "event_time_future" in row.why) == ("applied", True)
    assert stood(store)["events"] == 1
    (row,) = take(store, message("b", report("EMI", 24 * 30)), reference="2")
    assert row.state == "refused"


def test_an_office_that_nobody_knows_or_that_is_anothers_is_told(store: Store) -> None:
    (unknown,) = take(store, message("a", report("EMD", 30, office="DEFRAA"), report("EMI", 40, office="XXXXXA")))
    assert (unknown.state, "XXXXXA" in unknown.why) == ("applied", True)
    (other,) = take(store, message("b", report("EMI", 50, office="USJFKA")), reference="2")
    assert (other.state, "exchange_event_office_other" in other.why) == ("refused", True)
    assert stood(store)["events"] == 1


def test_an_item_of_another_operator_is_not_touched(store: Store) -> None:
    (row,) = take(store, message("a", report("EMI", 50, office="USJFKA")), sender="US101")
    assert (row.state, "exchange_event_item_other" in row.why) == ("refused", True)
    assert stood(store)["events"] == 0


def test_an_item_that_is_not_there_is_told(store: Store) -> None:
    (row,) = take(store, message("a", report("EMD", 30, "LX000000109CN"), report("EMD", 31)))
    assert (row.state, "event_item_unknown" in row.why) == ("applied", True)


def test_events_that_contradict_each_other_are_kept_as_they_were_told(store: Store) -> None:
    """Delivered, and an hour later still on its way: both are facts that somebody reported, and one is odd."""
    rows = take(store, message("a", report("EMD", 30), report("EMI", 60), report("EMH", 61, reason="ABSENT")))
    assert rows[0].state == "applied"
    assert (stood(store)["events"], stood(store)["status"], stood(store)["anomalies"]) == (3, "delivered", 1)


def test_a_cancellation_is_refused_and_takes_nothing_back(store: Store) -> None:
    take(store, message("a", report("EMD", 30)))
    (row,) = take(store, message("a", report("EMD", 30), function="cancel"), reference="2")
    assert (row.state, "message_cancels" in row.why, stood(store)["events"]) == ("refused", True, 1)

"""The destination opens what was announced to it, and its origin is told what came."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.dispatching.receiving import ReceivedMail, Seen, receive_receptacles
from entrepost.operations.dispatching.registering import register
from entrepost.operations.store import Store
from tests.operations.dispatching.others import LAST, THERE, announced, bags_of, told
from tests.operations.dispatching.station import CLERK, NETWORK, NOON, station, turn
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched
from tests.operations.shop import LAMP_NO, MUG_NO
from tests.operations.test_events import status


def opened(store: Store, *seen: Seen) -> ReceivedMail:
    return receive_receptacles(store, NETWORK, CLERK, seen)


def frankfurt(folder: Path) -> Store:
    """The dispatch with the lamp in its first bag and the mug in its second was announced an hour ago."""
    store = station(folder)
    told(store, announced())
    turn(store, NOON + timedelta(hours=1))
    return store


def test_what_came_is_reported_and_its_items_have_arrived(tmp_path: Path) -> None:
    store = frankfurt(tmp_path)
    made = opened(store, Seen(THERE), Seen(LAST, "not_found"))
    resdes, emsevt = (each.message for each in made.messages)
    assert [(each.status, each.receptacle_ids) for each in resdes.reports] == [
        ("received", (THERE,)),
        ("not_found", (LAST,)),
    ]
    assert [(each.item_id, each.code, each.subject) for each in emsevt.reports] == [(LAMP_NO, "EMD", THERE)]
    assert {each.office for each in made.messages} == {"CNSHAA"}
    assert (status(store, LAMP_NO), status(store, MUG_NO)) == ("in_transit", "pending")
    assert store.records.list_of(KeptDispatch, "main")[0].answered_at == NOON + timedelta(hours=1)


def test_a_second_scan_reports_the_first_instant_and_no_event_again(tmp_path: Path) -> None:
    store = frankfurt(tmp_path)
    opened(store, Seen(THERE))
    turn(store, NOON + timedelta(hours=9))
    (again,) = opened(store, Seen(THERE, "damaged")).messages
    assert [(each.status, each.time) for each in again.message.reports] == [("damaged", NOON + timedelta(hours=1))]
    assert bags_of(store)[THERE].received_at == NOON + timedelta(hours=1)


def test_what_nobody_announced_is_reported_as_found(tmp_path: Path) -> None:
    store = frankfurt(tmp_path)
    strange = f"{DISPATCH}003000013"
    made = opened(store, Seen(strange))
    assert [each.code for each in made.findings] == ["arrival_unannounced"]
    assert [each.status for each in made.messages[0].message.reports] == ["found"]


def test_the_answer_closes_the_books_at_the_origin(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    here.mkdir()
    frankfurt_, shanghai = frankfurt(there), dispatched(here)
    answer = opened(frankfurt_, Seen(THERE), Seen(LAST)).messages[0].message
    assert register(shanghai, "main", answer).findings == ()
    assert {each.outcome for each in bags_of(shanghai, "out").values()} == {"received"}


def test_a_bag_can_only_have_come_or_not() -> None:
    with pytest.raises(MisuseError, match="not_found"):
        Seen(THERE, "loaded")

"""What others announce is kept once, replaced and cancelled, and what is odd about it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.operations.dispatch_records import KeptConsignment, KeptDispatch
from entrepost.operations.dispatching.registering import Registered
from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from tests.operations.dispatching.others import LAST, THERE, announced, bags_of, names, told
from tests.operations.dispatching.station import NOON, station
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO, MUG_NO
from tests.operations.test_events import frame, status


def test_an_announced_dispatch_is_there_once_however_often_it_is_told(tmp_path: Path) -> None:
    store = station(tmp_path)
    answer = told(store, announced())
    assert answer == told(store, announced()) == Registered("in CNSHAADEFRAAAUN 2026 0001", ())
    (kept,) = store.records.list_of(KeptDispatch, "main")
    assert (kept.state, kept.receptacles, kept.items, kept.version) == ("announced", 2, 2, 1)
    assert [each.counts for each in bags_of(store).values()] == ["E1", "E1"]


@pytest.mark.parametrize("subject", [THERE, DISPATCH])
def test_an_event_of_an_announced_bag_comes_down_to_the_items_in_it(tmp_path: Path, subject: str) -> None:
    store = station(tmp_path)
    told(store, announced())
    later = NOON + timedelta(minutes=1)
    event = {"subject": subject, "item_id": None, "code": "EMD", "time": later, "facility": "DEFRAA"}
    rows = frame([event | {"recorded_at": later}]).with_columns(pl.col("item_id").cast(pl.String))
    record_events(store, rows)
    assert status(store, LAMP_NO) != "pending"
    assert (status(store, MUG_NO) == "pending") == (subject == THERE)


def test_a_replacement_moves_items_and_a_cancellation_takes_all_back(tmp_path: Path) -> None:
    store = station(tmp_path)
    told(store, announced())
    told(store, replace(announced(lamp=2), function="replace"))
    held = store.find_containments(pl.DataFrame({"tenant": ["main"], "subject": [LAMP_NO]}))
    now = held.filter(pl.col("until").is_null() & (pl.col("subject") == LAMP_NO)).get_column("container").to_list()
    assert now == [LAST]
    told(store, replace(announced(), function="cancel"))
    held = store.find_containments(pl.DataFrame({"tenant": ["main"], "subject": [LAMP_NO]}))
    assert held.filter(pl.col("until").is_null()).is_empty()
    assert {each.state for each in bags_of(store).values()} == {"cancelled"}


def held_now(store: Store, item_id: str) -> list[str]:
    held = store.find_containments(pl.DataFrame({"tenant": ["main"], "subject": [item_id]}))
    now = held.filter(pl.col("until").is_null() & (pl.col("subject") == item_id))
    return now.get_column("container").to_list()


def test_what_was_cancelled_and_is_told_again_is_inside_again(tmp_path: Path) -> None:
    """The closing instant is the same, so it is the same containment, which goes on as if it had never ended."""
    store = station(tmp_path)
    told(store, announced())
    told(store, replace(announced(), function="cancel"))
    assert held_now(store, LAMP_NO) == []
    told(store, replace(announced(), function="replace"))
    assert held_now(store, LAMP_NO) == [THERE]
    assert held_now(store, THERE) == [DISPATCH]
    told(store, replace(announced(lamp=2), function="replace"))
    told(store, replace(announced(), function="replace"))
    assert held_now(store, LAMP_NO) == [THERE]


def test_what_was_never_announced_cannot_be_cancelled(tmp_path: Path) -> None:
    store = station(tmp_path)
    assert names(told(store, replace(announced(), function="cancel"))) == ["message_cancels_unknown"]
    assert store.records.list_of(KeptDispatch, "main") == []


def test_a_serial_that_is_left_out_is_told_and_a_year_begins_anew(tmp_path: Path) -> None:
    store = station(tmp_path)
    assert names(told(store, announced(1))) == []
    assert names(told(store, announced(4))) == ["dispatch_missing"]
    told_late = announced(2)
    assert names(told(store, told_late)) == []
    ten_years = replace(announced(1).dispatch, closed_at=datetime(2036, 1, 10, tzinfo=UTC))
    assert told(store, Predes("again", ten_years)).subject == "in CNSHAADEFRAAAUN 2036 0001"


@pytest.mark.parametrize("first", ["precon", "predes"])
def test_bags_know_their_consignment_whichever_is_told_first(tmp_path: Path, first: str) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir(), here.mkdir()
    precon = given(dispatched(there)).consignments[0].messages[1].message
    assert isinstance(precon, Precon)
    store = station(here)
    for message in (precon, announced()) if first == "precon" else (announced(), precon):
        told(store, message)
    assert {each.consignment for each in bags_of(store).values()} == {"in CNA000000001 2026 CNSHAA"}
    told(store, replace(precon, function="cancel"))
    assert {each.consignment for each in bags_of(store).values()} == {""}
    assert store.records.list_of(KeptConsignment, "main")[0].state == "cancelled"

"""What others tell of receptacles is kept once, and what is odd about it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from entrepost.base.errors import MisuseError
from entrepost.mail.dispatch import Dispatch
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.mail.referral import ReferralNote
from entrepost.mail.report import CarriageReport
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.messages.refitm import Refitm
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatch_records import KeptConsignment, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.registering import Registered, register
from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from tests.operations.dispatching.station import NOON, assess, bag, put, station
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO, MUG_NO
from tests.operations.test_events import frame, status

THERE, LAST = f"{DISPATCH}001000013", f"{DISPATCH}002100013"
SOON = NOON + timedelta(days=3)


def announced(serial: int = 1, lamp: int = 1, closed_at: datetime = NOON) -> Predes:
    """A dispatch of two bags: the lamp in the first, unless it is in the second, where the mug is."""
    number = f"CNSHAADEFRAAAUN6{serial:04d}"
    inside = ((LAMP_NO,), (MUG_NO,)) if lamp == 1 else ((), (LAMP_NO, MUG_NO))
    bags = tuple(
        Receptacle(f"{number}00{place}{flag}00013", 1_250, counts=(Count("E", len(held)),), item_ids=held)
        for place, flag, held in ((1, 0, inside[0]), (2, 1, inside[1]))
    )
    return Predes(number, Dispatch(number, closed_at, 2_500, bags))


def told(store: Store, message: Any) -> Registered:
    return register(store, "main", message)


def names(answer: Registered) -> list[str]:
    return [each.code for each in answer.findings]


def bags_of(store: Store, way: str = "in") -> dict[str, KeptReceptacle]:
    found = store.records.list_of(KeptReceptacle, "main")
    return {each.receptacle_id: each for each in found if each.receptacle.startswith(way)}


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


def resdes(*reports: CarriageReport, dispatch: str = DISPATCH) -> Resdes:
    return Resdes("r1", SOON, "DEFRAA", dispatch, reports)


def test_what_came_of_a_dispatch_is_marked_and_what_is_strange_is_told(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    strange = f"{DISPATCH}003000013"
    reports = (
        CarriageReport("received", SOON, "DEFRAA", (THERE,)),
        CarriageReport("not_found", SOON, "DEFRAA", (LAST,)),
        CarriageReport("found", SOON, "DEFRAA", (strange,)),
    )
    assert names(told(store, resdes(*reports))) == ["report_receptacle_unannounced"]
    found = bags_of(store, "out")
    assert [(each.outcome, each.received_at) for each in found.values()] == [("received", SOON), ("not_found", None)]
    assert store.records.list_of(KeptDispatch, "main")[0].answered_at == SOON
    assert names(told(store, resdes(dispatch="CNSHAADEFRAAAUN69999"))) == ["report_dispatch_unknown"]


def test_an_item_that_arrived_may_be_sent_again(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    bag(store, "again")
    assert put(store, LAMP_NO, tag="again").added == 0
    told(store, resdes(CarriageReport("received", SOON, "DEFRAA")))
    assert put(store, LAMP_NO, tag="again").added == 1


def test_the_carriers_scans_of_custody_are_kept_the_first_of_each(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    given(store)
    for hours, state in ((2, "received"), (1, "received"), (9, "delivered")):
        when = SOON + timedelta(hours=hours)
        told(store, Resdit("d1", when, "CNA000000001", (CarriageReport(state, when, "PVG"),)))
    (kept,) = store.records.list_of(KeptConsignment, "main")
    assert (kept.received_at, kept.delivered_at) == (SOON + timedelta(hours=1), SOON + timedelta(hours=9))
    assert {each.outcome for each in bags_of(store, "out").values()} == {"delivered"}
    told(store, Rescon("c1", SOON, "CNA000000001", (CarriageReport("received", SOON, "DEFRAA", (THERE,)),)))
    assert store.records.list_of(KeptConsignment, "main")[0].answered_at == SOON
    assert names(told(store, Rescon("c2", SOON, "CNA9", ()))) == ["report_consignment_unknown"]
    assert names(told(store, Resdit("c2", SOON, "CNA9", ()))) == ["report_consignment_unknown"]


def test_that_a_carrier_has_what_must_not_be_loaded_is_told(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    given(store)
    assess(store, MUG_NO, answer="DNL")
    answer = told(store, Resdit("d1", SOON, "CNA000000001", (CarriageReport("received", SOON, "PVG"),)))
    assert names(answer) == ["report_item_forbidden"]


def test_a_referral_closes_the_gate(tmp_path: Path) -> None:
    store = station(tmp_path)
    told(store, Refitm((ReferralNote(LAMP_NO, "RFS", NOON),)))
    bag(store)
    assert [each.code for each in put(store, LAMP_NO).findings] == ["gate_screening_wanted"]


def test_a_message_about_something_else_is_not_registered(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="PREDES"):
        told(station(tmp_path), Emsevt("e1", NOON, ()))

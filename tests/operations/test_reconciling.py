"""What is open between operators, by what the store keeps of dispatches, consignments and events."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from entrepost.mail.report import CarriageReport
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatch_records import KeptConsignment
from entrepost.operations.events import record_events
from entrepost.operations.exchange_records import KeptAdvanceData
from entrepost.operations.reconciling import gather_store, reconcile_store
from entrepost.operations.store import Store
from tests.operations.dispatching.others import LAST, SOON, THERE, announced, told
from tests.operations.dispatching.station import NOON
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO, MUG_NO, FixedClock, event
from tests.operations.test_events import frame


def opened(store: Store, days: float = 0) -> list[tuple[str, str]]:
    """Codes and subjects of what is open so many days after noon."""
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + timedelta(days=days)
    return [(code, subject) for code, subject in reconcile_store(store, "main").select("code", "subject").rows()]


def advance(store: Store, *item_ids: str) -> None:
    facts = ("CNA", "", "DEA", "U", 400, NOON, NOON, NOON)
    store.exchange.put([KeptAdvanceData("main", item_id, *facts) for item_id in item_ids])


def carried(status: str, *bags: str, at: datetime = SOON) -> Resdit:
    return Resdit(f"d-{status}", at, "CNA000000001", (CarriageReport(status, at, "PVG", bags),))


def test_what_we_dispatched_is_followed_until_everybody_has_told_of_it(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    dataless = [("item_without_advance_data", item_id) for item_id in (LAMP_NO, MUG_NO)]
    assert opened(store) == dataless
    advance(store, LAMP_NO, MUG_NO)
    given(store)
    assert opened(store) == []
    (consignment,) = store.records.list_of(KeptConsignment, "main")
    assert opened(store, 2) == [("consignment_not_taken", consignment.consignment_id)]
    told(store, carried("received", at=NOON + timedelta(hours=5)))
    assert opened(store, 4) == []
    assert {code for code, _ in opened(store, 6)} == {"receptacle_not_delivered"}
    told(store, carried("delivered"))
    assert opened(store, 9) == []
    silent = [("item_not_arrived", item_id) for item_id in (LAMP_NO, MUG_NO)]
    assert opened(store, 11) == [("dispatch_unanswered", DISPATCH), *silent]
    told(store, Resdes("r1", SOON, "DEFRAA", DISPATCH, (CarriageReport("received", SOON, "DEFRAA", (THERE,)),)))
    record_events(store, frame([event("EMD", 150), event("EMD", 150, MUG_NO)]))
    assert opened(store, 11) == [("receptacle_absent", LAST)]


def test_items_that_left_are_followed_by_their_events(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    advance(store, LAMP_NO, MUG_NO)
    record_events(store, frame([event("EMC", 130), event("EMC", 130, MUG_NO), event("EMD", 160, MUG_NO)]))
    assert [each for each in opened(store, 12) if each[0].startswith("item")] == [("item_not_arrived", LAMP_NO)]


def test_what_was_announced_to_us_is_followed_too(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    gathered = gather_store(store, "main")
    assert gathered.dispatches.height == 1
    told(store, announced(7))
    told(store, announced(9))
    assert ("dispatch_serial_missing", "CNSHAADEFRAAAUN 2026") in opened(store)
    assert gather_store(store, "other").dispatches.height == 0

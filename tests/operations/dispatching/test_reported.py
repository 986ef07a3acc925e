"""What destinations and carriers report of our receptacles is marked on them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from entrepost.mail.report import CarriageReport
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatch_records import KeptConsignment, KeptDispatch
from tests.operations.dispatching.others import LAST, SOON, THERE, bags_of, names, told
from tests.operations.dispatching.station import assess, bag, put
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO, MUG_NO


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

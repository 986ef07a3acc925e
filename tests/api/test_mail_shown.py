"""Mail in receptacles is shown with plain numbers, and messages with what they say."""

from __future__ import annotations

from pathlib import Path

from entrepost.api.mail_shown import show_dispatch, show_messages, show_whole_consignment
from entrepost.operations.dispatch_records import KeptDispatch
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given


def test_a_receptacle_names_its_consignment_by_its_number(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (made,) = given(store).consignments
    shown = show_whole_consignment(made.consignment, made.receptacles, made.legs)
    assert {each.consignment for each in shown.bags} == {"CNA000000001"}
    assert [(each.message, each.office) for each in show_messages(made.messages)] == [
        ("CARDIT", ""),
        ("PRECON", "DEFRAA"),
    ]
    assert show_messages(made.messages)[1].content["consignment_id"] == "CNA000000001"
    assert show_dispatch(store.records.list_of(KeptDispatch, "main")[0]).dispatch_id == DISPATCH

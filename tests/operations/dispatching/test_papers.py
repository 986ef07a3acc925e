"""What is kept of a dispatch can be printed when it is time, and of what was cancelled nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.dispatching.consigning import cancel_consignment
from entrepost.operations.dispatching.dispatches import cancel_dispatch
from entrepost.operations.dispatching.papers import draw_consignment_paper, draw_dispatch_paper, form_of, list_papers
from entrepost.operations.store import Store
from tests.documents.labels.made_up import read_codes, read_text, render
from tests.operations.dispatching.station import CLERK, NETWORK, SERIES, close, packed, station
from tests.operations.dispatching.test_consigning import DISPATCH, dispatched, given
from tests.operations.shop import LAMP_NO


def drawn(store: Store, paper: str, name: str = DISPATCH) -> bytes:
    return draw_dispatch_paper(store, NETWORK, "main", name, paper)


def test_labels_are_there_when_bags_are_closed_and_the_bill_when_the_dispatch_is(tmp_path: Path) -> None:
    store = station(tmp_path)
    packed(store, [LAMP_NO])
    bag = close(store).receptacles[0]
    (page,) = render(drawn(store, "label", SERIES))
    assert read_codes(page) == {("Code128", bag.receptacle_id)}
    with pytest.raises(MisuseError, match="close it first"):
        drawn(store, "bill")
    assert list_papers(store, store.records.list_of(KeptDispatch, "main")[0]) == {"label": "CN 35"}


def test_bills_name_items_and_the_flight(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    (made,) = given(store).consignments
    assert LAMP_NO in read_text(drawn(store, "bill"))[0]
    assert "CNA000000001" in read_text(drawn(store, "label"))[0]
    (page,) = read_text(draw_consignment_paper(store, NETWORK, "main", "CNA000000001"))
    assert (form_of(made.consignment, "U"), "CN 38" in page, "MU219-2" in page) == ("CN 38", True, True)
    assert list_papers(store, store.records.list_of(KeptDispatch, "main")[0]) == {"label": "CN 35", "bill": "CN 31"}


def test_of_what_is_cancelled_nothing_is_printed(tmp_path: Path) -> None:
    store = dispatched(tmp_path)
    given(store)
    cancel_consignment(store, CLERK, "CNA000000001")
    cancel_dispatch(store, NETWORK, CLERK, DISPATCH)
    for draw in (lambda: drawn(store, "label"), lambda: draw_consignment_paper(store, NETWORK, "main", "CNA000000001")):
        with pytest.raises(MisuseError, match="was cancelled"):
            draw()
    assert list_papers(store, store.records.list_of(KeptDispatch, "main")[0]) == {}
    with pytest.raises(MisuseError, match="no paper"):
        drawn(store, "poem")
    with pytest.raises(MissingRowError):
        draw_consignment_paper(store, NETWORK, "main", "CNA9")

"""The pages of dispatches show what left, what waits and what was announced, and print papers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from entrepost.operations.dispatching.consigning import Consigning, consign
from entrepost.operations.dispatching.dispatches import cancel_dispatch, close_dispatch
from entrepost.operations.dispatching.registering import register
from tests.operations.dispatching.others import announced
from tests.operations.dispatching.station import CLERK, NETWORK, bag, close
from tests.web.inside import CARL, OTHER, Tower, tower_in

SERIES = "CNSHAADEFRAAATN"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tower]:
    """One dispatch left with a flight, one was cancelled, one was announced, and a bag is being filled."""
    with tower_in(tmp_path_factory.mktemp("office")) as made:
        store = made.store
        for tag in ("gone", "back", "bag 7"):
            bag(store, tag, mail_subclass="TN")
        close(store, "gone")
        close_dispatch(store, NETWORK, CLERK, SERIES)
        consign(store, NETWORK, CLERK, Consigning(f"{SERIES}60001"))
        close(store, "back")
        cancel_dispatch(store, NETWORK, CLERK, SERIES)
        register(store, "main", announced())
        yield made


def test_the_list_says_what_left_and_what_waits(office: Tower) -> None:
    html = office.enter(CARL).look("/dispatches")
    for words in (f"{SERIES}60001", f"{SERIES}60002", "closed", "cancelled", "bag 7", "1.250 kg"):
        assert words in html, words
    assert "CNSHAADEFRAAAUN60001" not in html


def test_what_was_announced_has_its_list_and_page(office: Tower) -> None:
    carl = office.enter(CARL)
    assert "/dispatches/CNSHAADEFRAAAUN60001?way=in" in carl.look("/dispatches?way=in")
    html = carl.look("/dispatches/CNSHAADEFRAAAUN60001?way=in")
    assert "CNSHAADEFRAAAUN60001001000013" in html
    assert ".pdf" not in html
    carl.look("/dispatches?way=up", 404)


def test_a_dispatch_tells_its_receptacles_and_prints_its_papers(office: Tower) -> None:
    carl = office.enter(CARL)
    html = carl.look(f"/dispatches/{SERIES}60001")
    for words in ("CNA000000001", f"{SERIES}60001001100013", "CN 35", f"/dispatches/{SERIES}60001/bill.pdf"):
        assert words in html, words
    assert carl.client.get(f"/dispatches/{SERIES}60001/label.pdf").content.startswith(b"%PDF-")
    carl.look(f"/dispatches/{SERIES}60001/poem.pdf", 404)


def test_another_account_sees_nothing_of_it(office: Tower) -> None:
    otto = office.enter(OTHER, "other")
    assert SERIES not in otto.look("/dispatches")
    otto.look(f"/dispatches/{SERIES}60001", 404)
    otto.look(f"/dispatches/{SERIES}60001/label.pdf", 404)

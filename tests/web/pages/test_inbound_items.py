"""An item that another operator announced says so on its page and in the list, and nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.operations.exchanging.making_items import Announced, make_items, withdraw_items
from entrepost.operations.inbound_store import PREDES
from entrepost.operations.track import track
from entrepost.web.language import get_language
from entrepost.web.parcel import tell_parcel
from tests.messages.advance import LAMP
from tests.operations.exchanging.test_applying import lines, take
from tests.operations.shop import POSTED
from tests.web.inside import CARL, VERA, Tower, tower_in
from tests.worlds import two_offices

MINE, MUG_NO = "RX000000005CN", "RX000000014CN"


@pytest.fixture
def inbound(tmp_path: Path) -> Iterator[Tower]:
    """A tower whose account was told of a lamp by advance data, and of a mug by a dispatch."""
    with tower_in(tmp_path) as own:
        take(own.store, lines(replace(LAMP, item_id=MINE)))
        with own.store.transaction():
            make_items(own.store, "main", "CNA", [Announced(MUG_NO, POSTED, "CNSHAA", "DE", by=PREDES)])
        yield own


def test_the_page_says_who_announced_it_and_what_was_declared(inbound: Tower) -> None:
    html = inbound.enter(CARL).look(f"/items/{MINE}")
    for words in (
        "Announced by",
        "CNA, by its advance data (ITMATT)",
        "Posted",
        "Erika Mustermann",
        "desk lamp",
        "400 g",
    ):
        assert words in html, words
    assert "/orders/one" not in html
    assert "Keep the sender" not in html


def test_who_may_not_see_people_sees_no_declaration(inbound: Tower) -> None:
    html = inbound.enter(VERA).look(f"/items/{MINE}")
    assert ("shown to clerks" in html, "desk lamp" in html, "Erika" in html) == (True, False, False)


def test_what_nobody_told_is_not_told(inbound: Tower) -> None:
    html = inbound.enter(CARL).look(f"/items/{MUG_NO}")
    assert "by its dispatch alone (PREDES); no advance data came" in html
    assert "not told" in html
    assert "Promised" not in html


def test_what_was_taken_back_says_so(inbound: Tower) -> None:
    withdraw_items(inbound.store, "main", "CNA", [MINE])
    assert "its advance data were taken back" in inbound.enter(CARL).look(f"/items/{MINE}")


def test_the_list_names_the_operator_where_others_have_an_order(inbound: Tower) -> None:
    html = inbound.enter(VERA).look(f"/items?q={MINE[:5]}")
    assert "announced by CNA" in html
    assert "20260105" not in html


def test_its_recipient_sees_where_it_is_and_no_promise(inbound: Tower) -> None:
    item = track(inbound.store, MINE)
    parcel = tell_parcel(item, None, get_language("en"), two_offices().facility_by_code, inbound.store.clock.now())
    assert (parcel.is_known, parcel.way, parcel.label) == (True, "China to Germany", "")

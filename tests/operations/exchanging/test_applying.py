"""Advance data are kept, announced mail is registered; who speaks for another is refused and touches nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.partner import Channel, Partners
from entrepost.messages import any_message, plain, plain_lines
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.predes import Predes
from entrepost.operations.dispatch_records import KeptDispatch
from entrepost.operations.exchange_records import CameMessage, KeptAdvanceData
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.people import advance_body
from entrepost.operations.store import Store
from tests.messages.advance import LAMP
from tests.operations.dispatching.others import SOON, announced
from tests.operations.exchanging.world import DESK, FIRST, PARTNERS, Box
from tests.operations.shop import NOW, store_in

OWN = {"DEA": "CNA", "CNA": "DEA"}
GERMAN = Partners(
    tuple(replace(each, own=not each.own) for each in PARTNERS.operators),
    PARTNERS.offices,
    PARTNERS.addresses,
    (Channel("CNA", "in", "*", FIRST),),
)
"""The same table as DEA keeps it: mail comes from CNA."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def take(store: Store, body: bytes, name: str = "1") -> list[CameMessage]:
    arrival = Box().arrive(body, name, proved="CN101")
    arrival = replace(arrival, transmission=replace(arrival.transmission, sender="CN101", recipient="DE101"))
    take_in(store, Desk("main", GERMAN, SOON), APPLIERS, "folder", [arrival])
    return store.exchange.list_with(CameMessage, "main", {"came": [f"CN101 {name}"]})


def lines(*data: AdvanceData, reference: str = "1", minutes: int = 0) -> bytes:
    head = plain_lines.Head("CN101", "DE101", reference, NOW.replace(minute=minutes), len(data))
    return plain_lines.write(head, [plain.to_plain(Itmatt(each)) for each in data])


def edifact(*messages: Predes, reference: str = "1") -> bytes:
    envelope = any_message.address(messages, ("CN101", "DE101"), reference, NOW)
    return any_message.write(messages, envelope, PARTNERS.zones(NOW.date()))


def test_advance_data_are_kept_and_the_latest_holds(store: Store) -> None:
    (row,) = take(store, lines(LAMP))
    assert (row.state, row.why) == ("applied", "")
    heavier = replace(LAMP, weight_g=450)
    assert take(store, lines(heavier, reference="2", minutes=9), "2")[0].state == "applied"
    assert take(store, lines(LAMP, reference="3", minutes=5), "3")[0].state == "superseded"
    kept = store.exchange.find(KeptAdvanceData, "main", [LAMP.item_id])[LAMP.item_id]
    assert (kept.weight_g, kept.operator, kept.mail_class) == (450, "CNA", "U")
    body = store.exchange.find_bodies("main", [advance_body(LAMP.item_id)])[advance_body(LAMP.item_id)]
    assert plain.read(body).messages == (Itmatt(heavier),)


def test_bad_advance_data_lose_no_other(store: Store) -> None:
    alien = replace(LAMP, item_id="LX000000005US")
    broken = lines(LAMP, alien, replace(LAMP, item_id="LX000000014CN")).replace(b'"weight_g":400', b'"weight_g":"x"', 1)
    assert [row.state for row in take(store, broken)] == ["refused", "refused", "applied"]
    assert [each.item_id for each in store.exchange.list_with(KeptAdvanceData, "main", {})] == ["LX000000014CN"]


def test_an_announced_dispatch_is_registered_once(store: Store) -> None:
    body = edifact(announced())
    (row,) = take(store, body)
    assert (row.state, row.why) == ("applied", "")
    take(store, body)
    (kept,) = store.records.list_of(KeptDispatch, "main")
    assert (kept.state, kept.receptacles, kept.version) == ("announced", 2, 1)


def test_who_announces_the_mail_of_another_office_is_refused(store: Store) -> None:
    stolen = edifact(announced()).replace(b"CNSHAA", b"FRCDGA")
    (row,) = take(store, stolen)
    assert (row.state, "exchange_office_unknown" in row.why) == ("refused", True)
    elsewhere = edifact(announced(), reference="2").replace(b"DEFRAA", b"FRCDGA")
    (row,) = take(store, elsewhere, "2")
    assert (row.state, "exchange_office_other" in row.why) == ("refused", True)
    assert store.records.list_of(KeptDispatch, "main") == []


def test_a_message_that_cannot_be_read_is_refused(store: Store) -> None:
    body = edifact(announced()).replace(b"DTM+", b"XYZ+")
    (row,) = take(store, body)
    assert (row.state, bool(row.why)) == ("refused", True)
    assert DESK.partners.own.operator == "CNA"


def test_what_no_store_can_hold_is_refused_and_stops_nobody(store: Store) -> None:
    half = (
        lines(LAMP, LAMP).replace(b'"Shenzhen"', b'"Shen\\ud800zhen"', 1).replace(b"LX000000005CN", b"LX000000014CN", 1)
    )
    assert [row.state for row in take(store, half)] == ["refused", "applied"]
    heavy = lines(replace(LAMP, item_id="LX000000028CN", weight_g=10**30), reference="2")
    (row,) = take(store, heavy, "2")
    assert (row.state, "exchange_unkeepable" in row.why) == ("refused", True)
    body = edifact(announced(), reference="3")
    spoilt = body.replace(b"CNT+7:2.5:", b"CNT+7:99999999999999999999999:")
    (row,) = take(store, spoilt, "3")
    assert (spoilt != body, row.state) == (True, "refused")

"""Hostile partners: what they send is refused with a clear answer, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from entrepost.mail.partner import Channel
from entrepost.messages import receipt
from entrepost.operations.exchange_records import Came, CameMessage
from entrepost.operations.exchanging import judging
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.receipts import send_receipts
from entrepost.operations.exchanging.transport import Arrival
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import DESK, FIRST, PARTNERS, Box, Reader, notes
from tests.operations.shop import FixedClock, store_in

Given = Callable[[Box], Arrival]
GOOD = notes(("d1", "a"))


class Office:
    """CNA's books after one sound interchange, and what comes next."""

    def __init__(self) -> None:
        self.books, self.box, self.reader = MemoryBooks(FixedClock()), Box(), Reader()
        self.take(self.box.arrive(notes(("d0", "sound")), "t0"))

    def take(self, arrival: Arrival, desk: judging.Desk = DESK) -> Came:
        before = {row.came for row in self.books.list_with(Came, "main", {})}
        take_in(self.books, desk, {"NOTE": self.reader}, "folder", [arrival])
        rows = self.books.list_with(Came, "main", {})
        return next((row for row in rows if row.came not in before), rows[0])

    def answer(self, name: str) -> receipt.Receipt:
        send_receipts(self.books, "main", PARTNERS, {"folder": self.box})
        return receipt.read(next(each.body for each in self.box.gone if each.transmission_id.endswith(name)))


HOSTILE: dict[str, Given] = {
    "exchange_sender_unknown": lambda box: box.arrive(GOOD, proved="XX999"),
    "exchange_sender_other": lambda box: box.arrive(notes(("d1", "a"), sender="US101")),
    "exchange_reference_reused": lambda box: box.arrive(notes(("d0", "something else"))),
    "exchange_recipient_other": lambda box: box.arrive(notes(("d1", "a"), reference="2").replace(b"CN101", b"JP101")),
    "interchange_count": lambda box: box.arrive(notes(("d1", "a"), reference="2").replace(b'es":1', b'es":7')),
    "exchange_unreadable": lambda box: box.arrive(b"\x00\xff"),
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_hostile_is_refused_with_a_reason_and_touches_nothing(code: str) -> None:
    office = Office()
    row = office.take(HOSTILE[code](office.box))
    assert (row.state, code in row.why) == ("refused", True), row.why
    assert code in office.box.refused["t1"]
    assert office.reader.said == ["d0 sound"]
    assert [each.state for each in office.books.list_with(CameMessage, "main", {})] == ["applied"]
    assert office.books.find(Came, "main", ["DE101 1"])["DE101 1"].state == "taken"
    if code != "exchange_sender_unknown":
        told = office.answer("t1")
        assert (told.state, code in told.why[0], told.recipient) == ("refused", True, "DE101")


def test_an_oversized_interchange_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "BYTES_MOST", 200)
    office = Office()
    row = office.take(office.box.arrive(notes(*((f"d{number}", "a") for number in range(9)), reference="2")))
    assert "exchange_oversized" in row.why


def test_nobody_takes_up_the_references_of_another() -> None:
    """A forger uses the next reference of DEA first; DEA's own interchange comes in all the same."""
    office = Office()
    desk = replace(
        DESK,
        partners=replace(PARTNERS, addresses=(*PARTNERS.addresses, replace(PARTNERS.addresses[1], address="DE102"))),
    )
    forged = office.take(office.box.arrive(notes(("d1", "forged"), reference="2"), "evil", proved="DE102"), desk)
    assert (forged.state, forged.sender) == ("refused", "DE102")
    office.take(office.box.arrive(notes(("d1", "true"), reference="2"), "t2"))
    assert office.reader.said == ["d0 sound", "d1 true"]


def test_a_refused_interchange_may_come_again_mended_under_its_reference() -> None:
    office = Office()
    good = notes(("d1", "a"), reference="2")
    office.take(office.box.arrive(good.replace(b'es":1', b'es":7'), "t1"))
    office.take(office.box.arrive(good, "t2"))
    assert office.reader.said == ["d0 sound", "d1 a"]
    assert office.books.find(Came, "main", ["DE101 2"])["DE101 2"].times == 2


def test_messages_that_nobody_agreed_on_are_refused_one_by_one() -> None:
    office = Office()
    body = notes(("d1", "a"), ("d2", "b"), reference="2").replace(b'"NOTE","document":"d2"', b'"GIFT","document":"d2"')
    office.take(office.box.arrive(body))
    rows = office.books.list_with(CameMessage, "main", {"came": ["DE101 2"]})
    assert [(row.state, row.why.partition(" error ")[2][:24]) for row in rows] == [
        ("applied", ""),
        ("refused", "exchange_message_unagree"),
    ]


def test_a_test_is_answered_and_changes_nothing() -> None:
    trial = Channel("DEA", "in", "NOTE", FIRST, date(2026, 12, 31), syntax="json", stage="test")
    desk = replace(DESK, partners=replace(PARTNERS, channels=(trial,)))
    office = Office()
    office.take(office.box.arrive(notes(("d1", "a"), reference="2")), desk)
    office.take(office.box.arrive(notes(("d2", "a"), reference="3").replace(b'es":1', b'es":1,"test":true')))
    assert office.reader.said == ["d0 sound"]
    assert [row.state for row in office.books.list_with(CameMessage, "main", {})] == ["applied", "tested", "tested"]


@pytest.mark.parametrize(
    "body",
    [
        notes(("\ud800", "a"), reference="2"),
        notes(("d\x00", "a"), reference="2").replace(b'"reference":"2"', b'"reference":"\\u0000\\ud800"'),
        b"UNB+UNOA:3+DE101+CN101+260110:0830+2\x1a'UNH+1+NOTE:1:0:UP'FTX+small \x85 letters'UNT+3+1'UNZ+1+2\x1a'",
    ],
)
def test_signs_that_no_store_or_syntax_has_stop_nobody(body: bytes, tmp_path: Path) -> None:
    """Not the inbox of a real store, not the receipt, and not what comes behind."""
    store, box = store_in(tmp_path), Box()
    arrivals = [box.arrive(body, "t1"), box.arrive(notes(("d9", "sound"), reference="9"), "t9")]
    reader = Reader()
    take_in(store, DESK, {"NOTE": reader}, "folder", arrivals)
    assert "d9 sound" in reader.said
    assert send_receipts(store, "main", PARTNERS, {"folder": box}) == 2

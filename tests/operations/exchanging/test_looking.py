"""What a monitor shows: lists, one message with its bytes, what is stuck, and replay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.operations.exchange_records import Came, Sent
from entrepost.operations.exchanging import looking
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.looking import Asked
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import DESK, Box, Reader, notes, post
from tests.operations.shop import NOW, FixedClock


@pytest.fixture
def books() -> MemoryBooks:
    """Two notes that went, and three that came, of which one is refused."""
    made = MemoryBooks(FixedClock())
    post(made, "d1", "d2")
    arrival = Box().arrive(notes(("d1", "a"), ("d2", "no"), ("change:d3", "b")))
    take_in(made, DESK, {"NOTE": Reader()}, "folder", [arrival])
    return made


def test_messages_are_listed_by_direction_state_and_document(books: MemoryBooks) -> None:
    out = looking.list_messages(books, "main", Asked("out", document="d2"))
    assert [(row.document, row.state) for row in out] == [("d2", "open")]
    bad = looking.list_messages(books, "main", Asked("in", ("refused", "kept")))
    assert [row.document for row in bad] == ["d3", "d2"]
    (more,) = looking.list_messages(books, "main", Asked("in", ("refused", "kept")), (NOW, bad[0].entry))
    assert more.document == "d2"
    assert looking.list_messages(books, "main", Asked("in", operator="USA")) == []
    assert ("in", "DEA", "NOTE", "refused", 1) in looking.count_messages(books, "main")


def test_one_message_is_shown_with_its_bytes_and_faults(books: MemoryBooks) -> None:
    shown = looking.get_message(books, "main", "in", "DE101 1 2")
    assert (b'"text":"no"' in shown.content, shown.faults) == (True, ("it says no",))
    assert isinstance(shown.interchange, Came)
    assert looking.get_message(books, "main", "out", "CN101_DE101_00000001 000001").content
    books.remove_bodies("main", ["in DE101 1"])
    assert looking.get_message(books, "main", "in", "DE101 1 2").content == b""
    with pytest.raises(MissingRowError):
        looking.get_message(books, "main", "in", "none")


def test_what_nobody_answered_and_what_waits_is_stuck(books: MemoryBooks) -> None:
    out, waiting = looking.list_stuck(books, "main")
    assert (out, [row.document for row in waiting]) == ([], ["d3"])
    books.clock = FixedClock(NOW + timedelta(hours=30))
    assert [row.sent for row in looking.list_stuck(books, "main")[0]] == ["CN101_DE101_00000001"]


def test_interchanges_are_listed_sent_again_and_answered_again(books: MemoryBooks) -> None:
    (gone,) = looking.list_interchanges(books, "main", "out", ["open"])
    books.put([gone.__class__(**{name: getattr(gone, name) for name in gone.__slots__} | {"state": "dead"})])
    assert looking.send_again(books, "main", [gone.sent]) == 1
    assert books.find(Sent, "main", [gone.sent])[gone.sent].state == "open"
    (came,) = looking.list_interchanges(books, "main", "in")
    assert looking.answer_again(books, "main", [came.came]) == 1


def test_a_refused_message_is_replayed_mended(books: MemoryBooks) -> None:
    reader = Reader()
    (row,) = looking.replay(books, DESK, {"NOTE": reader}, ["DE101 1 2"], {"DE101 1 2": notes(("d2", "yes"))})
    assert (row.state, reader.said) == ("applied", ["d2 yes"])
    assert b"yes" in looking.get_message(books, "main", "in", "DE101 1 2").content
    with pytest.raises(MisuseError):
        looking.replay(books, DESK, {"NOTE": reader}, ["DE101 1 2"])

"""What is queued goes out until it is answered, under references without gaps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrepost.base.errors import MisuseError, TransportError
from entrepost.operations.exchange_records import Sent, SentMessage
from entrepost.operations.exchanging.outbox import SendParams, Went, send_due, to_transmission
from entrepost.operations.exchanging.transport import Unsent
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import Box, post
from tests.operations.shop import FixedClock

STEADY = SendParams(jitter_share=0)


class RefusedError(Exception):
    pass


def post_and_refuse(books: MemoryBooks) -> None:
    with books.transaction():
        post(books, "d2")
        raise RefusedError


def row(books: MemoryBooks, name: str) -> Sent:
    return books.find(Sent, "main", [name])[name]


def test_what_is_rolled_back_takes_no_reference() -> None:
    books = MemoryBooks(FixedClock())
    post(books, "d1")
    with pytest.raises(RefusedError):
        post_and_refuse(books)
    post(books, "d3", "d4")
    assert [each.reference for each in books.list_with(Sent, "main", {})] == ["00000001", "00000002"]
    assert [each.document for each in books.list_with(SentMessage, "main", {})] == ["d1", "d3", "d4"]


def test_what_was_sent_is_sent_again_until_it_is_answered() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    name = post(books, "d1")
    assert send_due(books, {"folder": box}, STEADY) == Went(taken=1)
    assert send_due(books, {"folder": box}, STEADY) == Went()
    assert row(books, name).due_at == books.clock.now() + timedelta(minutes=15)
    books.clock = FixedClock(row(books, name).due_at)
    assert send_due(books, {"folder": box}, STEADY).taken == 1
    assert [each.transmission_id for each in box.gone] == [name, name]
    assert row(books, name).state == "open"


def test_what_no_transport_takes_waits_longer_and_longer() -> None:
    books, box = MemoryBooks(FixedClock()), Box(wrong=[Unsent("CN101_DE101_00000001", "the disk is full")])
    name = post(books, "d1")
    for seconds in (5, 60, 300):
        assert send_due(books, {"folder": box}, STEADY) == Went(waiting=1)
        assert row(books, name).due_at - books.clock.now() == timedelta(seconds=seconds)
        books.clock = FixedClock(row(books, name).due_at)
    assert (row(books, name).answer, row(books, name).state) == ("the disk is full", "open")
    assert send_due(books, {}, STEADY).waiting == 1
    assert row(books, name).answer == "there is no transport 'folder' here"


def test_what_is_refused_for_good_is_dead_and_one_that_is_away_is_not() -> None:
    class Away(Box):
        def send(self, transmissions: object) -> list[Unsent]:
            raise TransportError("the line is cut")

    books = MemoryBooks(FixedClock())
    name = post(books, "d1")
    assert send_due(books, {"folder": Away()}, STEADY).waiting == 1
    books.clock = FixedClock(row(books, name).due_at)
    assert send_due(books, {"folder": Box(wrong=[Unsent(name, "it is too large", True)])}, STEADY).dead == 1
    assert row(books, name).state == "dead"


def test_interchanges_whose_bytes_are_gone_are_dead() -> None:
    books = MemoryBooks(FixedClock())
    name = post(books, "d1")
    books.remove_bodies("main", [f"out {name}"])
    assert send_due(books, {"folder": Box()}, STEADY).dead == 1


def test_names_of_transmissions_have_no_strange_signs() -> None:
    assert to_transmission("CN 101", "DE/101", "7") == "CN-101_DE-101_7"
    long = {to_transmission("A" * 35, "B" * 35, str(number)) for number in range(3)}
    assert (len(long), {len(name) <= 70 for name in long}) == (3, {True})
    with pytest.raises(MisuseError):
        SendParams(most=0)

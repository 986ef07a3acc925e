"""One round: what came is taken in and answered, what is due goes out, and a round with nothing to do is idle."""

from __future__ import annotations

from collections.abc import Iterator

from entrepost.base.errors import TransportError
from entrepost.messages import receipt
from entrepost.messages.receipt import Answered, Receipt
from entrepost.operations.exchange import Means, run_once
from entrepost.operations.exchange_records import Sent
from entrepost.operations.exchanging.transport import INTERCHANGE, RECEIPT, Arrival
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import PARTNERS, Box, Reader, notes, post
from tests.operations.shop import NOW, FixedClock


def test_a_round_takes_in_answers_and_sends() -> None:
    books, box, reader, counts = MemoryBooks(FixedClock()), Box(), Reader(), []
    means = Means("main", PARTNERS, {"folder": box}, {"NOTE": reader})
    name = post(books, "d1")
    box.arrive(notes(("d9", "a")))
    ran = run_once(books, means, counts.append)
    assert (ran.came["applied"], ran.receipts_out, ran.went.taken, counts) == (1, 1, 1, [1])
    assert [each.kind for each in box.gone] == [RECEIPT, INTERCHANGE]
    told = Receipt("DE101", "CN101", "", name, NOW, "accepted", (Answered("1", "NOTE", "accepted"),))
    box.arrive(receipt.write(told, "json"), "r1", RECEIPT)
    ran = run_once(books, means)
    assert (ran.receipts_in, ran.is_idle) == (1, False)
    assert books.find(Sent, "main", [name])[name].state == "accepted"
    assert run_once(books, means).is_idle
    assert reader.said == ["d9 a"]


class Away(Box):
    """A transport over which nothing can come now."""

    def fetch(self, limit: int = 100) -> Iterator[Arrival]:
        raise TransportError("no broker is to be had")


def test_a_transport_that_is_away_holds_up_no_other() -> None:
    books, box, reader = MemoryBooks(FixedClock()), Box(), Reader()
    means = Means("main", PARTNERS, {"nats": Away(), "folder": box}, {"NOTE": reader})
    box.arrive(notes(("d9", "a")))
    ran = run_once(books, means)
    assert (ran.came["applied"], ran.away) == (1, {"nats": "no broker is to be had"})

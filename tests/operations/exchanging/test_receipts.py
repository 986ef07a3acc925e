"""Receipts say what became of each message; only whom it was sent to can say so."""

from __future__ import annotations

from entrepost.messages import receipt
from entrepost.messages.receipt import Answered, Receipt
from entrepost.operations.exchange_records import Came, Sent, SentMessage
from entrepost.operations.exchanging.inbox import take_in
from entrepost.operations.exchanging.receipts import send_receipts, take_receipts
from entrepost.operations.exchanging.transport import RECEIPT, Unsent
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import DESK, PARTNERS, Box, Reader, notes, post
from tests.operations.shop import NOW, FixedClock


def answer(interchange: str, *messages: Answered, state: receipt.State = "accepted", sender: str = "DE101") -> bytes:
    return receipt.write(Receipt(sender, "CN101", interchange, "", NOW, state, messages, ()), "edifact")


def states(books: MemoryBooks) -> tuple[str, list[str]]:
    (row,) = books.list_with(Sent, "main", {})
    return row.state, [each.state for each in books.list_with(SentMessage, "main", {})]


def test_a_receipt_tells_each_message_and_goes_out_once() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    take_in(books, DESK, {"NOTE": Reader()}, "folder", [box.arrive(notes(("d1", "a"), ("d2", "no")))])
    box.wrong = [Unsent("R1-CN101_DE101_t1", "not now")]
    assert send_receipts(books, "main", PARTNERS, {"folder": box}) == 0
    box.wrong = []
    assert send_receipts(books, "main", PARTNERS, {"folder": box}) == 1
    assert send_receipts(books, "main", PARTNERS, {"folder": box}) == 0
    told = receipt.read(box.gone[-1].body)
    assert (told.sender, told.recipient, told.interchange, told.state) == ("CN101", "DE101", "1", "accepted")
    assert told.messages == (Answered("1", "NOTE", "accepted"), Answered("2", "NOTE", "refused", ("it says no",)))
    assert books.find(Came, "main", ["DE101 1"])["DE101 1"].receipt == "sent"


def test_a_receipt_closes_the_row_of_the_outbox() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    post(books, "d1", "d2")
    told = answer("00000001", Answered("1", "NOTE", "accepted"), Answered("2", "NOTE", "refused", ("it says no",)))
    assert take_receipts(books, "main", [box.arrive(told, "r1", RECEIPT)]) == 1
    assert states(books) == ("refused", ["accepted", "refused"])
    later = answer("00000001", Answered("1", "NOTE", "kept"), Answered("2", "NOTE", "accepted"))
    take_receipts(books, "main", [box.arrive(later, "r2", RECEIPT)])
    assert states(books) == ("accepted", ["accepted", "accepted"]), "what was accepted stays so"


def test_what_is_kept_is_asked_for_again() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    post(books, "d1")
    take_receipts(books, "main", [box.arrive(answer("00000001", Answered("1", "NOTE", "kept")), "r1", RECEIPT)])
    assert states(books) == ("open", ["kept"])


def test_an_interchange_refused_as_a_whole_refuses_its_messages() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    post(books, "d1", "d2")
    take_receipts(books, "main", [box.arrive(answer("00000001", state="refused"), "r1", RECEIPT)])
    assert states(books) == ("refused", ["refused", "refused"])


def test_nobody_answers_for_another() -> None:
    books, box = MemoryBooks(FixedClock()), Box()
    post(books, "d1")
    good = answer("00000001", Answered("1", "NOTE", "accepted"))
    arrivals = [
        box.arrive(good, "forged", RECEIPT, proved="US101"),
        box.arrive(answer("00000001", sender="US101"), "other", RECEIPT, proved="US101"),
        box.arrive(answer("00000009"), "unsent", RECEIPT),
        box.arrive(b"hello", "noise", RECEIPT),
    ]
    assert take_receipts(books, "main", arrivals) == 0
    assert sorted(box.refused) == ["forged", "noise", "other", "unsent"]
    assert states(books) == ("open", ["open"])

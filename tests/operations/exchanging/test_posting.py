"""Messages go by the channel that holds today, together where they can, in the transaction of what caused them."""

from __future__ import annotations

from dataclasses import replace

from entrepost.mail.partner import Channel
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.pieces import cut
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchange_records import SentMessage
from entrepost.operations.exchanging.outbox import body_of
from entrepost.operations.exchanging.posting import post
from tests.messages.advance import LAMP
from tests.operations.dispatching.others import announced
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import FIRST, PARTNERS
from tests.operations.shop import FixedClock

CHANNELS = (
    Channel("DEA", "out", "ITMATT", FIRST, syntax="json"),
    Channel("DEA", "out", "PREDES", FIRST, stage="test"),
)
POSTING = replace(PARTNERS, channels=CHANNELS)


def test_messages_go_together_where_their_channels_agree() -> None:
    books = MemoryBooks(FixedClock())
    tellings = [Telling(announced(), office="DEFRAA"), *[Telling(Itmatt(LAMP), office="DEFRAA")] * 3]
    posted = post(books, "main", POSTING, tellings)
    assert [(each.syntax, each.messages, each.reference) for each in posted.sent] == [
        ("edifact", 1, "00000001"),
        ("json", 3, "00000002"),
    ]
    bodies = [books.find_bodies("main", [body_of(each)])[body_of(each)] for each in posted.sent]
    first, second = map(cut, bodies)
    assert (first.sender.sender, first.sender.recipient, first.sender.test) == ("CN101", "DE101", True)
    assert [piece.document for piece in second.pieces] == [LAMP.item_id] * 3
    rows = books.list_with(SentMessage, "main", {"message": ["PREDES"]})
    assert [(row.document, row.function) for row in rows] == [(announced().document, "original")]


def test_what_has_no_channel_is_told() -> None:
    tellings = [
        Telling(announced(), office="FRCDGA"),
        Telling(announced(), office="CNSHAA"),
        Telling(announced(), carrier="CA"),
    ]
    posted = post(MemoryBooks(FixedClock()), "main", POSTING, tellings)
    assert posted.sent == ()
    assert [each.code for each in posted.findings] == ["exchange_unrouted"] * 3


def test_documents_of_xml_go_one_by_one() -> None:
    partners = replace(PARTNERS, channels=(Channel("DEA", "out", "ITMATT", FIRST, syntax="xml"),))
    posted = post(MemoryBooks(FixedClock()), "main", partners, [Telling(Itmatt(LAMP), office="DEFRAA")] * 2)
    assert [each.messages for each in posted.sent] == [1, 1]

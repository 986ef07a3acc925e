"""Who sends and who gets an item is in messages, too: given to them, and forgotten when they ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from entrepost.mail.partner import Channel
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchange_records import KeptAdvanceData, Sent
from entrepost.operations.exchanging.outbox import body_of
from entrepost.operations.exchanging.people import advance_body, erase_about, list_about
from entrepost.operations.exchanging.posting import post
from entrepost.operations.privacy import Person, erase_person, export_person
from entrepost.operations.store import Store
from tests.messages.advance import BUYER, LAMP
from tests.operations.exchanging.test_applying import lines, take
from tests.operations.exchanging.world import FIRST, PARTNERS
from tests.operations.shop import store_in, two_items

POSTING = replace(PARTNERS, channels=(Channel("DEA", "out", "ITMATT", FIRST, syntax="json"),))


def sent(store: Store, state: str) -> Sent:
    """The lamp's advance data, on their way to Germany or there."""
    (row,) = post(store, "main", POSTING, [Telling(Itmatt(LAMP), office="DEFRAA")]).sent
    store.exchange.put([replace(row, state=state)])
    return row


def test_what_came_about_an_item_is_given_and_forgotten(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, lines(LAMP))
    (told,) = list_about(store, "main", [LAMP.item_id])
    assert (told["direction"], told["operator"], BUYER.name in told["text"]) == ("in", "CNA", True)
    assert erase_about(store, "main", [LAMP.item_id]) == 1
    assert store.exchange.find_bodies("main", [advance_body(LAMP.item_id), "in CN101 1"]) == {}
    assert store.exchange.list_with(KeptAdvanceData, "main", {}) == []
    assert [each["text"] for each in list_about(store, "main", [LAMP.item_id])] == [""]


def test_what_is_not_answered_yet_is_forgotten_afterwards(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    row = sent(store, "open")
    erase_about(store, "main", [LAMP.item_id])
    assert store.exchange.find_bodies("main", [body_of(row)])
    store.exchange.put([replace(row, state="accepted")])
    erase_about(store, "main", [LAMP.item_id])
    assert store.exchange.find_bodies("main", [body_of(row)]) == {}


def test_a_person_of_an_order_gets_the_messages_about_its_items(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    row = sent(store, "accepted")
    person = Person(order=("shop", "o1"))
    (told,) = export_person(store, "main", person)["messages"]
    assert BUYER.name in told["text"]
    erase_person(store, "main", person)
    assert store.exchange.find_bodies("main", [body_of(row)]) == {}

"""Who sends and who gets an item is in messages, too: given to them, and forgotten when they ask."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.mail.partner import Channel
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.dispatching.names import Telling
from entrepost.operations.exchange_records import Came, CameMessage, Erasure, KeptAdvanceData, Sent
from entrepost.operations.exchanging.outbox import body_of
from entrepost.operations.exchanging.people import advance_body, erase_about, erase_waiting, list_about
from entrepost.operations.exchanging.posting import post
from entrepost.operations.exchanging.traces import Traces, Wanted, find_traces, holds, to_erased
from entrepost.operations.privacy import Person, erase_person, export_person, forget_old
from entrepost.operations.store import Store
from tests.messages.advance import BUYER, LAMP
from tests.operations.exchanged import JOE, exchange
from tests.operations.exchanging.test_applying import lines, take
from tests.operations.exchanging.world import FIRST, PARTNERS
from tests.operations.shop import store_in, two_items

POSTING = replace(PARTNERS, channels=(Channel("DEA", "out", "ITMATT", FIRST, syntax="json"),))


def sent(store: Store, state: str) -> Sent:
    """The lamp's advance data, on their way to Germany or there."""
    (row,) = post(store, "main", POSTING, [Telling(Itmatt(LAMP), office="DEFRAA")]).sent
    store.exchange.put([replace(row, state=state)])
    return row


def about(store: Store, *item_ids: str) -> Traces:
    return find_traces(store, "main", Wanted(item_ids))


def test_what_came_about_an_item_is_given_and_forgotten(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, lines(LAMP))
    (told,) = list_about(store, "main", about(store, LAMP.item_id))
    assert (told["direction"], told["operator"], BUYER.name in told["text"]) == ("in", "CNA", True)
    assert erase_about(store, "main", about(store, LAMP.item_id)) == 2
    assert store.exchange.find_bodies("main", [advance_body(LAMP.item_id), "in CN101 1"]) == {}
    assert store.exchange.list_with(KeptAdvanceData, "main", {}) == []
    assert not about(store, LAMP.item_id)


def test_what_is_not_answered_yet_is_forgotten_afterwards(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    row = sent(store, "open")
    erase_about(store, "main", about(store, LAMP.item_id))
    assert erase_waiting(store, "main") == 0
    assert store.exchange.find_bodies("main", [body_of(row)]), "it is still to be sent"
    store.exchange.put([replace(row, state="accepted")])
    forget_old(store)
    assert store.exchange.find_bodies("main", [body_of(row)]) == {}
    assert store.exchange.list_with(Erasure, "main", {}) == []


def test_what_waits_to_be_applied_is_forgotten_when_it_was(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, lines(LAMP))
    (row,) = store.exchange.list_with(CameMessage, "main", {})
    store.exchange.put([replace(row, state="kept")])
    erase_about(store, "main", about(store, LAMP.item_id))
    assert store.exchange.find_bodies("main", ["in CN101 1"])
    store.exchange.put([row])
    assert erase_waiting(store, "main") == 1
    assert store.exchange.find_bodies("main", ["in CN101 1"]) == {}


def test_what_no_transport_takes_is_forgotten_at_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    row = sent(store, "dead")
    erase_about(store, "main", about(store, LAMP.item_id))
    assert store.exchange.find_bodies("main", [body_of(row)]) == {}


def test_an_interchange_that_was_refused_as_a_whole_and_the_reason_that_quotes_it_are_forgotten(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, lines(LAMP))
    (came,) = store.exchange.list_with(Came, "main", {})
    why = f"exchange_unreadable: {BUYER.name.upper()} of {LAMP.item_id} has no address"
    store.exchange.put([replace(came, state="refused", why=why)])
    store.exchange.remove(CameMessage, "main", [f"{came.came} 1"])
    traces = find_traces(store, "main", Wanted(names=(BUYER.name,)))
    (told,) = list_about(store, "main", traces)
    assert (told["why"], told["direction"], told["text"]) == (why, "in", "")
    erase_about(store, "main", about(store, LAMP.item_id))
    (came,) = store.exchange.list_with(Came, "main", {})
    assert came.why == "exchange_unreadable: erased on request"
    assert store.exchange.list_bodies("main", "", 9) == []


def test_of_a_message_about_many_items_a_person_gets_only_what_is_about_theirs(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    exchange(store)
    (told,) = [each for each in list_about(store, "main", about(store, "LX000000005CN")) if "E-1" in str(each)]
    assert (told["message"], told["item_id"]) == ("EMSEVT", "E-1")
    (said,) = json.loads(told["text"])
    assert (said["item_id"], said["signatory"], said["remark"]) == ("LX000000005CN", "Jane Example", JOE)
    erase_about(store, "main", about(store, "LX000000005CN"))
    left = about(store, "LX000000005CN").bodies
    assert [each for each in left if not each.startswith("out ")] == [], "what goes out was not answered yet"


def test_an_inbound_item_is_found_by_the_address_of_who_gets_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, lines(replace(LAMP, recipient=replace(BUYER, email="Erika+mail@example.org"))))
    for person in (Person(email="erika+mail@example.org"), Person(item_id=LAMP.item_id)):
        (told,) = export_person(store, "main", person)["messages"]
        assert BUYER.name in told["text"]
    assert erase_person(store, "main", Person(email="ERIKA+MAIL@example.org")) == 1
    assert store.exchange.list_with(KeptAdvanceData, "main", {}) == []
    assert export_person(store, "main", Person(item_id=LAMP.item_id))["messages"] == []
    with pytest.raises(MissingRowError, match="nothing is kept"):
        export_person(store, "main", Person(item_id="LX000000014CN"))


def test_released_signs_and_large_letters_hide_nobody() -> None:
    has = holds(["erika+mail@example.org"])
    assert has(b"COM+ERIKA?+MAIL@EXAMPLE.ORG:EM'")
    assert not has(b"COM+ANNA@EXAMPLE.ORG:EM'")
    assert not holds([])(b"anything")


def test_codes_of_findings_stay_of_a_reason_and_nothing_else() -> None:
    why = "R1 error exchange_item_other: LX000000005CN was not issued\nErika has no_address\nErika again"
    assert to_erased(why) == "exchange_item_other: erased on request\nerased on request"


def test_a_person_of_an_order_gets_the_messages_about_its_items(tmp_path: Path) -> None:
    store = two_items(tmp_path)
    row = sent(store, "accepted")
    person = Person(order=("shop", "o1"))
    (told,) = export_person(store, "main", person)["messages"]
    assert BUYER.name in told["text"]
    erase_person(store, "main", person)
    assert store.exchange.find_bodies("main", [body_of(row)]) == {}

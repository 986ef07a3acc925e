"""Events that come before anybody announced their items wait for them, and are never lost silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from entrepost.operations.exchange_records import Came, CameMessage, KeptAwaited
from entrepost.operations.exchanging import letting_wait
from entrepost.operations.exchanging.inbox import body_of
from entrepost.operations.exchanging.waiting import WAIT_FOR
from entrepost.operations.store import Store
from tests.messages.advance import LAMP
from tests.operations.dispatching.others import SOON, announced
from tests.operations.exchanging.inbound import advise, edifact, events, go_on, stands, take, tell
from tests.operations.shop import LAMP_NO, MUG_NO, store_in

FRENCH_NO = "LX000000005FR"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def rows_of(store: Store, document: str = "e1") -> CameMessage:
    (row,) = store.exchange.list_with(CameMessage, "main", {"document": [document], "message": ["EMSEVT"]})
    return row


def waited(store: Store) -> list[str]:
    return [each.item_id for each in store.exchange.list_with(KeptAwaited, "main", {})]


def test_events_wait_until_the_item_is_announced(store: Store) -> None:
    (row,) = take(store, events(tell("EMA", 1), tell("EMC", 20)))
    assert (row.state, "exchange_item_awaited" in row.why, waited(store)) == ("kept", True, [LAMP_NO])
    assert go_on(store) == {}, "nothing came yet"
    take(store, advise(LAMP))
    assert go_on(store) == {"applied": 1}
    assert (rows_of(store).state, rows_of(store).why, waited(store)) == ("applied", "", [])
    assert (stands(store)["events"], stands(store)["status"]) == (2, "in_transit")
    assert store.exchange.list_with(Came, "main", {"receipt": ["due"]}), "its sender is told"


def test_a_dispatch_ends_the_waiting_too(store: Store) -> None:
    take(store, events(tell("EMC", 20, MUG_NO)))
    take(store, edifact(announced(), reference="2"))
    assert go_on(store) == {"applied": 1}
    assert stands(store, MUG_NO)["events"] == 1


def test_what_is_known_is_applied_at_once_and_the_rest_as_it_comes(store: Store) -> None:
    take(store, advise(LAMP))
    (row,) = take(store, events(tell("EMC", 20), tell("EMC", 20, MUG_NO), tell("EMC", 21, "LX000000028CN")))
    assert (row.state, stands(store)["events"]) == ("kept", 1)
    take(store, edifact(announced(), reference="2"))
    assert go_on(store) == {}
    assert (rows_of(store).state, waited(store), stands(store, MUG_NO)["events"]) == ("kept", ["LX000000028CN"], 1)
    assert stands(store)["events"] == 1, "nothing is told twice"


def test_in_one_interchange_items_come_before_their_events(store: Store) -> None:
    from entrepost.messages.emsevt import Emsevt

    told = Emsevt("e1", SOON, (tell("EMC", 20),), office="CNSHAA")
    states = {row.message: row.state for row in take(store, edifact(told, announced()))}
    assert states == {"EMSEVT": "applied", "PREDES": "applied"}


def test_after_its_time_it_is_refused_and_told(store: Store) -> None:
    take(store, events(tell("EMC", 20)))
    assert go_on(store, SOON + WAIT_FOR - timedelta(hours=1)) == {}
    assert go_on(store, SOON + WAIT_FOR) == {"refused": 1}
    assert (rows_of(store).state, "event_item_unknown" in rows_of(store).why, waited(store)) == ("refused", True, [])


def test_what_could_be_used_of_it_stays_applied_after_its_time(store: Store) -> None:
    take(store, advise(LAMP))
    take(store, events(tell("EMC", 20), tell("EMC", 20, MUG_NO)))
    assert go_on(store, SOON + WAIT_FOR) == {"applied": 1}
    assert "event_item_unknown" in rows_of(store).why
    assert stands(store)["events"] == 1


def test_nobody_waits_for_an_item_that_its_sender_cannot_announce(store: Store) -> None:
    (row,) = take(store, events(tell("EMC", 20, FRENCH_NO)))
    assert (row.state, waited(store)) == ("refused", [])


def test_of_two_operators_of_a_country_the_one_that_announced_the_item_tells_of_it(store: Store) -> None:
    take(store, events(tell("EMC", 20)))
    take(store, advise(LAMP, sender="HK101"), sender="HK101")
    assert go_on(store) == {"refused": 1}
    assert "exchange_event_item_other" in rows_of(store).why
    assert (stands(store)["operator"], stands(store)["events"]) == ("HKX", 0)
    told = events(tell("EMC", 20, office="HKHKGA"), document="e2", sender="HK101")
    assert [row.state for row in take(store, told, sender="HK101")] == ["applied"]
    assert stands(store)["events"] == 1


def test_a_partner_lets_so_many_items_be_waited_for_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letting_wait, "ITEMS_MOST", 2)
    take(store, events(tell("EMC", 20), tell("EMC", 20, MUG_NO)))
    (row,) = take(store, events(tell("EMC", 20, "LX000000028CN"), document="e2", reference="10"))
    assert (row.state, "exchange_items_awaited_many" in row.why) == ("refused", True)
    assert waited(store) == [LAMP_NO, MUG_NO]


def test_a_message_whose_bytes_are_gone_is_refused_and_not_forgotten(store: Store) -> None:
    (row,) = take(store, events(tell("EMC", 20)))
    store.exchange.remove_bodies("main", [body_of(row)])
    take(store, advise(LAMP))
    assert go_on(store) == {"refused": 1}
    assert "exchange_bytes_gone" in rows_of(store).why
    assert go_on(store) == {}


def test_in_whatever_order_messages_come_the_books_are_the_same(tmp_path: Path) -> None:
    """Two items, advised, dispatched, and scanned when they left and when one was delivered: four interchanges."""
    mug = replace(LAMP, item_id=MUG_NO, weight_g=450)
    told = (
        advise(LAMP, reference="1"),
        advise(mug, reference="2", minutes=5),
        edifact(announced(), reference="3"),
        events(tell("EMC", 20), tell("EMC", 20, MUG_NO), tell("EMI", 40)),
    )
    ends = set()
    for number, order in enumerate(permutations(told)):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = store_in(folder)
        for body in order:
            take(own, body)
            go_on(own)
        items = own.list_items("main").sort("item_id").drop("item_no", "issued_at", "order_id")
        held = own.find_containments(pl.DataFrame({"tenant": ["main"], "subject": [announced().dispatch.dispatch_id]}))
        names = own.recipients.find(own.list_items("main")).get_column("name").sort().to_list()
        states = {row.state for row in own.exchange.list_with(CameMessage, "main", {})}
        ends.add(str((items.rows(), held.rows(), names, states, waited(own))))
        own.close()
    assert len(ends) == 1, ends

"""Who gets an item that another operator announced is sealed, forgotten in time, and given or erased when they ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.exchanging.advised import find_advance_data
from entrepost.operations.privacy import Person, PrivacyParams, erase_person, export_person, forget_old
from entrepost.operations.store import Store
from tests.messages.advance import BUYER, LAMP
from tests.operations.exchanging.inbound import advise, events, take, tell
from tests.operations.exchanging.test_making_items import recipient
from tests.operations.shop import LAMP_NO, NOW, store_in

ASKED = Person(item_id="lx 000000005 cn")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_in(tmp_path)
    take(store, advise(LAMP))
    return store


def test_the_person_is_found_by_the_item_and_given_all(store: Store) -> None:
    given = export_person(store, "main", ASKED)
    assert [each["name"] for each in given["recipients"]] == ["Erika Mustermann"]
    assert [each["item_id"] for each in given["items"]] == [LAMP_NO]
    assert BUYER.name in given["messages"][0]["text"]
    with pytest.raises(MissingRowError):
        export_person(store, "main", Person(item_id="LX000000014CN"))
    with pytest.raises(MissingRowError):
        export_person(store, "other", ASKED)
    with pytest.raises(MissingRowError):
        export_person(store, "main", Person(item_id="\0"))


def test_who_was_erased_does_not_come_back_with_a_correction(store: Store) -> None:
    assert erase_person(store, "main", ASKED) == 1
    assert recipient(store) == (None, None)
    assert find_advance_data(store, "main", LAMP_NO) is None
    heavier = replace(LAMP, weight_g=450, recipient=replace(BUYER, city="Mainz"))
    take(store, advise(heavier, reference="2", minutes=9))
    assert recipient(store) == (None, None)
    assert find_advance_data(store, "main", LAMP_NO) is None
    assert store.list_items("main").get_column("weight_g").to_list() == [450]


def test_who_got_it_long_ago_is_forgotten(store: Store) -> None:
    take(store, events(tell("EMI", 40, office="CNSHAA")))
    assert store.list_items("main").get_column("status").to_list() == ["delivered"]
    assert forget_old(store, PrivacyParams(90, 365), NOW + timedelta(days=60)).orders == 0
    assert forget_old(store, PrivacyParams(90, 365), NOW + timedelta(days=120)).orders == 1
    assert recipient(store) == (None, None)


def test_the_raw_database_names_nobody(store: Store, tmp_path: Path) -> None:
    store.close()
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.name.startswith("shop.db"))
    assert b"LX000000005CN" in kept
    assert b"Mustermann" not in kept

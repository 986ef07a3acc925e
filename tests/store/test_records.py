"""People, keys and kept answers on both stores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta

import polars as pl
import pytest

from entrepost.operations.dispatch_records import Content
from entrepost.operations.once import Given, Request, answer_once
from entrepost.operations.records import ApiKey, AuditEntry, Batch, KeptAnswer, Person, name_by_time
from entrepost.operations.store import Store
from tests.operations.shop import NOW

ANNA = Person("main", "anna@example.org", "Anna", "admin", "", NOW)


def key(tenant: str, name: str) -> ApiKey:
    return ApiKey(tenant, name, "hash", "shop", "orders:read", "anna", NOW)


def test_a_noun_comes_back_as_it_was_and_is_written_over(store: Store) -> None:
    store.records.put(ANNA)
    locked = replace(ANNA, locked_until=NOW + timedelta(microseconds=1), failures=2)
    assert store.records.find(Person, "main", ANNA.email) == ANNA
    store.records.put(locked)
    assert store.records.find(Person, "main", ANNA.email) == locked
    assert store.records.find(Person, "other", ANNA.email) is None
    store.records.remove(Person, "main", ANNA.email)
    assert store.records.find(Person, "main", ANNA.email) is None


def test_nouns_are_listed_by_name_in_pages_up_and_down(store: Store) -> None:
    for tenant, name in (("b", "2"), ("a", "3"), ("a", "1"), ("a", "2")):
        store.records.put(key(tenant, name))
    assert [(each.tenant, each.key) for each in store.records.list_of(ApiKey)] == [
        *(("a", "1"), ("a", "2"), ("a", "3"), ("b", "2")),
    ]
    assert [each.key for each in store.records.list_of(ApiKey, "a", after="1", limit=1)] == ["2"]
    assert [each.key for each in store.records.list_latest(ApiKey, "a", before="3")] == ["2", "1"]


def test_what_is_old_is_pruned_in_every_account(store: Store) -> None:
    for tenant, hours in (("a", 0), ("a", 1), ("b", 0)):
        at = NOW + timedelta(hours=hours)
        store.records.put(KeptAnswer(tenant, f"k{hours}", "POST /", "", 200, "{}", at))
    store.records.prune(KeptAnswer, NOW + timedelta(minutes=1))
    assert [(each.tenant, each.idempotency_key) for each in store.records.list_of(KeptAnswer)] == [("a", "k1")]


def test_what_a_transaction_put_goes_with_it(store: Store) -> None:
    def fail() -> None:
        with store.records.transaction():
            store.records.put(ANNA)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.records.list_of(Person) == []


def test_asked_by_many_at_once_a_request_has_one_effect(opened: Callable[[], Store]) -> None:
    stores = [opened() for _ in range(4)]

    def ask(store: Store) -> list[Given]:
        def effect() -> Given:
            now = store.clock.now()
            store.records.put(AuditEntry("main", name_by_time(now), now, "anna", "asked", ""))
            return Given(200, "done")

        return [answer_once(store, Request("main", f"k{number}", "POST /", b""), effect) for number in range(5)]

    with ThreadPoolExecutor(len(stores)) as pool:
        given = [each for part in pool.map(ask, stores) for each in part]
    assert len(stores[0].records.list_of(AuditEntry)) == 5
    assert sum(not each.again for each in given) == 5


def test_a_batch_keeps_all_its_counts(store: Store) -> None:
    batch = Batch("main", "b1", "orders", "a.csv", "running", "i1", "anna", NOW, 1, 2, 3, 4, 5, NOW, NOW, "so far")
    store.records.put(batch)
    assert store.records.list_of(Batch, "main") == [batch]
    assert store.records.list_with(Batch, "state", ["waiting", "running"]) == [batch]
    assert store.records.list_with(Batch, "state", ["done"]) == []


def test_names_by_time_are_in_its_order_and_never_the_same() -> None:
    names = [name_by_time(NOW + timedelta(microseconds=number)) for number in range(50)]
    assert names == sorted(names)
    assert len({name_by_time(NOW) for _ in range(50)}) == 50


def test_nouns_in_bulk_are_found_by_any_field_of_their_account_alone(store: Store) -> None:
    rows = [("main", f"i{number}", f"bag {number % 2}", number, NOW) for number in range(5)]
    rows.append(("other", "i9", "bag 0", 9, NOW))
    frame = pl.DataFrame(rows, schema=[field.name for field in fields(Content)], orient="row")
    store.records.put_many(Content, frame)
    found = store.records.frame_where(Content, "main", "tag", pl.Series(["bag 0", "bag 7"]))
    assert found.select("item_id", "added_at").rows() == [("i0", NOW), ("i2", NOW), ("i4", NOW)]
    assert store.records.list_where(Content, "main", "item_id", ["i3", "i9"]) == [
        Content("main", "i3", "bag 1", 3, NOW)
    ]
    store.records.put_many(Content, frame.head(1).with_columns(tag=pl.lit("bag 7")))
    store.records.remove_many(Content, "main", pl.Series(["i2", "i9"]))
    assert [(each.item_id, each.tag) for each in store.records.list_of(Content)] == [
        *(("i0", "bag 7"), ("i1", "bag 1"), ("i3", "bag 1"), ("i4", "bag 0"), ("i9", "bag 0")),
    ]
    assert store.records.list_where(Content, "main", "tag", []) == []

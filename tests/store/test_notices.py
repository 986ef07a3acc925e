"""Contacts and notices on both stores: whoever plans and sends at once, each news goes out once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import StoreError
from entrepost.operations.notices import plan_notices
from entrepost.operations.notices_post import Answer, send_notices
from entrepost.operations.store import CONTACT, Store
from tests.operations.post import ANNA, BO, Pigeon, after, contacts, expected, with_contacts
from tests.operations.shop import MUG_NO, NOW, lamp, take, two_items, write_csv

Open = Callable[[], Store]
BOTH = pl.concat([expected(2, 5), expected(3, 6, item_id=MUG_NO)])


def test_contacts_are_found_by_order_and_account_and_are_gone_when_removed(store: Store, tmp_path: Path) -> None:
    with_contacts(two_items(tmp_path, store))
    rows = store.find_contacts()
    assert rows.columns == list(CONTACT)
    assert store.find_contacts(orders=rows.reverse()).get_column("email").to_list() == [BO, ANNA]
    assert store.find_contacts(tenant="other").height == 0
    store.remove_contacts(rows.head(1))
    assert store.find_contacts("main").get_column("email").to_list() == [BO]


def test_a_contact_of_no_order_is_refused(store: Store) -> None:
    rows = contacts(("o1", ANNA, "en", "UTC")).with_columns(tenant=pl.lit("main")).select(CONTACT)
    with pytest.raises(StoreError, match=r"(?i)foreign key"):
        store.add_contacts(rows)


def test_a_notice_goes_all_the_way_on_either_store(store: Store, tmp_path: Path) -> None:
    with_contacts(two_items(tmp_path, store))
    plan_notices(store, BOTH)
    later = Answer("deferred", "451 4.7.1")
    done = send_notices(store, Pigeon(later, Answer("refused", "550")))
    assert (done.deferred, done.dead) == (1, 1)
    states = store.list_notices().select("state", "attempts", "told_at", "answer").sort("state").rows()
    assert states == [("dead", 1, None, "550"), ("queued", 1, None, "451 4.7.1")]
    assert store.find_due_notices(NOW, 9).height == 0
    assert store.find_due_notices(after(1), 9).height == 1
    store.clock.instant = after(1)  # type: ignore[attr-defined]
    assert send_notices(store, Pigeon()).sent == 1
    assert store.list_notices("main", "sent").item(0, "told_at") == after(1)
    assert store.list_findings().get_column("code").to_list() == ["notice_refused"]


def test_planned_by_many_at_once_each_news_is_queued_once(opened: Open, tmp_path: Path) -> None:
    stores = [opened() for _ in range(4)]
    with_contacts(two_items(tmp_path, stores[0]))
    with ThreadPoolExecutor(len(stores)) as pool:
        done = list(pool.map(lambda store: plan_notices(store, BOTH), stores))
    assert sum(each.queued for each in done) == stores[0].list_notices().height == 2


def test_sent_by_many_at_once_nobody_gets_a_notice_twice(opened: Open, tmp_path: Path) -> None:
    stores, count = [opened() for _ in range(3)], 40
    orders = [lamp(order_id=f"o{number}") for number in range(count)]
    take(stores[0], write_csv(tmp_path, *orders))
    items = _items(stores[0], count)
    stores[0].add_items(items)
    told = [(f"o{number}", f"a{number}@example.org", "en", "UTC") for number in range(count)]
    rows = contacts(*told).with_columns(tenant=pl.lit("main")).select(CONTACT)
    stores[0].add_contacts(rows)
    plan_notices(stores[0], pl.concat([expected(2, 5, item_id=name) for name in items.get_column("item_id")]))
    pigeons = [Pigeon() for _ in stores]
    with ThreadPoolExecutor(len(stores)) as pool:
        done = list(pool.map(send_notices, stores, pigeons))
    taken = [address for pigeon in pigeons for address, _ in pigeon.taken]
    assert sorted(taken) == sorted(address for _, address, _, _ in told)
    assert sum(each.sent for each in done) == stores[0].list_notices(state="sent").height == count


def _items(store: Store, count: int) -> pl.DataFrame:
    return store.list_orders().select(
        *("tenant", "seller", "order_id", "origin", "country", "weight_g", "currency"),
        item=pl.lit(1, pl.Int64),
        pieces="quantity",
        value_minor="unit_value_minor",
        issued_at="placed_at",
        service=pl.lit("PACKET"),
        item_id=pl.Series([f"LX{number:08}0CN" for number in range(count)]),
    )

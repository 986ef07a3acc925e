"""Which orders of an account wait for a promise: all when somebody asks, or each as it comes in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError, NotAllowedError
from entrepost.operations.access import ROLES, Caller
from entrepost.operations.batches import claim_batch
from entrepost.operations.promising import ask_promises, find_promising, set_promising, standing_policy
from entrepost.operations.records import PROMISES, AuditEntry, Batch
from entrepost.service.policy import Balanced, Fastest
from tests.operations.office import HOLDER, join, wait
from tests.operations.shop import lamp, store_in, take, write_csv

LEASE = timedelta(seconds=30)


def test_all_orders_without_a_promise_wait_for_who_asks_once(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, write_csv(tmp_path, lamp(), lamp(order_id="o2", placed_at="2026-01-05T09:00:00+08:00")))
    batch = ask_promises(store, HOLDER)
    assert ask_promises(store, HOLDER) == batch, "those that wait are not asked for again"
    waiting = store.desk.list_waiting("main", batch.batch, 10)
    assert waiting["order_id"].to_list() == ["o2", "o1"], "the earliest first"
    assert store.records.list_of(AuditEntry, "main")[-1].action == "promises asked for"
    assert claim_batch(store, LEASE) is None, "who takes files in leaves them alone"
    assert claim_batch(store, LEASE, (PROMISES,)) is not None
    with pytest.raises(NotAllowedError):
        ask_promises(store, Caller("main", "vera", ROLES["viewer"]))


def test_orders_wait_as_they_come_in_all_of_a_day_for_one_batch(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    take(store, write_csv(tmp_path, lamp()))
    assert store.records.list_of(Batch, "main") == [], "nobody said so"
    set_promising(store, HOLDER, "fastest", at_once=True)
    for name in ("o2", "o3"):
        take(store, write_csv(tmp_path, lamp(order_id=name)))
    take(store, write_csv(tmp_path, lamp(order_id="o2")))
    (first,) = store.records.list_of(Batch, "main")
    assert store.desk.list_waiting("main", first.batch, 10)["order_id"].to_list() == ["o2", "o3"]
    wait(store, days=1)
    take(store, write_csv(tmp_path, lamp(order_id="o4")))
    second = store.records.list_of(Batch, "main")[1]
    assert store.desk.count_waiting("main", second.batch) == 1


def test_promises_wait_until_no_file_of_the_account_is_half_in(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    batch = ask_promises(store, HOLDER)
    file = Batch("main", "f", "orders", "f.csv", "running", "i", "anna", store.clock.now())
    store.records.put(file)
    assert claim_batch(store, LEASE, (PROMISES,)) is None
    store.records.remove(Batch, "main", "f")
    claimed = claim_batch(store, LEASE, (PROMISES,))
    assert claimed is not None
    assert claimed.batch == batch.batch


def test_an_account_that_begins_with_its_people_promises_at_once_and_one_with_orders_goes_on_as_it_did(
    tmp_path: Path,
) -> None:
    store = store_in(tmp_path)
    take(store, write_csv(tmp_path, lamp()))
    join(store, "anna@example.org", "admin")
    join(store, "otto@example.com", "admin", "other")
    told = find_promising(store, "other")
    assert (find_promising(store, "main"), told and told.at_once) == (None, 1)


def test_the_standing_policy_is_one_of_those_that_have_a_name(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert standing_policy(store, "main") == Balanced()
    set_promising(store, HOLDER, "fastest", at_once=False)
    assert standing_policy(store, "main") == Fastest()
    with pytest.raises(MisuseError, match="balanced"):
        set_promising(store, HOLDER, "slowest", at_once=False)

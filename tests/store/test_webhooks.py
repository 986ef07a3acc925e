"""Endpoints and the queue on both stores: whoever delivers at once, nothing goes out twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.events import record_events
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint, remove_endpoint, turn_secret
from entrepost.operations.webhooks_log import forget_old, replay
from entrepost.operations.webhooks_send import DeliverParams, deliver_due
from tests.operations.hooks import DOWN, OK, STEADY, URL, Runner, deliver_all, move, tell
from tests.operations.shop import LAMP_NO, NOW, event, two_items

Open = Callable[[], Store]


def test_endpoints_are_kept_with_their_secrets_and_removed(opened: Open) -> None:
    store = opened()
    made = turn_secret(store, "main", add_endpoint(store, "main", URL).endpoint)
    again = opened()
    assert again.webhooks.list_endpoints("main") == [made]
    tell(again, "a")
    remove_endpoint(again, "main", made.endpoint)
    assert store.webhooks.list_endpoints() == []
    assert store.webhooks.count_deliveries().height == 0


def test_a_message_goes_all_the_way_on_either_store(store: Store, tmp_path: Path) -> None:
    add_endpoint(two_items(tmp_path, store), "main", URL)
    record_events(store, pl.DataFrame([event("EMA", 1), event("EMC", 9)]))
    tell(store, LAMP_NO, "b")
    answers = iter([DOWN])
    runner = Runner(lambda url, data: next(answers, OK) if "item_id" in data else OK)
    done = deliver_all(store, runner, STEADY)
    assert (done.delivered, done.deferred) == (3, 1)
    assert [data.get("number") for _, data in runner.taken] == [1, None, 0]
    rows = store.webhooks.list_deliveries("main", state="delivered", limit=0)
    assert rows.get_column("attempts").to_list() == [1, 1, 2]
    assert store.webhooks.list_attempts(rows).get_column("code").to_list() == [None, 204, 204, 204]
    assert replay(store, "main", rows.item(0, "endpoint"), NOW) == 3
    assert store.webhooks.find_next_due() == store.clock.now()
    assert forget_old(move(store, days=31)) == 3
    assert store.webhooks.find_next_due() is None


def test_an_exception_is_told_once_by_many_at_once(opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    add_endpoint(stores[0], "main", URL)
    with ThreadPoolExecutor(len(stores)) as pool:
        queued = list(pool.map(lambda store: tell(store, "a", "b"), stores))
    assert sorted(queued) == [0, 0, 0, 2]


def test_delivered_by_many_at_once_nothing_goes_out_twice(opened: Open) -> None:
    stores, runner = [opened() for _ in range(3)], Runner()
    for _ in range(2):
        add_endpoint(stores[0], "main", URL)
    tell(stores[0], *(str(number % 20) for number in range(60)))
    with ThreadPoolExecutor(len(stores)) as pool:
        done = list(pool.map(lambda store: deliver_due(store, runner, DeliverParams(threads=4)), stores))
    assert sum(each.delivered for each in done) == len(runner.tried) == 120
    assert set(Counter(runner.tried).values()) == {2}
    later = deliver_due(move(stores[0], hours=1), runner)
    assert later.delivered == 0


def test_a_worker_that_was_too_slow_does_not_undo_what_another_did(opened: Open) -> None:
    slow, quick = opened(), opened()
    add_endpoint(slow, "main", URL)
    tell(slow, "a")

    class Late(Runner):
        def send(self, url: str, headers: dict[str, str], body: bytes):  # type: ignore[no-untyped-def]
            move(quick, seconds=301)
            deliver_due(quick, runner)
            return DOWN

    runner = Runner()
    deliver_due(slow, Late())
    assert runner.numbers() == [0]
    row = slow.webhooks.list_deliveries("main").row(0, named=True)
    assert (row["state"], row["attempts"], row["done_at"]) == ("delivered", 2, NOW + timedelta(seconds=301))

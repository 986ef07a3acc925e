"""What was told can be listed, told again under its name, and is forgotten when it is old."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from entrepost.base.errors import MissingRowError
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint
from entrepost.operations.webhooks_log import forget_old, replay, replay_message
from entrepost.operations.webhooks_send import DeliverParams, Reply, deliver_due
from tests.operations.hooks import DOWN, OK, URL, Runner, deliver_all, move, tell
from tests.operations.shop import NOW, store_in

SHORT = DeliverParams(window_hours=0.001)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_in(tmp_path)
    add_endpoint(store, "main", URL)
    return store


@pytest.fixture
def name(store: Store) -> str:
    return store.webhooks.list_endpoints()[0].endpoint


def test_the_log_has_every_attempt(store: Store) -> None:
    tell(store, "a")
    answers = iter([Reply(500, "500"), DOWN])
    deliver_all(store, Runner(lambda url, data: next(answers, OK)))
    (row,) = store.webhooks.list_deliveries("main").iter_rows(named=True)
    log = store.webhooks.list_attempts(pl.DataFrame({"delivery_no": [row["delivery_no"]]}))
    assert log.select("attempt", "code", "answer").rows() == [
        (1, 500, "500"),
        (2, None, "Connection refused"),
        (3, 204, "204"),
    ]
    assert (row["state"], row["attempts"], row["done_at"]) == ("delivered", 3, log.item(2, "tried_at"))


def test_deliveries_are_listed_page_by_page(store: Store, name: str) -> None:
    tell(store, *"abcde")
    page = store.webhooks.list_deliveries("main", name, "queued", limit=2)
    rest = store.webhooks.list_deliveries("main", before=page.item(1, "delivery_no"), limit=2)
    assert [*page["subject"], *rest["subject"]] == ["e", "d", "c", "b"]
    assert store.webhooks.list_deliveries("main", state="dead").height == 0


def test_a_time_is_told_again_under_the_same_names_in_its_order(store: Store, name: str) -> None:
    runner = Runner()
    tell(store, "a", "a")
    tell(move(store, hours=1), "a", start=2)
    deliver_due(store, runner)
    deliver_all(store, runner)
    first = list(runner.tried)
    assert replay(store, "main", name, NOW, NOW + timedelta(minutes=30)) == 2
    deliver_all(store, runner)
    assert runner.tried[3:] == first[:2]


def test_what_still_waits_is_not_queued_twice(store: Store, name: str) -> None:
    tell(store, "a")
    assert replay(store, "main", name, NOW) == 0


def test_only_what_died_is_told_again(store: Store, name: str) -> None:
    tell(store, "a", "b")
    deliver_all(store, Runner(lambda url, data: DOWN if data["number"] else OK), SHORT)
    assert replay(store, "main", name, NOW, only_dead=True) == 1
    runner = Runner()
    deliver_all(store, runner)
    assert runner.numbers() == [1]


def test_one_message_is_told_again_but_none_of_another_account(store: Store, name: str) -> None:
    runner, other = Runner(), add_endpoint(store, "other", URL)
    tell(store, "a")
    deliver_due(store, runner)
    replay_message(store, "main", name, runner.tried[0])
    deliver_due(store, runner)
    assert runner.numbers() == [0, 0]
    with pytest.raises(MissingRowError, match="there is no message"):
        replay_message(store, "other", other.endpoint, runner.tried[0])


def test_what_is_old_is_forgotten(store: Store, name: str) -> None:
    tell(store, "a")
    deliver_due(store, Runner())
    tell(move(store, days=20), "b", start=1)
    assert forget_old(move(store, days=11)) == 1
    assert store.webhooks.list_deliveries("main").get_column("subject").to_list() == ["b"]
    assert store.webhooks.list_attempts(pl.DataFrame({"delivery_no": [1, 2]})).height == 0
    assert replay(store, "main", name, NOW) == 0

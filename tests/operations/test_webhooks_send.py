"""Deliveries: signed, tried for 76 hours, in the order of each subject, and no endpoint waits for another."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from standardwebhooks import Webhook

from entrepost.base.clock import SystemClock
from entrepost.base.errors import MisuseError
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint, turn_secret
from entrepost.operations.webhooks_send import (
    Delivered,
    DeliverParams,
    Reply,
    deliver_due,
    keep_delivering,
    sign,
)
from entrepost.wiring import open_store
from tests.operations.hooks import DOWN, OK, STEADY, URL, Runner, deliver_all, move, tell
from tests.operations.shop import NOW, store_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An endpoint that wants all."""
    store = store_in(tmp_path)
    add_endpoint(store, "main", URL)
    return store


def attempts(store: Store) -> list[tuple[datetime, int | None]]:
    rows = store.webhooks.list_deliveries("main", limit=0)
    return store.webhooks.list_attempts(rows).select("tried_at", "code").rows()


def test_the_library_of_the_standard_verifies_what_is_sent(store: Store) -> None:
    (endpoint,) = store.webhooks.list_endpoints()
    now, body = datetime.now(UTC), '{"type":"item.status_changed","data":{"city":"Zürich"}}'
    headers = sign(endpoint, "msg_1", now, body)
    assert Webhook(endpoint.secret).verify(body, headers) == json.loads(body)
    turned = turn_secret(store, "main", endpoint.endpoint)
    headers = sign(turned, "msg_1", store.clock.now(), body) | {"webhook-timestamp": headers["webhook-timestamp"]}
    assert headers["webhook-signature"].count("v1,") == 2
    both = sign(turned, "msg_1", NOW, body)["webhook-signature"].split(" ")
    assert both == [Webhook(secret).sign("msg_1", NOW, body) for secret in (turned.secret, endpoint.secret)]


def test_each_message_is_sent_once_and_its_headers_name_and_sign_it(store: Store) -> None:
    tell(store, "a", "b", "c")
    runner = Runner()
    assert deliver_due(store, runner) == Delivered(delivered=3)
    assert deliver_due(store, runner) == Delivered()
    assert sorted(runner.numbers()) == [0, 1, 2]
    assert {each["webhook-timestamp"] for each in runner.headers} == {str(int(NOW.timestamp()))}


def test_what_fails_is_tried_again_after_growing_pauses_for_76_hours(store: Store) -> None:
    tell(store, "a")
    done = deliver_all(store, Runner(lambda url, data: Reply(500, "500")))
    hours = [(at - NOW) / timedelta(hours=1) for at, _ in attempts(store)]
    pauses = [round(3600 * (later - earlier)) for earlier, later in pairwise(hours)]
    assert pauses[:7] == [5, 60, 300, 900, 3600, 7200, 7200]
    assert (done.dead, hours[-1]) == (1, 76.0)
    assert len(hours) == 1 + 5 + 38
    assert store.list_findings().select("code", "message").rows() == [("webhook_given_up", "the last answer: 500")]


def test_pauses_differ_by_chance(store: Store) -> None:
    early, late = (DeliverParams(chance=lambda share=share: share).pause(1) for share in (0.0, 1.0))
    assert (early, late) == (timedelta(seconds=4), timedelta(seconds=6))


def test_news_of_one_subject_come_in_their_order_and_others_do_not_wait(store: Store) -> None:
    tell(store, "a", "a", "a", "b")
    failures = iter([DOWN, DOWN])
    runner = Runner(lambda url, data: next(failures, OK) if data["number"] == 0 else OK)
    assert deliver_due(store, runner, STEADY) == Delivered(delivered=1, deferred=1)
    assert runner.numbers() == [3]
    deliver_all(store, runner)
    assert runner.numbers() == [3, 0, 1, 2]


def test_what_is_given_up_lets_the_next_one_through(store: Store) -> None:
    tell(store, "a", "a")
    runner = Runner(lambda url, data: DOWN if data["number"] == 0 else OK)
    assert deliver_all(store, runner, DeliverParams(window_hours=1)).dead == 1
    assert runner.numbers() == [1]


def test_an_endpoint_that_is_down_or_slow_does_not_hold_up_another(store: Store) -> None:
    add_endpoint(store, "main", "https://slow.example.org/")
    released, order = Event(), []

    def answer(url: str, data: dict[str, Any]) -> Reply:
        return OK

    class Slow(Runner):
        def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
            if "slow" in url:
                released.wait(10)
            order.append(url)
            if len(order) == 30:
                released.set()
            return super().send(url, headers, body)

    tell(store, *map(str, range(30)))
    done = deliver_due(store, Slow(answer), STEADY)
    assert done == Delivered(delivered=60)
    assert set(order[:30]) == {URL}


def test_an_endpoint_that_fails_again_and_again_is_asked_with_one_message_only(store: Store) -> None:
    tell(store, *map(str, range(50)))
    runner = Runner(lambda url, data: DOWN)
    params = DeliverParams(failures_most=5, abreast=5, chance=lambda: 0.5)
    deliver_due(store, runner, params)
    first = len(runner.tried)
    assert 5 <= first < 15
    assert deliver_due(move(store, seconds=1), runner, params) == Delivered()
    deliver_due(move(store, minutes=15), runner, params)
    assert len(runner.tried) == first + 1
    runner.answer = lambda url, data: OK
    deliver_due(move(store, minutes=15), runner, params)
    assert len(runner.taken) == 50


def test_an_endpoint_that_only_failed_for_days_is_switched_off_and_the_others_are_told(store: Store) -> None:
    add_endpoint(store, "main", "https://up.example.org/")
    runner = Runner(lambda url, data: DOWN if url == URL else OK)
    tell(store, "a")
    for day in range(6):
        deliver_all(store, runner, DeliverParams(window_hours=20))
        tell(move(store, hours=24), "a", start=1 + day)
    down, up = sorted(store.webhooks.list_endpoints(), key=lambda each: each.url != URL)
    assert (down.state, down.answer, up.state) == ("failed", "Connection refused", "on")
    assert "webhook_endpoint_failed" in store.list_findings().get_column("code")
    told = [data for url, data in runner.taken if "answer" in data]
    assert told == [
        {"endpoint": down.endpoint, "failing_since": "2026-01-10T08:30:00Z", "answer": "Connection refused"}
    ]


def test_an_endpoint_that_is_gone_is_switched_off_at_once(store: Store) -> None:
    tell(store, "a")
    assert deliver_due(store, Runner(lambda url, data: Reply(410, "410"))).failed_endpoints == 1
    assert store.list_findings().get_column("code").to_list() == ["webhook_endpoint_gone"]
    tell(store, "b", start=1)
    assert store.webhooks.count_deliveries("main").rows()[0][2:] == ("queued", 2)


def test_a_receiver_that_asks_for_time_gets_it(store: Store) -> None:
    tell(store, "a")
    deliver_due(store, Runner(lambda url, data: Reply(429, "429", wait_seconds=600)), STEADY)
    assert store.webhooks.find_next_due() == NOW + timedelta(seconds=600)


def test_what_a_killed_worker_had_is_sent_again_when_its_lease_is_over(store: Store) -> None:
    tell(store, "a")

    class Killed(Runner):
        def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(store, Killed())
    runner = Runner()
    assert deliver_due(store, runner) == Delivered()
    assert deliver_due(move(store, minutes=5), runner) == Delivered(delivered=1)


def test_it_keeps_delivering_until_it_is_stopped(tmp_path: Path) -> None:
    place, stop, runner = tmp_path / "shop.db", Event(), Runner()
    store = open_store(place, SystemClock())
    add_endpoint(store, "main", URL)
    thread = Thread(target=keep_delivering, args=(store, lambda: runner, None, stop, 0.01))
    thread.start()
    tell(store, "a", "b")
    for _ in range(500):
        if len(runner.taken) == 2:
            break
        stop.wait(0.01)
    stop.set()
    thread.join()
    assert sorted(runner.numbers()) == [0, 1]


def test_senseless_params_are_refused() -> None:
    with pytest.raises(MisuseError, match="above 0"):
        DeliverParams(threads=0)
    with pytest.raises(MisuseError, match="share from 0 to below 1"):
        DeliverParams(jitter_share=1)

"""A server that makes the rounds of two accounts is killed in the middle, and nothing is missing."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.network.feed import write_network
from entrepost.operations.chores import Turns
from entrepost.operations.exchange_records import Came, CameMessage, KeptAdvanceData, Sent, SentMessage
from entrepost.operations.exchanging import looking
from entrepost.operations.exchanging.rounds import Rounds
from entrepost.operations.store import Store
from entrepost.wiring import open_exchange, open_store
from tests.api.exchanging import ACCOUNTS, befriend, write_to_each_other
from tests.durability.served import Served
from tests.servers import Postgres
from tests.worlds import two_offices

INTERCHANGES, ITEMS = 60, 40
PATIENCE_SECONDS = 180


@pytest.mark.server
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_server_killed_in_the_middle_exchanges_everything_once(
    database: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOST_EXCHANGE_FOLDER", str(tmp_path / "{account}"))
    place = str(tmp_path / "posts.db")
    if database == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        place = server.create_owned("rounds")
    write_network(two_offices(), tmp_path / "network")
    store = open_store(place)
    befriend(store, tmp_path / "wire")
    write_to_each_other(store, INTERCHANGES, ITEMS)
    workers = 2 if database == "postgres" else 1
    with Served(place, tmp_path, tmp_path / "network", workers) as served:
        await_until(lambda: count_in(store) >= INTERCHANGES * ITEMS // 4)
        assert runs_beside(store) is None, "another process leaves the rounds to the server"
        served.kill()
        part = count_in(store)
        assert part < 2 * INTERCHANGES * ITEMS
        for account in ACCOUNTS:  # what was on its way would otherwise be sent again after minutes
            waiting = store.exchange.list_with(Sent, account, {"state": ["open"]})
            looking.send_again(store, account, [row.sent for row in waiting])
        served.start()
        await_until(lambda: is_settled(store))
        assert ask(served.url, "/health/exchange") == {"status": "ok", "accounts": 2, "running": 2}
        told = metrics_of(served.url)
    assert 'entrepost_exchange_messages_total{state="applied"}' in told
    assert "entrepost_exchange_accounts 2" in told
    check_books(store)
    store.close()


def check_books(store: Store) -> None:
    total = INTERCHANGES * ITEMS
    for account in ACCOUNTS:
        came = store.exchange.list_with(CameMessage, account, {})
        assert [row.state for row in came] == ["applied"] * total
        assert len({row.document for row in came}) == total
        assert len(store.exchange.list_with(Came, account, {})) == INTERCHANGES
        assert len(store.exchange.list_with(KeptAdvanceData, account, {})) == total
        sent = store.exchange.list_with(SentMessage, account, {})
        assert {row.state for row in sent} == {"accepted"}


def count_in(store: Store) -> int:
    return sum(len(store.exchange.list_with(CameMessage, account, {})) for account in ACCOUNTS)


def is_settled(store: Store) -> bool:
    is_open = [store.exchange.list_with(Sent, account, {"state": ["open"]}) for account in ACCOUNTS]
    due = [store.exchange.list_with(Came, account, {"receipt": ["due"]}) for account in ACCOUNTS]
    return not any((*is_open, *due))


def runs_beside(store: Store) -> object:
    beside = Rounds(store, "china", Turns(store, timedelta(seconds=20)), open_exchange)
    ran = beside.go()
    beside.close()
    return ran


def await_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(url: str, path: str) -> object:
    with urllib.request.urlopen(f"{url}{path}", timeout=20) as answer:
        return json.loads(answer.read())


def metrics_of(url: str) -> str:
    """What the worker that has the rounds counts; each answers for itself."""
    for _ in range(100):
        with urllib.request.urlopen(f"{url}/metrics", timeout=20) as answer:
            text: str = answer.read().decode()
        if re.search("entrepost_exchange_rounds_total [1-9]", text):
            return text
        time.sleep(0.1)
    raise AssertionError("no worker tells of rounds")

"""Rounds of all accounts: what holds one up holds up no other, is told once, and no two fetch the same mail."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from entrepost.api.app import make_app
from entrepost.api.house import House
from entrepost.api.metrics import Metrics
from entrepost.api.rounds import AllRounds, Exchanger, counts_of
from entrepost.operations.batches import StoppedError
from entrepost.operations.exchange import Ran
from entrepost.operations.exchange_records import CameMessage, KeptOperator
from entrepost.operations.exchanging import rounds as one_account
from entrepost.operations.exchanging.outbox import Went
from entrepost.operations.exchanging.partners import put_partners
from entrepost.operations.exchanging.rounds import RoundParams, list_running
from entrepost.operations.store import Store
from tests.api.exchanging import ACCOUNTS, befriend, write_to_each_other
from tests.api.test_chores import wait_for
from tests.api.world import PARAMS
from tests.operations.exchanging.world import PARTNERS
from tests.operations.shop import store_in

QUICK = RoundParams(idle_seconds=0.01, retry_seconds=0.01)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("ENTREPOST_EXCHANGE_FOLDER", str(tmp_path / "{account}"))
    made = store_in(tmp_path)
    befriend(made, tmp_path / "wire")
    write_to_each_other(made, 2, 3)
    yield made
    made.close()


def go(store: Store, params: RoundParams = QUICK) -> tuple[AllRounds, Counter[str], dict[str, int]]:
    """All rounds, what they count, and how things stand."""
    counts, states = Counter[str](), dict[str, int]()

    def tell(more: dict[str, int], now: dict[str, int]) -> None:
        counts.update(more)
        states.update(now)

    return AllRounds(store, params, tell, lambda: None), counts, states


def count_in(store: Store, account: str) -> int:
    return len(store.exchange.list_with(CameMessage, account, {"state": ["applied"]}))


def test_two_accounts_write_to_each_other_and_every_message_is_counted(store: Store) -> None:
    rounds, counts, states = go(store)
    while rounds.go():
        pass
    rounds.close()
    assert [count_in(store, each) for each in ACCOUNTS] == [6, 6]
    assert counts['messages_total{state="applied"}'] == 12
    assert counts['receipts_total{direction="in"}'] == counts['interchanges_total{direction="out"}'] == 4
    assert (states["accounts"], states["accounts_held_up"], states["transports_away"]) == (2, 0, 0)


def test_an_account_that_is_held_up_is_told_once_and_the_other_goes_on(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    befriend(store, Path(str(store.place)).parent / "wire", "nats")
    put_partners(store, "germany", replace(PARTNERS, channels=()))
    rounds, _, states = go(store)
    for _ in range(3):
        rounds.go()
        time.sleep(0.02)
    told = [json.loads(line) for line in caplog.messages if "held up" in line]
    assert [each["account"] for each in told] == ["china"]
    assert "ENTREPOST_NATS_SERVERS is not set" in told[0]["why"]
    assert (states["accounts_held_up"], list_running(store, ["china", "germany"])) == (1, ["germany"])
    rounds.close()


def test_two_accounts_never_fetch_the_same_mail(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ENTREPOST_EXCHANGE_FOLDER", str(Path(str(store.place)).parent / "mail"))
    for account in ACCOUNTS:
        table = replace(PARTNERS, channels=tuple(replace(each, version="") for each in PARTNERS.channels))
        put_partners(store, account, table)
    rounds, _, states = go(store)
    rounds.go()
    assert "mail/DE101/in is where mail of another account comes in; give each its own, by {account}" in caplog.text
    assert states["accounts_held_up"] == 1
    rounds.close()


def test_what_nobody_expected_holds_up_one_account_and_the_log_tells_where(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    original = one_account.run_once

    def fail(books: object, means: object, *more: object) -> Ran:
        if getattr(means, "tenant", "") == "china":
            raise ZeroDivisionError
        return original(books, means, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(one_account, "run_once", fail)
    rounds, _, states = go(store, RoundParams(retry_seconds=60))
    rounds.go()
    rounds.go()
    assert states["accounts_held_up"] == 1
    assert caplog.messages.count('{"exchange": "went wrong"}') == 1, "and it is left alone for a minute"
    rounds.close()


def test_an_account_without_partners_any_more_is_given_back(store: Store) -> None:
    rounds, _, states = go(store)
    rounds.go()
    store.exchange.remove(KeptOperator, "china", ["CNA", "DEA"])
    rounds.go()
    assert (states["accounts"], list_running(store, list(ACCOUNTS))) == (1, ["germany"])
    rounds.close()


def test_a_round_that_is_stopped_gives_everything_back(store: Store) -> None:
    def stop() -> None:
        raise StoppedError

    rounds, _, _ = go(store)
    rounds.go()
    rounds.go_on = stop
    rounds.go_until_stopped(lambda _seconds: None)
    assert list_running(store, list(ACCOUNTS)) == []


def test_a_server_says_whether_messages_come_and_go(store: Store, tmp_path: Path) -> None:
    house = House(store, "sample", tmp_path / "uploads", replace(PARAMS, rounds=QUICK))
    metrics = Metrics()
    other = Exchanger(house, QUICK, metrics)
    with TestClient(make_app(house)) as client:
        wait_for(lambda: client.get("/health/exchange").json() == {"status": "ok", "accounts": 2, "running": 2})
        other.start()
        wait_for(lambda: [count_in(store, each) for each in ACCOUNTS] == [6, 6])
        wait_for(lambda: 'entrepost_exchange_messages_total{state="applied"} 12' in client.get("/metrics").text)
        assert "entrepost_exchange_rounds_total" not in metrics.text(), "one alone makes the rounds"
        other.stop()


def test_what_a_round_did_is_counted_by_what_it_was() -> None:
    came = Counter(applied=3, refused=1, interchanges=2, again=1)
    assert counts_of(Ran(came, 2, 0, Went(1, 2, 3))) == {
        'interchanges_total{direction="in"}': 2,
        'interchanges_total{direction="again"}': 1,
        'interchanges_total{direction="out"}': 1,
        'interchanges_total{direction="put_off"}': 2,
        'interchanges_total{direction="dead"}': 3,
        'receipts_total{direction="in"}': 2,
        'messages_total{state="applied"}': 3,
        'messages_total{state="refused"}': 1,
    }

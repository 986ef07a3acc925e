"""What a server does beside its requests: of several processes one sends and one forgets, and all stop when told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from entrepost.api.chores import Chores
from entrepost.api.house import House
from entrepost.base.errors import StoreError
from entrepost.network.feed import write_network
from entrepost.operations.chores import ChoreParams, Turns
from entrepost.operations.house_records import Chore
from entrepost.operations.store import Store
from entrepost.operations.webhooks_endpoints import add_endpoint
from tests.operations.hooks import URL, Runner, move, tell
from tests.operations.shop import two_items
from tests.operations.test_privacy import with_recipients
from tests.worlds import one_warehouse

PARAMS = ChoreParams(look_seconds=0.01)


def house(store: Store, folder: Path, runner: Runner) -> House:
    write_network(one_warehouse(), folder / "network")
    made = House(store, str(folder / "network"), folder)
    made.__dict__["sender"] = runner
    return made


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not what() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert what()


def forgotten(store: Store) -> bool:
    chore = store.records.find(Chore, "", "forgetting")
    return chore is not None and chore.done_at is not None


def test_messages_are_sent_and_people_forgotten_by_one_of_two(tmp_path: Path) -> None:
    store, runner = move(with_recipients(two_items(tmp_path)), days=400), Runner()
    add_endpoint(store, "main", URL)
    tell(store, "a", "b")
    pair = [Chores(house(store, tmp_path, runner), PARAMS) for _ in range(2)]
    for each in pair:
        each.start()
    wait_for(lambda: sorted(runner.numbers()) == [0, 1] and forgotten(store))
    for each in pair:
        each.stop()
        each.stop()
    persons = store.recipients.find(store.list_orders().select("tenant", "seller", "order_id"))
    assert persons.get_column("name").to_list() == [None, None]
    assert Turns(store, timedelta(seconds=1)).has("webhooks")


def test_a_store_that_is_away_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runner, opened = Runner(), list[int]()
    own = house(two_items(tmp_path), tmp_path, runner)

    def away(_house: House) -> Store:
        opened.append(1)
        raise StoreError("away")

    monkeypatch.setattr(House, "open_beside", away)
    chores = Chores(own, PARAMS)
    chores.start()
    wait_for(lambda: len(opened) >= 2)
    chores.stop()
    assert '"chores": "wait"' in caplog.text

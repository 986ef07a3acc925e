"""Two workers promise the orders of an account and are killed: an order is promised once, and none is left."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from entrepost.operations.access import SCOPES, Caller
from entrepost.operations.intake import intake_orders
from entrepost.operations.promising import ask_promises
from entrepost.operations.records import DONE, Batch
from entrepost.operations.store import Store
from entrepost.tables.items import ORDER
from entrepost.wiring import open_store
from tests.durability.conftest import ProgressLine
from tests.operations.shop import lamp, write_csv

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]

KILLS, ORDERS_A_KILL, PATIENCE_SECONDS = 20, 60, 120
WORKER = """
import sys, time
from datetime import timedelta
from entrepost.operations import promise_runs
from entrepost.operations.batches import claim_batch, extend_lease
from entrepost.operations.records import PROMISES
from entrepost.wiring import open_store
from tests.worlds import two_offices
promise_runs.CHUNK_ORDERS = 5
store, network, lease = open_store(sys.argv[1]), two_offices(), timedelta(seconds=0.5)
def tell():
    extend_lease(store, batch, lease)
    print("a chunk", flush=True)
while True:
    batch = claim_batch(store, lease, (PROMISES,))
    if batch is None:
        time.sleep(0.02)
    else:
        promise_runs.run_promises(store, batch, network, tell)
"""


def test_an_order_is_promised_once_whoever_is_killed(
    tmp_path: Path, store_place: str, campaign_scale: float, progress_line: ProgressLine
) -> None:
    kills, chance = round(KILLS * campaign_scale), random.Random(17)
    store, orders = open_store(store_place), ORDERS_A_KILL * kills
    intake_orders(store, write_csv(tmp_path, *(lamp(order_id=f"o{number}") for number in range(orders))))
    batch = ask_promises(store, Caller("main", "anna", frozenset(SCOPES))).batch
    workers = [_begin(store_place, tmp_path / f"worker {number}") for number in range(2)]
    try:
        for turn in range(kills):
            _wait_for_more(store, workers)
            time.sleep(chance.uniform(0, 0.1))
            workers[turn % 2].kill()
            workers[turn % 2].wait()
            workers[turn % 2] = _begin(store_place, tmp_path / f"worker {turn + 2}")
            progress_line("kills of who promises", turn + 1, total=kills)
        assert _promised(store) < orders, "they were done before they were killed"
        _wait(lambda: _state(store, batch).state == DONE, workers)
    finally:
        for each in workers:
            each.kill()
            each.wait()
    done, promises, items = _state(store, batch), store.list_promises("main"), store.list_items("main")
    store.close()
    assert promises.select(ORDER).n_unique() == promises.height == orders
    assert items.get_column("item_id").n_unique() == items.select(ORDER).n_unique() == items.height == orders
    assert (done.position, done.accepted + done.duplicates, done.rejected) == (orders, orders, 0)


def _begin(place: str, said: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-c", WORKER, place]
    with said.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, cwd=Path(__file__).parents[2])


def _promised(store: Store) -> int:
    return store.list_promises("main").height


def _state(store: Store, batch: str) -> Batch:
    found = store.records.find(Batch, "main", batch)
    assert found is not None
    return found


def _wait_for_more(store: Store, workers: Sequence[subprocess.Popen[bytes]]) -> None:
    before = _promised(store)
    _wait(lambda: _promised(store) > before, workers)


def _wait(holds: Callable[[], bool], workers: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert [each.poll() for each in workers] == [None, None], "a worker stopped before anybody killed him"
        assert time.monotonic() < deadline
        time.sleep(0.02)

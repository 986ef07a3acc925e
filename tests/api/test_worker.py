"""Who takes uploaded files in."""

from __future__ import annotations

import time
from pathlib import Path

from entrepost.api.house import House, HouseParams
from entrepost.api.worker import Worker
from entrepost.network.feed import write_network
from entrepost.operations.batches import begin_batch, get_batch
from tests.operations.office import HOLDER
from tests.operations.shop import lamp, store_in, write_csv
from tests.worlds import one_warehouse


def test_it_takes_in_what_waits_and_stops_when_told(tmp_path: Path) -> None:
    write_network(one_warehouse(), tmp_path / "network")
    store = store_in(tmp_path)
    name = begin_batch(store, HOLDER, "orders", write_csv(tmp_path, lamp()), "").batch
    worker = Worker(House(store, str(tmp_path / "network"), tmp_path, HouseParams(lease_seconds=0)))
    worker.start()
    for _ in range(400):
        if get_batch(store, "main", name).state == "done":
            break
        time.sleep(0.025)
    worker.stop()
    worker.stop()
    assert get_batch(store, "main", name).accepted == 1

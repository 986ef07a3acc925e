"""Two processes of a server on PostgreSQL: both answer, and a file is taken in by one of them, once."""

from __future__ import annotations

import os
import re
import urllib.request
from pathlib import Path

import pytest

from entrepost.client import Client
from entrepost.network.feed import write_network
from entrepost.operations.keys import make_key
from entrepost.operations.webhooks_endpoints import add_endpoint
from entrepost.wiring import open_store
from tests.durability.served import Served
from tests.exchange.receiver import LOCAL, Receiver, serve
from tests.operations.office import HOLDER
from tests.operations.shop import csv_text, lamp, write
from tests.servers import Postgres
from tests.worlds import two_offices

FILES, ROWS = 6, 400


@pytest.mark.server
def test_two_processes_answer_and_take_every_file_in_once(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOST_WEBHOOK_HTTP", "yes")
    monkeypatch.setenv("ENTREPOST_WEBHOOK_NETWORKS", LOCAL)
    place, receiver = postgres.create_owned("together"), serve(Receiver())
    write_network(two_offices(), tmp_path / "network")
    store = open_store(place)
    add_endpoint(store, "main", receiver.url, ["batch.finished"])
    _, key = make_key(store, HOLDER, "gate", ["*"])
    with Served(place, tmp_path, tmp_path / "network", workers=2) as server:
        client, pids = Client(server.url, key, tries=10), set[str]()
        for number in range(FILES):
            lines = csv_text(*(lamp(order_id=f"f{number}-{row}") for row in range(ROWS)))
            client.upload("orders", write(tmp_path / f"{number}.csv", lines.encode()))
        for _ in range(400):
            pids.add(pid_of(server.url))
            states = [each["state"] for each in client.pages("/v1/batches")]
            if len(pids) == 2 and states == ["done"] * FILES and len(receiver.names()) == FILES:
                break
        counts = [(each["accepted"], each["duplicates"]) for each in client.pages("/v1/batches")]
        assert os.getpid() not in map(int, pids)
    assert (len(pids), counts) == (2, [(ROWS, 0)] * FILES)
    assert store.list_orders("main").height == FILES * ROWS
    assert len(set(receiver.names())) == len(receiver.names()) == FILES
    receiver.close()
    store.close()


def pid_of(url: str) -> str:
    """The process that answers this time."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=20) as answer:
        found = re.search(r'pid="(\d+)"', answer.read().decode())
    assert found
    return found[1]

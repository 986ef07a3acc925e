"""Killed while events come in through the API, a server has lost nothing that it acknowledged and doubled nothing."""

from __future__ import annotations

import random
import time
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

from entrepost.client import Client
from entrepost.network.feed import write_network
from entrepost.operations.keys import make_key
from entrepost.wiring import open_store
from tests.durability.conftest import ProgressLine
from tests.durability.served import Served
from tests.durability.traffic import differences, issue_items, make_traffic
from tests.operations.office import HOLDER
from tests.worlds import two_offices

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]
EVENTS, EVENTS_AN_ITEM, POST_ROWS, KILLS = 1_000_000, 50, 1_000, 200
ALONE_EVERY = 20
"""So often the next server is a process that loads the program anew; loading is most of a start."""


def test_events_through_a_server_killed_again_and_again_are_there_once(
    tmp_path: Path, campaign_scale: float, progress_line: ProgressLine
) -> None:
    rows, kills = (EVENTS, KILLS) if campaign_scale == 1.0 else (EVENTS // 100, 2)
    traffic, place = make_traffic(rows // EVENTS_AN_ITEM, rows, seed=7), str(tmp_path / "shop.db")
    write_network(two_offices(), tmp_path / "network")
    store = open_store(place)
    issue_items(store, tmp_path, traffic.items)
    _, key = make_key(store, HOLDER, "gate", ["events:write"])
    store.close()
    posts = [part.to_dicts() for part in traffic.rows.with_columns(_iso()).iter_slices(POST_ROWS)]
    chance = random.Random(8)
    fatal, killed = set(chance.sample(range(1, len(posts)), kills)), 0
    with Served(place, tmp_path, tmp_path / "network", nursery=kills > 2) as server:
        client = Client(server.url, key, tries=60)
        for number, part in enumerate(posts):
            crash = None
            if number in fatal:
                killed += 1
                crash = Thread(target=_crash, args=(server, chance.random() * 0.15, killed % ALONE_EVERY == 0))
                crash.start()
            told = client.send_rows("events", part)
            assert told["read"] == len(part)
            if crash:
                crash.join()
            progress_line("posts to a server that is killed", number + 1, len(posts))
    store = open_store(place)
    assert differences(store, traffic, rows) == []
    store.close()


def _crash(server: Served, seconds: float, alone: bool) -> None:
    time.sleep(seconds)
    server.kill()
    server.start(alone)


def _iso() -> pl.Expr:
    return pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")

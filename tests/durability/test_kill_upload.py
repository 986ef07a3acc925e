"""A file of a million rows that is uploaded comes in whole and once, though the server is killed meanwhile."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from entrepost.client import Client
from entrepost.network.feed import write_network
from entrepost.operations.keys import make_key
from entrepost.wiring import open_store
from tests.durability.conftest import ProgressLine
from tests.durability.served import Served
from tests.operations.office import HOLDER
from tests.operations.shop import csv_text, lamp
from tests.worlds import two_offices

pytestmark = [pytest.mark.campaign, pytest.mark.filterwarnings("ignore:SQLite .* can lose commits")]
ROWS, KILLS, BAD_EVERY = 1_000_000, 5, 1_000


def write_orders(path: Path, rows: int) -> Path:
    """Orders of one line each, one of a thousand without a weight."""
    header, line = csv_text(lamp(order_id="{o}", weight_g="{w}")).splitlines()
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}\n")
        for number in range(rows):
            weight = "heavy" if number % BAD_EVERY == 7 else "400"
            file.write(line.replace("{o}", f"o{number}").replace("{w}", weight) + "\n")
    return path


def test_a_large_file_goes_on_after_each_kill_and_its_progress_is_told(
    store_place: str, tmp_path: Path, campaign_scale: float, progress_line: ProgressLine
) -> None:
    rows = round(ROWS * campaign_scale)
    kills, chance = (KILLS if campaign_scale == 1.0 else 1), random.Random(4)
    write_network(two_offices(), tmp_path / "network")
    store = open_store(store_place)
    _, key = make_key(store, HOLDER, "gate", ["*"])
    store.close()
    path = write_orders(tmp_path / "orders.csv", rows)
    fatal = sorted(chance.sample(range(rows // 10, rows * 3 // 4), kills))
    seen, began, before = [0], time.perf_counter(), 0.0
    with Served(store_place, tmp_path, tmp_path / "network") as server:
        client = Client(server.url, key, tries=60)
        batch = client.upload("orders", path)["batch"]
        uploaded = time.perf_counter() - began
        while (told := client.get(f"/v1/batches/{batch}"))["state"] in ("waiting", "running"):
            seen.append(told["position"])
            progress_line("rows of an upload", told["position"], rows)
            if fatal and told["position"] >= fatal[0]:
                fatal.pop(0)
                moment = time.perf_counter()
                server.kill()
                server.start()
                before += time.perf_counter() - moment
            time.sleep(0.1)
        took = time.perf_counter() - began
        rejected = sum(1 for _ in client.pages(f"/v1/batches/{batch}/rejected"))
    bad = len(range(7, rows, BAD_EVERY))
    assert (told["state"], told["position"], told["accepted"], told["rejected"]) == ("done", rows, rows - bad, bad)
    assert (told["duplicates"], rejected, fatal) == (0, bad, [])
    assert seen == sorted(seen)
    assert len({*seen, rows}) > 2, "progress is told between the beginning and the end"
    store = open_store(store_place)
    assert store.list_orders("main").height == rows - bad
    store.close()
    print(
        f"{rows:,} rows: uploaded in {uploaded:.1f} s, done after {took:.1f} s, {before:.1f} s of them starting again"
    )

"""`/v1/batches`: a file goes on where it was when the server stopped."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.api.world import World, world_at
from tests.operations.shop import csv_text, lamp

CSV = {"content-type": "text/csv"}


def wait_for(world: World, batch: str, *states: str) -> Any:
    for _ in range(400):
        found = world.ask("GET", f"/v1/batches/{batch}").json()
        if found["state"] in states:
            return found
        time.sleep(0.025)
    raise AssertionError(found)


def upload(world: World, content: str, **headers: str) -> Any:
    return world.ask("POST", "/v1/batches", params={"kind": "orders"}, content=content, headers=CSV | headers)


def test_a_file_is_taken_in_and_its_rejected_rows_are_told(world: World) -> None:
    lines = csv_text(*(lamp(order_id=f"b{number}") for number in range(30)), lamp(order_id="bad", weight_g="x"))
    begun = upload(world, lines)
    assert begun.status_code == 202
    done = wait_for(world, begun.json()["batch"], "done")
    assert (done["position"], done["accepted"], done["rejected"]) == (31, 30, 1)
    rejected = world.ask("GET", f"/v1/batches/{done['batch']}/rejected").json()["data"]
    assert [(each["row"], each["field"]) for each in rejected] == [(32, "weight_g")]
    assert list((world.folder / "uploads").glob("*.csv")) == []


def test_a_file_that_cannot_be_read_fails_and_names_no_place_of_ours(world: World) -> None:
    done = wait_for(world, upload(world, "a,b\n1,2\n").json()["batch"], "failed")
    assert "lacks the required columns" in done["message"]
    assert str(world.folder) not in done["message"]


def test_the_same_file_with_the_same_key_is_one_batch(world: World) -> None:
    key = {"Idempotency-Key": "file-1"}
    answers = [upload(world, csv_text(lamp(order_id="k1")), **key) for _ in range(2)]
    assert answers[0].json()["batch"] == answers[1].json()["batch"]
    assert upload(world, csv_text(lamp(order_id="k2")), **key).status_code == 422


def test_what_is_in_a_file_must_be_allowed_too(world: World) -> None:
    narrow = "without orders:write"
    answer = world.ask("POST", "/v1/batches", narrow, params={"kind": "orders"}, content="x", headers=CSV)
    assert answer.status_code == 403
    wrong = world.ask("POST", "/v1/batches", params={"kind": "plans"}, content="x", headers=CSV)
    assert wrong.status_code == 422
    assert wrong.json()["error"]["message"].startswith("'plans' is no kind")


def test_a_file_that_waits_when_the_server_stops_is_taken_in_by_the_next_one(tmp_path: Path) -> None:
    place = str(tmp_path / "shop.db")
    with world_at(place, tmp_path) as world:
        worker = world.client.app.state.worker  # type: ignore[attr-defined]
        worker.stop()
        batch = upload(world, csv_text(lamp(order_id="w1"))).json()["batch"]
        assert world.ask("GET", f"/v1/batches/{batch}").json()["state"] == "waiting"
        key = world.keys["main"]
    with world_at(place, tmp_path, fill=False) as again:
        again.keys["main"] = key
        assert wait_for(again, batch, "done")["accepted"] == 1

"""Whatever is uploaded, the server goes on: bombs, endless lines and thousands of columns are one clear error."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import polars as pl
import pytest

from tests.api.test_batches import wait_for
from tests.api.world import World
from tests.operations.shop import csv_text, lamp

BOMB = gzip.compress(csv_text(lamp()).encode() + bytes(70 << 20), 9)
LINE = b"seller,order_id\n" + b"x" * (2 << 20)
WIDE = (",".join(f"c{number}" for number in range(2_000)) + "\n").encode()
KEYS = b"\n".join([json.dumps(lamp()).encode(), *(b'{"k%d": 1}' % number for number in range(2_000))])
CASES = {
    "gzip": ("text/csv", BOMB, "when it is unpacked"),
    "line": ("text/csv", LINE, "longer than"),
    "wide": ("text/csv", WIDE, "2,000 columns"),
    "keys": ("application/x-ndjson", KEYS, "different keys"),
    "cut": ("text/csv", BOMB[:1_000], "cannot be unpacked"),
    "deep": ("application/x-ndjson", b'{"a":' * 100_000, "lacks the required columns"),
    "text": ("application/vnd.apache.parquet", b"PAR1 no PAR1", "cannot be read as Parquet"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_fails_alone(world: World, name: str) -> None:
    kind, content, words = CASES[name]
    answer = upload(world, kind, content)
    assert answer.status_code == 202
    done = wait_for(world, answer.json()["batch"], "failed", "done")
    assert (done["state"], words in done["message"], done["accepted"]) == ("failed", True, 0), done["message"]
    assert list((world.folder / "uploads").glob(f"*{answer.json()['batch']}*")) == []
    assert world.ask("GET", "/health/ready").status_code == 200


def test_a_parquet_file_with_hostile_cells_is_taken_for_what_it_is(world: World) -> None:
    content = io.BytesIO()
    odd = "=cmd|'/c calc'!A1"
    pl.DataFrame([lamp(order_id=f"p{number}", sku=odd) for number in range(3)]).write_parquet(content)
    begun = upload(world, "application/vnd.apache.parquet", content.getvalue())
    assert wait_for(world, begun.json()["batch"], "done", "failed")["accepted"] == 3


def test_rows_that_are_taken_at_once_are_bounded_too(world: World) -> None:
    answer = world.ask("POST", "/v1/orders", content=BOMB, headers={"content-type": "text/csv"})
    assert (answer.status_code, "when it is unpacked" in answer.json()["error"]["message"]) == (422, True)
    parquet = {"content-type": "application/vnd.apache.parquet"}
    assert world.ask("POST", "/v1/orders", content=b"PAR1", headers=parquet).status_code == 415


def upload(world: World, kind: str, content: bytes) -> Any:
    return world.ask("POST", "/v1/batches", params={"kind": "orders"}, content=content, headers={"content-type": kind})


@pytest.mark.parametrize(
    "path", ["/v1/orders", "/v1/landed-costs", "/v1/labels", "/v1/declarations", "/v1/plans/orders"]
)
def test_rows_that_unpack_to_too_much_are_refused_wherever_they_are_sent(world: World, path: str) -> None:
    answer = world.ask("POST", path, content=BOMB, headers={"content-type": "text/csv"})
    assert (answer.status_code, "when it is unpacked" in answer.text) == (422, True), answer.text

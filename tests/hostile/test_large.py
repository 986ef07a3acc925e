"""A hundred megabytes, sent to whatever takes a body: refused at once, or one clear failure beside everything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from entrepost.api.handbook import operations_of
from entrepost.operations.batches import get_batch
from tests.hostile.target import Target

pytestmark = pytest.mark.campaign
MEGABYTES = 100
SECONDS_MAX = 2.0
"""Of the processor, for a refusal."""

BODIES: dict[str, Callable[[int], bytes]] = {
    "text": lambda size: b'{"name": "' + b"x" * size + b'"}',
    "deep": lambda size: b'{"orders": ' + b"[" * size,
    "numbers": lambda size: b'{"orders": [' + b"1," * (size // 2) + b"1]}",
}
FILES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "one line": ("application/x-ndjson", lambda size: b'{"seller": "' + b"x" * size + b'"}'),
    "deep": ("application/x-ndjson", lambda size: b'{"a":' * (size // 5)),
    "one cell": ("text/csv", lambda size: b'seller,order_id\n"' + b"x" * size),
    "empty lines": ("text/csv", lambda size: b"seller,order_id\n" + b"\n" * size),
}


def test_no_operation_takes_a_hundred_megabytes_of_json(target: Target, campaign_scale: float) -> None:
    size, wrong = round(MEGABYTES * campaign_scale) << 20, []
    operations = operations_of(target.client.get("/v1/openapi.json").json())
    files = ("/v1/batches", "/v1/exchange/transmissions")
    taking = [(method, path) for method, path, told in operations if "requestBody" in told and path not in files]
    for name, make in BODIES.items():
        body = make(size)
        for method, path in taking:
            began, before = time.process_time(), target.written()
            answer = ask(target, method, path.format(**target.names_in(path)), body, "application/json")
            seconds = time.process_time() - began
            found = (answer.status_code, answer.json()["error"]["code"], len(answer.text) < 1_000)
            if found != (413, "too_large", True) or seconds > SECONDS_MAX or target.written() != before:
                wrong.append(f"{method} {path}, {name}: {found}, {seconds:.1f} s")
    assert len(taking) > 20
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_a_hundred_megabytes_that_is_none_fails_alone(
    target: Target, campaign_scale: float, name: str
) -> None:
    kind, make = FILES[name]
    sent = ask(target, "POST", "/v1/batches?kind=orders", make(round(MEGABYTES * campaign_scale) << 20), kind)
    assert sent.status_code == 202
    target.take_in()
    batch = get_batch(target.house.store, "main", sent.json()["batch"])
    assert (batch.accepted, batch.state, len(batch.message) <= 500) == (0, "failed", True)
    assert target.strange_files() == []


def ask(target: Target, method: str, path: str, body: bytes, kind: str) -> Any:
    headers = {"authorization": f"Bearer {target.key}", "content-type": kind}
    return target.client.request(method, path, content=body, headers=headers)

"""Events in bulk through HTTP: CSV, post by post, to a server of its own; what was answered is durable."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks import event_stream
from benchmarks.api_server import serve
from benchmarks.api_store import CALLER
from benchmarks.comparison import require_equal
from benchmarks.events import add_items
from entrepost.operations.keys import make_key
from entrepost.wiring import open_store

SEED = 5
POST_ROWS = 50_000
UNDER_WAY = 120_000
"""So many items are under way at any time, or a tenth of the events where those are few."""


def time_events(folder: Path, events: int) -> float:
    """How many events a second are recorded; bodies are written before, one is sent after the other is answered."""
    path = folder / "events.db"
    stream = event_stream.build(events, min(UNDER_WAY, events // 10), SEED)
    store = open_store(path)
    try:
        add_items(store, np.arange(stream.items))
        key = make_key(store, CALLER, "scanners", ["events:write"])[1]
    finally:
        store.close()
    bodies = [stream.frame(first, first + POST_ROWS).write_csv().encode() for first in range(0, events, POST_ROWS)]
    with serve(path, "--cold") as port:
        begin = perf_counter()
        accepted = sum(_post(port, key, body) for body in bodies)
        seconds = perf_counter() - begin
    require_equal(accepted == events, f"{accepted} of {events} events were recorded")
    return events / seconds


def _post(port: int, key: str, body: bytes) -> int:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/events", body, headers, method="POST")
    with urllib.request.urlopen(asked, timeout=300) as answer:
        return int(json.load(answer)["accepted"])

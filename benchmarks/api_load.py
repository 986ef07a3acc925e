"""Load on a server: half quotes, half tracking, at instants that do not wait for the answers before.

``python -m benchmarks.api_load [--rate 300] [--seconds 60] [--runs 5] [--items 1000000] [--store FILE]``: a server of
its own, one process, on a SQLite file that is filled once; the client is another process with 64 connections.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import entrepost
from benchmarks.api_check import check
from benchmarks.api_client import Load, load, request
from benchmarks.api_store import Filled, fill
from benchmarks.event_stream import name_items
from entrepost.network.network import Network
from entrepost.tables.sample_orders import sample_orders

SEED = 11
MUST_P99_MS = 25.0
ASKED = 2_000
"""So many orders are asked about, one after another and again."""

READY_SECONDS = 900
WARM_UP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked for, how often, and of how large a store."""

    rate: float = 300.0
    seconds: float = 60.0
    runs: int = 5
    items: int = 1_000_000
    warm_up: float = WARM_UP_SECONDS


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    p50_ms: float
    p99_ms: float
    max_ms: float
    requests_per_second: float
    errors: int


def main() -> int:
    """Fill, serve, check, load, and tell."""
    plan, options = _read_options()
    network = entrepost.sample_network()
    with tempfile.TemporaryDirectory() as folder:
        filled = _filled(Path(options.store or Path(folder) / "load.db"), network, plan)
        with serve(filled.path) as port:
            say(check(port, filled, network, _orders(network)))
            asyncio.run(_run(port, filled, network, plan, plan.warm_up))
            runs = [
                _measure(asyncio.run(_run(port, filled, network, plan, plan.seconds, run))) for run in range(plan.runs)
            ]
    for run in runs:
        say(json.dumps({name: round(value, 2) for name, value in asdict(run).items()}))
    middle = {name: float(np.median([getattr(run, name) for run in runs])) for name in asdict(runs[0])}
    print(json.dumps({"median of runs": middle, **asdict(plan)}))
    kept = middle["p99_ms"] <= MUST_P99_MS and not any(run.errors for run in runs)
    say(f"p99 {middle['p99_ms']:.1f} ms, must be at most {MUST_P99_MS:.0f}: {'kept' if kept else 'not kept'}")
    return 0 if kept or options.tiny else 1


def say(text: str) -> None:
    """A word beside the answer."""
    print(text, file=sys.stderr, flush=True)


def _read_options() -> tuple[Plan, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_load")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--store", help="keep the filled store in this file, and take it from there the next time")
    parser.add_argument("--tiny", action="store_true", help="only so much that the equality means something")
    options = parser.parse_args()
    if options.tiny:
        return Plan(50.0, 1.0, 1, 300, 0.5), options
    return Plan(**{name: getattr(options, name) for name in asdict(Plan())}), options


def _filled(path: Path, network: Network, plan: Plan) -> Filled:
    note = path.with_suffix(".json")
    if note.exists():
        told = json.loads(note.read_text())
        if told["items"] == plan.items:
            return Filled(path, datetime.fromisoformat(told["now"]), plan.items, tuple(told["keys"]))
    begin = time.perf_counter()
    filled = fill(path, network, plan.items, SEED)
    note.write_text(json.dumps({"now": filled.now.isoformat(), "items": filled.items, "keys": filled.keys}))
    say(f"{plan.items} items in the store after {time.perf_counter() - begin:.0f} s")
    return filled


@contextmanager
def serve(store: Path) -> Iterator[int]:
    """A server on a store, once it is ready."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    command = [sys.executable, "-c", "from entrepost.cli import main; main()", "serve", "--store", str(store)]
    own = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    with subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.DEVNULL, env=own) as process:
        try:
            _wait(process, port)
            yield port
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    begin = time.perf_counter()
    while not _is_ready(port):
        if process.poll() is not None or time.perf_counter() - begin > READY_SECONDS:
            raise RuntimeError("the server does not get ready")
        time.sleep(0.5)
    say(f"ready after {time.perf_counter() - begin:.0f} s")


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _orders(network: Network) -> list[dict[str, Any]]:
    """Rows of orders as shops send them, without the instant: each is placed when it is asked about."""
    names = ("seller", "order_id", "sku", "quantity", "unit_value", "currency", "weight_g", "origin", "country")
    more = ("length_mm", "width_mm", "height_mm", "postcode", "city", "battery", "hs_code")
    rows = sample_orders(network, ASKED, SEED).filter(line=1).select(*names, *more).to_dicts()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


async def _run(port: int, filled: Filled, network: Network, plan: Plan, seconds: float, run: int = -1) -> Load:
    """Ask for so long: the instants are random (Poisson), and so are the orders and the items."""
    dice = np.random.default_rng((SEED, run + 1))
    due = np.cumsum(dice.exponential(1 / plan.rate, int(plan.rate * seconds)))
    picked = dice.integers(0, filled.items, due.size)
    tracked = name_items(picked).to_list()
    bodies = [json.dumps({"orders": [row | {"placed_at": "@"}]}) for row in _orders(network)]

    def make(number: int) -> bytes:
        key = filled.keys[number % len(filled.keys)]
        if number % 2:
            return request("GET", f"/v1/tracking/{tracked[number]}", key)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return request("POST", "/v1/quotes", key, bodies[picked[number] % len(bodies)].replace("@", now).encode())

    return await load(port, due.tolist(), make)


def _measure(found: Load) -> Measured:
    p50, p99 = np.percentile(found.milliseconds, (50, 99))
    speed = found.milliseconds.size / found.seconds
    return Measured(float(p50), float(p99), float(found.milliseconds.max()), speed, found.errors)


if __name__ == "__main__":
    sys.exit(main())

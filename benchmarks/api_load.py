"""Load on a server: half quotes, half tracking, at instants that do not wait for the answers before.

``python -m benchmarks.api_load [--rate 300] [--seconds 60] [--runs 5] [--items 1000000] [--store FILE]``: a server of
its own, one process, on a SQLite file that is filled once; the client is another process with 64 connections. Then
events in bulk, to another server on another file. ``--csv FILE`` writes the figures down.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

import entrepost
from benchmarks.api_check import check
from benchmarks.api_client import Load, load, request
from benchmarks.api_events import time_events
from benchmarks.api_rates import add_rates_of_today
from benchmarks.api_server import serve
from benchmarks.api_store import Filled, fill, of_one_country
from benchmarks.event_stream import name_items
from benchmarks.report import COLUMNS, describe_machine, find_commit
from entrepost.network.feed import write_network
from entrepost.network.network import Network
from entrepost.tables.sample_orders import sample_orders

SEED = 11
MUST_P99_MS = 25.0
MUST_EVENTS = 50_000
ASKED = 2_000
"""So many orders are asked about, one after another and again."""

WARM_UP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked for, how often, of how large a store, how many answers are compared, and how many events."""

    rate: float = 300.0
    seconds: float = 60.0
    runs: int = 5
    items: int = 1_000_000
    warm_up: float = WARM_UP_SECONDS
    compared: int = 40
    events: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    requests_per_second: float
    errors: int


def main() -> int:
    """Fill, serve, check, load, and tell."""
    plan, options = _read_options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        add_rates_of_today(folder)
        network = _few_places(folder) if options.tiny else entrepost.sample_network()
        filled = _filled(Path(options.store or folder / "load.db"), network, plan)
        begin = time.perf_counter()
        with serve(filled.path, "--network", str(folder / "network") if options.tiny else "sample") as port:
            say(f"ready after {time.perf_counter() - begin:.0f} s")
            say(check(port, filled, network, _orders(network), plan.compared))
            runs = measure(port, filled, network, plan)
        events = time_events(folder, plan.events)
    middle = {name: float(np.median([getattr(run, name) for run in runs])) for name in asdict(runs[0])}
    print(json.dumps({"median of runs": middle, "events a second": round(events), **asdict(plan)}))
    if options.csv:
        write_csv(Path(options.csv), plan, runs, events)
    kept = middle["p99_ms"] <= MUST_P99_MS and not any(run.errors for run in runs) and events >= MUST_EVENTS
    say(f"p99 {middle['p99_ms']:.1f} ms, must be at most {MUST_P99_MS:.0f}; {events:,.0f} events a second, must be ")
    say(f"at least {MUST_EVENTS:,}: {'kept' if kept else 'not kept'}")
    return 0 if kept or options.tiny else 1


def measure(port: int, filled: Filled, network: Network, plan: Plan) -> list[Measured]:
    """Warm up, then the runs."""
    asyncio.run(ask_all(port, filled, network, plan, plan.warm_up))
    runs = []
    for run in range(plan.runs):
        runs.append(_measure(asyncio.run(ask_all(port, filled, network, plan, plan.seconds, run))))
        say(json.dumps({name: round(value, 2) for name, value in asdict(runs[-1]).items()}))
    return runs


def say(text: str) -> None:
    """A word beside the answer."""
    print(text, file=sys.stderr, flush=True)


def _read_options() -> tuple[Plan, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_load")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    parser.add_argument("--store", help="keep the filled store in this file, and take it from there the next time")
    parser.add_argument("--csv", help="write the figures into this file")
    parser.add_argument("--tiny", action="store_true", help="only so much that the equality means something")
    options = parser.parse_args()
    if options.tiny:
        return Plan(50.0, 1.0, 1, 300, 0.5, 2, 2_000), options
    return Plan(**{name: getattr(options, name) for name in asdict(Plan())}), options


def _few_places(folder: Path) -> Network:
    """A network that is made ready in a moment, in a folder for the server."""
    write_network(of_one_country(entrepost.sample_network()), folder / "network")
    return entrepost.load_network(folder / "network")


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


def _orders(network: Network) -> list[dict[str, Any]]:
    """Rows of orders as shops send them, without the instant: each is placed when it is asked about."""
    names = ("seller", "order_id", "sku", "quantity", "unit_value", "currency", "weight_g", "origin", "country")
    more = ("length_mm", "width_mm", "height_mm", "postcode", "city", "battery", "hs_code")
    rows = sample_orders(network, ASKED, SEED).filter(line=1).select(*names, *more).to_dicts()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


async def ask_all(port: int, filled: Filled, network: Network, plan: Plan, seconds: float, run: int = -1) -> Load:
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
    p50, p95, p99 = (float(each) for each in np.percentile(found.milliseconds, (50, 95, 99)))
    speed = found.milliseconds.size / found.seconds
    return Measured(p50, p95, p99, float(found.milliseconds.max()), speed, found.errors)


def write_csv(path: Path, plan: Plan, runs: Sequence[Measured], events: float) -> None:
    """Write the runs, their medians and the speed of events as rows of measures, as other benchmarks do."""
    known = [find_commit(), datetime.now(UTC).date().isoformat(), SEED, describe_machine()]
    work = f"{plan.rate:g} requests/s for {plan.seconds:g} s, half quotes, half tracking, {plan.items} items, sqlite"
    bulk = f"{plan.events} events by POST /v1/events, CSV, sqlite"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([work, *row, *known] for row in _rows(runs))
        is_kept = "yes" if events >= MUST_EVENTS else "no"
        writer.writerow([bulk, "events a second", f"{events:.6g}", "events/s", MUST_EVENTS, "", is_kept, *known])


def _rows(runs: Sequence[Measured]) -> Iterator[list[object]]:
    for number, run in enumerate(runs, 1):
        for name, value in asdict(run).items():
            yield [f"{name}, run {number}", f"{value:.6g}", "", "", "", ""]
    for name in asdict(runs[0]):
        middle = float(np.median([getattr(run, name) for run in runs]))
        must = f"{MUST_P99_MS:g}" if name == "p99_ms" else ""
        yield [f"{name}, median of runs", f"{middle:.6g}", "", must, "", must and ("no", "yes")[middle <= MUST_P99_MS]]


if __name__ == "__main__":
    sys.exit(main())

"""Events: recorded durably with the status of their items, commit by commit, beside the bare driver.

``python -m benchmarks.events [--json] [--store URL]``: a store of its own in SQLite, or the empty one at the URL.
``benchmarks.events_postgres`` starts a server for it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from benchmarks import event_stream
from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal
from benchmarks.event_stream import Stream, name_items
from benchmarks.raw_driver import Row, open_driver
from benchmarks.report import main, memory_mb
from entrepost.operations.events import CHUNK_ROWS, record_event_file
from entrepost.operations.store import Store
from entrepost.tables.frames import INSTANT
from entrepost.tables.status import fold
from entrepost.wiring import open_store

SEED = 5
ISSUED = datetime(2026, 1, 4, tzinfo=UTC)
SET_UP_ROWS = 50_000
MOST_COMMIT_MS = 250
SAMPLE = 20_000
"""Items whose status is compared after a store was filled."""

RATES = {"sqlite": 100_000, "postgresql": 150_000}
"""What the contract asks for, events a second."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many events in all, of them counted at the end; how many items are under way."""

    events: int
    counted: int
    under_way: int


FULL = Size(10_000_000, 1_000_000, 120_000)
TINY = Size(40_000, 20_000, 300)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The seconds of each commit, and the memory in use after the first file and after the last."""

    seconds: list[float]
    memory_mb: tuple[float, float]


def compare(url: str, tiny: bool, say: Say) -> Comparison:
    """Record all events, count the last million; the bare driver inserts the same rows."""
    size = TINY if tiny else FULL
    with tempfile.TemporaryDirectory() as folder:
        say("equal: " + check(Path(folder)))
        place = url or f"sqlite:///{Path(folder) / 'events.db'}"
        stream = event_stream.build(size.events, size.under_way, SEED)
        say(f"{size.events} events in the order of time, {size.under_way} items under way, {stream.items} items there")
        store = open_store(place)
        try:
            add_items(store, np.arange(stream.items))
            found = record(store, stream, size, Path(folder), say)
            say("equal: " + check_status(store, stream, SAMPLE))
        finally:
            store.close()
        bare = insert_bare(place, stream, size)
    say(f"timed, ours: operations.events.record_event_file, Parquet in, {CHUNK_ROWS} rows a commit, one to the next:")
    say("  read, checked, items found, repeats left out, events and status of their items kept, the bookmark moved;")
    say("  three threads: one reads the file, one makes the next commit ready, one speaks to the database")
    say("timed, peer: the bare driver, events and statuses in the form that it takes, in commits of the same size and")
    say("  by the same statements; nothing read, looked up or folded: what database, disk and driver allow")
    return _compared(place, size, found, bare)


def _compared(place: str, size: Size, found: Recorded, bare: list[float]) -> Comparison:
    commits = size.counted // CHUNK_ROWS
    counted = found.seconds[-commits:]
    kind = place.partition("://")[0]
    ours = Side(f"Entrepost, {kind}", "record_event_file", size.counted, (sum(counted),))
    peer = Side(f"bare driver, {kind}", "insert", size.counted, (sum(bare),))
    longest = float(np.percentile(counted, 99, method="higher"))
    figures = {
        "first million, events/s": size.counted / sum(found.seconds[:commits]),
        "median commit, ms": 1000 * float(np.median(counted)),
        "p99 of a commit of the bare driver, ms": 1000 * float(np.percentile(bare, 99, method="higher")),
        "memory after the first file, MB": found.memory_mb[0],
        "memory after the last, MB": found.memory_mb[1],
    }
    goals = (
        Goal("events a second", ours.speed, next((rate for name, rate in RATES.items() if name in kind), 0)),
        Goal("p99 of a commit, ms", 1000 * longest, MOST_COMMIT_MS, at_most=True),
    )
    work = f"events recorded, the last {size.counted} of {size.events}, {kind}"
    return Comparison(work, "events", SEED, ours, peer, goals, figures)


def record(store: Store, stream: Stream, size: Size, folder: Path, say: Say) -> Recorded:
    """Record the whole stream, file by file, each written before it is timed; the last file is what counts."""
    seconds, memory = [], []
    for first in range(0, size.events, size.counted):
        path = folder / f"{first}.parquet"
        stream.frame(first, first + size.counted).write_parquet(path)
        moments = [perf_counter()]
        outcome = record_event_file(store, path, progress=lambda _, told=moments: told.append(perf_counter()))
        require_equal(outcome.accepted == size.counted, f"{outcome.accepted} of {size.counted} events were new")
        path.unlink()
        seconds += np.diff(moments).tolist()
        memory.append(memory_mb())
        say(f"  {first + size.counted} events recorded, {size.counted / (moments[-1] - moments[0]):,.0f} events/s")
    return Recorded(seconds, (memory[0], memory[-1]))


def insert_bare(place: str, stream: Stream, size: Size) -> list[float]:
    """Insert the same rows by the bare driver; the seconds of the commits that are counted."""
    driver = open_driver(place)
    seconds = []
    for first in range(0, size.events, CHUNK_ROWS):
        rows = list(to_rows(stream, first, first + CHUNK_ROWS))
        ready = driver.make_ready(rows, to_standing(rows))
        begin = perf_counter()
        driver.insert(ready)
        seconds.append(perf_counter() - begin)
    require_equal(driver.count() == size.events, "the rows of the bare driver")
    driver.close()
    return seconds[-(size.counted // CHUNK_ROWS) :]


def add_items(store: Store, numbers: np.ndarray) -> None:
    """Keep orders of one item each, issued the day before the first event."""
    for first in range(0, numbers.size, SET_UP_ROWS):
        part = numbers[first : first + SET_UP_ROWS]
        names = {"tenant": pl.lit("main"), "seller": pl.lit("shop"), "country": pl.lit("DE")}
        base = pl.DataFrame({"order_id": pl.Series(part).cast(pl.String), "item_id": name_items(part)}).with_columns(
            **names, origin=pl.lit("CNCANA"), weight_g=pl.lit(400, pl.Int64), currency=pl.lit("CNY")
        )
        store.add_lines(_lines(base), "benchmark")
        one, issued = pl.lit(1, pl.Int64), pl.lit(ISSUED).cast(INSTANT)
        items = base.with_columns(item=one, pieces=one, value_minor=one, service=pl.lit("PACKET"), issued_at=issued)
        store.add_items(items)


def _lines(base: pl.DataFrame) -> pl.DataFrame:
    none, one = pl.lit(None, pl.String), pl.lit(1, pl.Int64)
    placed = pl.lit(ISSUED - timedelta(days=1)).cast(INSTANT)
    texts = dict.fromkeys(("postcode", "city", "sku", "hs_code", "description"), none)
    numbers = dict.fromkeys(("line", "quantity", "unit_value_minor", "length_mm", "width_mm", "height_mm"), one)
    wanted = pl.lit(None, INSTANT)
    return base.drop("item_id").with_columns(
        **texts, **numbers, placed_at=placed, wanted_by=wanted, battery=pl.lit("none")
    )


def to_rows(stream: Stream, first: int, last: int) -> Iterator[Row]:
    """The events as rows of the bare table."""
    part = slice(first, last)
    columns = (stream.item[part].tolist(), stream.code[part].tolist(), stream.time_us[part].tolist())
    for item, code, time in zip(*columns, strict=True):
        reason = "ABSENT" if code == event_stream.FAILED else None
        yield item, time // 60_000_000, event_stream.CODES[code], event_stream.PLACES[code], time, 0, reason, time


def to_standing(rows: list[Row]) -> list[Row]:
    """A status for each item of some rows of events, as wide as ours; in the order of the items."""
    last = {item: (item, "", time, time, None, 1, 0, None, len(code)) for item, _, code, _, time, *_ in rows}
    return [last[item] for item in sorted(last)]


def check(folder: Path) -> str:
    """Require that what is stored is what was sent, and each status the fold of all events; in a store of its own."""
    stream = event_stream.build(TINY.events, TINY.under_way, SEED)
    place = f"sqlite:///{folder / 'check.db'}"
    store, driver = open_store(place), open_driver(place)
    add_items(store, np.arange(stream.items))
    record(store, stream, TINY, folder, lambda _: None)
    rows = list(to_rows(stream, 0, TINY.events))
    driver.insert(driver.make_ready(rows, to_standing(rows)))
    sent = stream.frame()
    columns = ("item_id", "code", "time", "facility", "reason")
    stored = store.list_events().select(columns).sort("time", "item_id")
    require_equal(stored.equals(sent.select(columns).sort("time", "item_id")), "the events that are stored")
    require_equal(driver.count() == stored.height, "the rows of the bare driver")
    told = check_status(store, stream, stream.items)
    store.close()
    driver.close()
    return f"{stored.height} events are stored as sent, by both; {told}"


def check_status(store: Store, stream: Stream, items: int) -> str:
    """Require that the stored status of the first items is the fold of all their events."""
    of_them = stream.item < items
    sent = Stream(stream.item[of_them], stream.code[of_them], stream.time_us[of_them], items).frame()
    columns = ("item_id", "status", "since", "wait_ended_at", "events", "anomalies")
    expected = fold(sent).select(columns).sort("item_id")
    kept = store.list_items().select(columns).join(expected, on="item_id", how="semi").sort("item_id")
    require_equal(kept.equals(expected), "the status of the items")
    return f"the stored status of {kept.height} items is the fold of all their events"


def _store_asked_for() -> tuple[str, list[str]]:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--store", default="", help="an empty store, such as postgresql://USER@HOST/DATABASE")
    known, others = parser.parse_known_args()
    return known.store, others


if __name__ == "__main__":
    _url, _others = _store_asked_for()
    sys.exit(main(partial(compare, _url), _others))

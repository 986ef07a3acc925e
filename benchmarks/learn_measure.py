"""Learns from a file in a process of its own, so that nothing else counts as its memory; run by `benchmarks.learn`."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import polars as pl

from benchmarks.report import peak_memory_mb
from entrepost.journey.learn import learn_more
from entrepost.network.network import Network
from entrepost.network.sample_network import sample_network
from entrepost.operations.histories import Reading, remember
from entrepost.operations.histories_kept import KEPT, read_kept, write_kept
from entrepost.operations.histories_mark import Mark

WARM_UP = 20_000
NEW_SHARE = 0.01
"""This share of the events, the last that became known, are new to the later run."""


def measure(path: Path) -> dict[str, float]:
    """The seconds and the memory of learning from all events, then of a later run that has read most of them."""
    network = sample_network()
    learn_more(network, pl.read_parquet(path, n_rows=WARM_UP), _until(path))
    begin, begin_cpu = perf_counter(), process_time()
    learned = learn_more(network, pl.read_parquet(path), _until(path))
    found = {
        "seconds": perf_counter() - begin,
        "processor, s": process_time() - begin_cpu,
        "peak": peak_memory_mb(),
        "items": learned.items,
        "steps": learned.steps,
    }
    with tempfile.TemporaryDirectory() as folder:
        return found | _measure_again(network, path, Path(folder) / KEPT)


def last_instant(events: pl.DataFrame) -> datetime:
    """When the last of some events became known."""
    found = events.get_column("recorded_at").max()
    assert isinstance(found, datetime)
    return found


def _until(path: Path) -> datetime:
    return last_instant(pl.read_parquet(path, columns=["recorded_at"])) - timedelta(days=5)


def _measure_again(network: Network, path: Path, kept_at: Path) -> dict[str, float]:
    until = _until(path)
    rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
    read = round(rows * (1 - NEW_SHARE))
    first = Reading(pl.read_parquet(path, n_rows=read), Mark("parquet", read), on_top=False)
    write_kept(remember(first, None, last_instant(first.events) - timedelta(days=5))[0], kept_at)
    begin, begin_cpu = perf_counter(), process_time()
    kept, _ = read_kept(kept_at, until)
    news = pl.scan_parquet(path).slice(read).collect()
    whole, _ = remember(Reading(news, Mark("parquet", rows), on_top=kept is not None), kept, until)
    learn_more(network, whole.facts, until)
    return {
        "later run, s": perf_counter() - begin,
        "later run, processor, s": process_time() - begin_cpu,
        "kept, MB": kept_at.stat().st_size / 2**20,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

"""Learn: step times from 10 million events, against the medians of the times between scans by Polars alone.

``python -m benchmarks.learn [--json]``
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from benchmarks.comparison import Comparison, Goal, Say, Side, require_equal, time_runs
from benchmarks.learn_history import pick_orders, write_history
from benchmarks.learn_measure import last_instant
from benchmarks.report import main
from entrepost.journey.learn import learn_more
from entrepost.network.network import Network
from entrepost.network.regime import Regime
from entrepost.network.sample_network import sample_network
from entrepost.planning.simulation.world import AS_ASSUMED

SEED = 9
EVENTS, TINY = 10_000_000, 8_000
MUST_SECONDS, MUST_MB = 60, 4096
FEWEST = 50
LEFT, CAME = ["EMC", "EMK"], ["EMJ", "EMD"]
"""The scans of a departure and of an arrival."""

ORDINARY = Regime("ordinary", 1_000_000, 1.0, 1.0, 1.0, 1.0, "assumed")
WIDEST = 0.12
"""A bin beyond twelve hours is 8 % wide; a median may lie anywhere in its own, and is rounded to hours besides."""


def compare(tiny: bool, say: Say) -> Comparison:
    """Check the legs that both sides saw, then time each; ours in a process that does nothing else."""
    network = sample_network()
    plain = replace(network, regimes=(ORDINARY,))
    with tempfile.TemporaryDirectory() as folder:
        path, small = (Path(folder) / name for name in ("events.parquet", "small.parquet"))
        events = TINY if tiny else EVENTS
        picked = pick_orders(network, events, SEED, "US" if tiny else "")
        write_history(plain, picked, TINY, SEED, AS_ASSUMED, small)
        say("equal: where every scan is sent, " + check(plain, pl.read_parquet(small)))
        rows = write_history(network, picked, events, SEED, "default", path)
        say(f"{rows:,} events of the sample network in the default world, with what was chosen for each item")
        say("timed, ours: read the file, then every step's distribution, shares, the half-life, and the folder's rows")
        say("timed, peer: read the file, then the time from each departure scan to the arrival scan, medians by leg")
        found = _measure(path)
        peer = time_runs(lambda: list_medians(pl.read_parquet(path)), 3)
    ours = Side("Entrepost, learn", "learn_more", rows, (found["seconds"],))
    other = Side("Polars, medians by leg", "group_by", rows, peer)
    goals = (
        Goal("seconds", found["seconds"], MUST_SECONDS, at_most=True),
        Goal("memory of ours, MB", found["peak"], MUST_MB, at_most=True),
    )
    figures = {name: value for name, value in found.items() if name not in ("seconds", "peak")}
    return Comparison("step times from event histories", "events", SEED, ours, other, goals, figures)


def list_medians(events: pl.DataFrame) -> pl.DataFrame:
    """The peer: of each leg how many items were scanned at both ends, and the median hours between."""
    item = ["tenant", "seller", "item_id"]
    rides = events.lazy().select(*item, "code", "time", "facility").filter(pl.col("code").is_in(LEFT + CAME))
    after = [pl.col(name).shift(-1).over(item).alias(f"{name}_after") for name in ("code", "time", "facility")]
    both = rides.sort(*item, "time").with_columns(after)
    both = both.filter(pl.col("code").is_in(LEFT) & pl.col("code_after").is_in(CAME))
    hours = (pl.col("time_after") - pl.col("time")).dt.total_seconds() / 3600
    legs = both.with_columns(hours=hours).group_by("facility", "facility_after")
    return legs.agg(items=pl.len(), hours=pl.col("hours").median()).collect()


def check(network: Network, events: pl.DataFrame) -> str:
    """Require as many rides of each leg with one kind of departure as the peer counts, and the same medians."""
    as_of = last_instant(events) + timedelta(days=1)
    learned = learn_more(network, events, as_of).network.departures_by_leg
    worst, legs = 0.0, 0
    for origin, end, items, hours in list_medians(events).iter_rows():
        rows = learned[origin, end]
        if items < FEWEST or len({(row.mode, row.carrier, row.source) for row in rows}) > 1:
            continue
        require_equal(f"from {items:,} observations" in rows[0].source, f"{origin}>{end}: {items}, {rows[0].source}")
        worst, legs = max(worst, abs(rows[0].hours_p50 / hours - 1)), legs + 1
    require_equal(legs > 0, f"no leg has {FEWEST} rides of one kind")
    require_equal(worst < WIDEST, f"a median is off by {100 * worst:.1f} %")
    return f"{legs} legs with as many rides on both sides; no median is off by more than {100 * worst:.1f} %"


def _measure(path: Path) -> dict[str, float]:
    """Learn from a file in a process of its own; its seconds and its memory."""
    command = [sys.executable, "-m", "benchmarks.learn_measure", str(path)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[1])
    found: dict[str, float] = json.loads(answer.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main(compare))

"""Facility location: published instances solved and proved, HiGHS and SCIP beside us where asked for.

``python -m benchmarks.facility --folder DIR [--json] [--seconds S] [--only NAME ...] [--peers]``, or
``--generator FILE`` for the generated families of `facility_families`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.comparison import PeerMissingError, Say, require_equal
from benchmarks.facility_families import run_families
from benchmarks.facility_files import Instance, list_files, read_instance, stem
from benchmarks.facility_peers import PEERS
from entrepost.planning.facility import FacilityProblem, LocateParams, locate

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "facility"
PEER_SECONDS = 300.0
LARGE = 50_000
"""Capacitated instances with so many pairs are the large ones."""


def main(arguments: list[str] | None = None) -> int:
    """Solve what was asked for, print it, and say where the folder is absent."""
    options = _parser().parse_args(arguments)
    stream = sys.stderr if options.json else sys.stdout

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    warm_up()
    if options.generator:
        found: dict[str, Any] = {"generated": run_families(options.generator, options.seeds, options.size, say)}
    elif not options.folder.is_dir():
        print(f"the folder {options.folder} is not there: nothing was measured", file=sys.stderr)
        return 2
    else:
        try:
            found = {"instances": [measure(path, options, say) for path in choose(options)]}
        except PeerMissingError as error:
            print(error, file=sys.stderr)
            return 2
        summarise(found["instances"], say)
    if options.json:
        print(json.dumps(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facility", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="instances, plain or gzip; searched below too")
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="instances whose names begin so")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each instance")
    parser.add_argument("--peers", action="store_true", help=f"HiGHS and SCIP too, {PEER_SECONDS:.0f} s at most each")
    parser.add_argument("--generator", type=Path, help="the published generator: solve its families instead")
    parser.add_argument("--seeds", type=int, default=5, help="of the generator, from 1")
    parser.add_argument("--size", type=int, nargs=2, default=(200, 10_000), metavar=("SITES", "REGIONS"))
    parser.add_argument("--json", action="store_true", help="one object on standard output, all else on standard error")
    return parser


def warm_up() -> None:
    """Compile what is used, on problems of a moment; it is not timed."""
    g = np.random.default_rng(1)
    cost, demand = g.integers(1, 99, (25, 30)).astype(float), g.integers(1, 9, 30).astype(float)
    capacity = np.full(25, math.ceil(demand.sum() / 5))
    for problem in (
        FacilityProblem(cost, np.full(25, 90.5), demand, capacity),
        FacilityProblem(cost, np.full(25, 90.0)),
        FacilityProblem(cost, count=4),
    ):
        locate(problem, LocateParams(seconds_max=20))


def choose(options: argparse.Namespace) -> list[Path]:
    """The files of the folder that were asked for."""
    return [
        path for path in list_files(options.folder) if not options.only or stem(path).startswith(tuple(options.only))
    ]


def measure(path: Path, options: argparse.Namespace, say: Say) -> dict[str, Any]:
    """Solve one instance, and the peers if asked for; stop where an answer contradicts another."""
    instance = read_instance(path)
    found = locate(instance.problem, LocateParams(seconds_max=options.seconds))
    row: dict[str, Any] = {
        "instance": instance.name,
        "value": found.value,
        "bound": found.bound,
        "open": found.opened.tolist(),
        "seconds": round(found.seconds, 4),
    }
    say(
        f"{instance.name:12} {found.value:18,.3f}  bound {found.bound:18,.3f}  gap {found.gap:8.1e}  "
        f"{found.seconds:8.3f} s  {found.status}"
    )
    if options.peers:
        row["peers"] = compare_peers(instance, row, say)
    row["large"] = instance.kind == "cap" and instance.problem.facts.cost.size >= LARGE
    return row


def compare_peers(instance: Instance, row: dict[str, Any], say: Say) -> dict[str, float]:
    """The seconds of each peer, after its interval of value and bound was found to agree with ours."""
    took = {}
    for name, solve in PEERS.items():
        value, bound, seconds = solve(instance.problem, PEER_SECONDS)
        ease = 2e-6 * abs(row["value"])
        require_equal(bound <= row["value"] + ease and row["bound"] <= value + ease, f"{instance.name}, {name}")
        took[name] = round(min(seconds, PEER_SECONDS), 4)
        say(f"  {name:10} {value:18,.3f}  bound {bound:18,.3f}  {seconds:10.3f} s: equal within both gaps")
    return took


def summarise(rows: list[dict[str, Any]], say: Say) -> None:
    """Totals by kind, and how many times as fast as the faster peer on the large capacitated ones."""
    median = [row["seconds"] for row in rows if row["instance"].startswith("pmed")]
    small = [row["seconds"] for row in rows if row["instance"].startswith("cap") and not row["large"]]
    if median:
        say(f"p-median: {len(median)} instances in {sum(median):.2f} s")
    if small:
        say(f"small capacitated: {len(small)} instances, the slowest in {1000 * max(small):.0f} ms")
    ratios = [min(row["peers"].values()) / row["seconds"] for row in rows if row.pop("large") and "peers" in row]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        say(f"large capacitated: {mean:.1f} times as fast as the faster peer (geometric mean of {len(ratios)})")


if __name__ == "__main__":
    sys.exit(main())

"""Facility location: published instances solved and proved, HiGHS and SCIP beside us where asked for.

``python -m benchmarks.facility --folder DIR [--json] [--seconds S] [--only NAME ...] [--peers] [--csv FILE]``, or
``--generator FILE`` for the generated families of `facility_families`. ``--peers-from FILE`` takes the peers' answers
from the file that ``--peers --csv FILE`` wrote, because they take an hour.
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
from benchmarks.facility_families import FAMILIES, run_families
from benchmarks.facility_files import Instance, list_files, read_instance, stem
from benchmarks.facility_peers import PEERS
from benchmarks.facility_results import WORK, describe_rows, reached_rows, read_peers, write_figures
from entrepost.planning.facility import FacilityProblem, LocateParams, locate
from entrepost.planning.location.anneal import Annealer
from entrepost.planning.location.coarse import Copy
from entrepost.planning.location.mip import Rest, solve_rest
from entrepost.planning.location.search import stir

FOLDER = Path(__file__).parents[2] / "shared" / "bench" / "facility"
PEER_SECONDS = 300.0
FRESH, WRITTEN = 2e-6, 1e-5
"""How far values may be apart, as shares: of answers at hand, and of those that a file keeps with six digits."""
Answers = dict[str, dict[str, float]]
"""Seconds, value and bound by peer."""
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
        rows = run_families(options.generator, options.family, options.seeds, options.size, say)
        found: dict[str, Any] = {"generated": rows}
        if options.csv:
            write_figures(
                options.csv, "facility location, {} x {}, generated".format(*options.size), reached_rows(rows)
            )
    elif not options.folder.is_dir():
        print(f"the folder {options.folder} is not there: nothing was measured", file=sys.stderr)
        return 2
    else:
        try:
            found = {"instances": [measure(path, options, say) for path in choose(options)]}
        except PeerMissingError as error:
            print(error, file=sys.stderr)
            return 2
        totals = summarise(found["instances"], say)
        if options.csv:
            write_figures(options.csv, WORK, describe_rows(found["instances"], totals))
        for row in found["instances"]:
            del row["large"], row["small"]
    if options.json:
        print(json.dumps(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facility", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="instances, plain or gzip; searched below too")
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="instances whose names begin so")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each instance")
    parser.add_argument("--peers", action="store_true", help="HiGHS and SCIP too")
    parser.add_argument(
        "--peer-seconds", type=float, default=PEER_SECONDS, help="processor time at most, and counted so (300)"
    )
    parser.add_argument("--peers-from", type=Path, help="a file of results with what the peers answered before")
    parser.add_argument("--csv", type=Path, help="write the figures to this file as well")
    parser.add_argument("--generator", type=Path, help="the published generator: solve its families instead")
    parser.add_argument("--family", nargs="*", default=list(FAMILIES), choices=list(FAMILIES), help="of the generator")
    parser.add_argument("--seeds", type=int, default=5, help="of the generator, from 1")
    parser.add_argument("--size", type=int, nargs=2, default=(200, 10_000), metavar=("SITES", "REGIONS"))
    parser.add_argument("--json", action="store_true", help="one object on standard output, all else on standard error")
    return parser


def warm_up() -> None:
    """Compile what is used, on problems of a moment; it is not timed."""
    g = np.random.default_rng(1)
    far, fixed = g.integers(1000, 2000, (20, 30)).astype(float), g.integers(100, 200, 20).astype(float)
    near, demand = np.abs(np.subtract.outer(np.arange(20.0), 0.7 * np.arange(30.0))), g.integers(1, 9, 30).astype(float)
    capacity = np.ceil(demand.sum() / g.integers(4, 9, 20))
    plain, counted = FacilityProblem(far, fixed), FacilityProblem(far, count=5)
    wide = FacilityProblem(np.tile(far, 30), fixed, np.tile(demand, 30), 30 * capacity)
    for problem in (
        plain,
        counted,
        FacilityProblem(near, count=4),
        FacilityProblem(near * demand, fixed, demand, capacity),
        FacilityProblem(far, fixed + 0.5, demand, np.full(20, capacity.min())),
    ):
        locate(problem, LocateParams(seconds_max=20))
    for problem in (plain, counted):
        stir(problem.facts, problem.fixing, np.arange(5), 1)
    site, region = np.nonzero(far < 1200)
    solve_rest(Rest(plain.facts, plain.fixing, site, region, False), math.inf, 5, 0.1)
    Annealer(Copy(wide.facts).facts, wide.fixing).run(np.arange(20), 0.01, 100, 1)


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
    if options.peers or options.peers_from:
        row["peers"] = compare_peers(instance, row, options, say)
    row["large"] = instance.kind == "cap" and instance.problem.facts.cost.size >= LARGE
    row["small"] = instance.kind == "cap" and not row["large"]
    return row


def compare_peers(instance: Instance, row: dict[str, Any], options: argparse.Namespace, say: Say) -> Answers:
    """What each peer answered, after its interval of value and bound was found to agree with ours."""
    answers: Answers = {}
    before = read_peers(options.peers_from) if options.peers_from else {}
    for name, solve in PEERS.items():
        if options.peers:
            value, bound, seconds = solve(instance.problem, options.peer_seconds)
            answer = {"seconds": round(min(seconds, options.peer_seconds), 4), "value": value, "bound": bound}
        elif not (answer := before.get((instance.name, name), {})):
            continue
        ease = (FRESH if options.peers else WRITTEN) * abs(row["value"])
        agrees = answer["bound"] <= row["value"] + ease and row["bound"] <= answer["value"] + ease
        require_equal(agrees, f"{instance.name}, {name}")
        answers[name] = answer
        say(
            f"  {name:10} {answer['value']:18,.3f}  bound {answer['bound']:18,.3f}  {answer['seconds']:10.3f} s: "
            "equal within both gaps"
        )
    return answers


def summarise(rows: list[dict[str, Any]], say: Say) -> dict[str, float]:
    """Totals by kind, and how many times as fast as the faster peer on the large capacitated ones."""
    median = [row["seconds"] for row in rows if row["instance"].startswith("pmed")]
    small = [row["seconds"] for row in rows if row["small"]]
    ratios = [
        min(one["seconds"] for one in row["peers"].values()) / row["seconds"]
        for row in rows
        if row["large"] and row.get("peers")
    ]
    totals = {}
    if median:
        totals[f"p-median, {len(median)} instances in all"] = sum(median)
    if small:
        totals[f"small capacitated, the slowest of {len(small)}"] = max(small)
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        totals[f"large capacitated, times as fast as the faster peer, geometric mean of {len(ratios)}"] = mean
    for name, value in totals.items():
        say(f"{name}: {value:.3f}")
    return totals


if __name__ == "__main__":
    sys.exit(main())

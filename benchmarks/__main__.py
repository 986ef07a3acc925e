"""Runs the benchmarks: ``python -m benchmarks [NAME ...]``; figures go to results/NAME.csv."""

from __future__ import annotations

import csv
import sys
from importlib import import_module
from pathlib import Path

from benchmarks import Timing

FOLDER = Path(__file__).parent


def list_names() -> list[str]:
    """The names of all benchmarks."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def run(name: str) -> list[Timing]:
    """Measure one benchmark, and write and print its timings; each ratio is to the last side, the peer."""
    timings: list[Timing] = import_module(f"benchmarks.bench_{name}").measure()
    results = FOLDER / "results"
    results.mkdir(exist_ok=True)
    with (results / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["work", "side", "seconds", "units", "unit", "units_per_second"])
        for each in timings:
            writer.writerow(
                [each.work, each.side, f"{each.seconds:.6g}", each.units, each.unit, f"{each.units_per_second:.6g}"]
            )
    peer = timings[-1].units_per_second
    for each in timings:
        speed = f"{each.units_per_second:14,.0f} {each.unit}/s {each.units_per_second / peer:10.1f}x"
        print(f"{each.work:40} {each.side:20} {speed}")
    return timings


def main() -> int:
    """Run the named benchmarks, or all."""
    names = sys.argv[1:] or list_names()
    unknown = set(names) - set(list_names())
    if unknown:
        print(
            f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(list_names())}", file=sys.stderr
        )
        return 2
    for name in names:
        run(name)
    if not names:
        print("there are no benchmarks yet")
    return 0


if __name__ == "__main__":
    sys.exit(main())

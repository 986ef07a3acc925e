"""Tells what a benchmark found: lines for people, one JSON object, or rows of a file of results."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.comparison import Comparison, PeerMissingError, Say, Side

Compare = Callable[[bool, Say], Comparison]
"""A benchmark: told whether to be tiny, and where to speak."""

COLUMNS = ("work", "measure", "value", "unit", "must", "extreme", "kept", "commit", "date", "seed", "machine")
DIGITS = 6


def main(compare: Compare, arguments: list[str] | None = None) -> int:
    """Run one benchmark from the command line."""
    options = _parser().parse_args(arguments)
    stream = sys.stderr if options.json else sys.stdout
    try:
        found = compare(options.tiny, lambda line: print(line, file=stream, flush=True))
    except PeerMissingError as error:
        print(error, file=sys.stderr)
        return 2
    if options.csv:
        write_csv(found, options.csv)
    if options.json:
        print(json.dumps(to_dict(found)))
    else:
        print("\n".join(describe(found)), flush=True)
    return 0


def to_dict(found: Comparison) -> dict[str, float | str]:
    """The comparison as the JSON object that `--json` prints."""
    speeds = {"ours": found.ours.speed, "peer": found.peer.speed, "ratio": found.ratio}
    return {**{name: float(f"{value:.{DIGITS}g}") for name, value in speeds.items()}, "unit": f"{found.unit}/s"}


def describe(found: Comparison) -> Iterator[str]:
    """The comparison as lines for people."""
    yield found.work
    for side in (found.ours, found.peer):
        yield f"  {side.name:34} {side.speed:14,.1f} {found.unit}/s   {_spread(side)}"
    for goal in found.goals:
        far = "" if goal.extreme is None else f", extreme {goal.extreme:,.0f}"
        word = "kept" if goal.is_kept else "MISSED"
        yield f"  {goal.name:34} {goal.reached:14,.1f}   must {goal.must:,.0f}{far}: {word}"
    for name, value in found.figures.items():
        yield f"  {name:34} {value:14,.2f}"
    yield f"  {'peak memory, MB':34} {peak_memory_mb():14,.0f}"


def write_csv(found: Comparison, path: Path) -> None:
    """Write the comparison as rows of measures, each with commit, date, seed and machine."""
    known = [find_commit(), datetime.now(UTC).date().isoformat(), found.seed, describe_machine()]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([found.work, *row, *known] for row in _rows(found))


def _rows(found: Comparison) -> Iterator[list[object]]:
    for side in (found.ours, found.peer):
        yield [side.name, f"{side.speed:.{DIGITS}g}", f"{found.unit}/s", "", "", ""]
        yield [f"{side.name}, median run", f"{median(side.seconds):.{DIGITS}g}", "s", "", "", ""]
        yield [f"{side.name}, runs", len(side.seconds), "", "", "", ""]
    for goal in found.goals:
        far = "" if goal.extreme is None else f"{goal.extreme:g}"
        kept = "yes" if goal.is_kept else "no"
        yield [goal.name, f"{goal.reached:.{DIGITS}g}", "", f"{goal.must:g}", far, kept]
    for name, value in {**found.figures, "peak memory": peak_memory_mb()}.items():
        yield [name, f"{value:.{DIGITS}g}", "MB" if name == "peak memory" else "", "", "", ""]


def describe_machine() -> str:
    """Processor, cores, memory, system and Python, without the machine's name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{_chip()}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


def find_commit() -> str:
    """The commit that was measured, with a plus where files differ from it."""
    asked = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    answer = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


def peak_memory_mb() -> float:
    """The most memory that this process ever held, not counting what its parent held when it began.

    Linux hands the parent's maximum on in `ru_maxrss`, so the high-water mark of the process itself is read.
    """
    told = Path("/proc/self/status")
    if told.exists():
        lines = dict(line.split(":", 1) for line in told.read_text(encoding="ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def memory_mb() -> float:
    """The memory that this process holds now; where the system does not say, the most it ever held."""
    told = Path("/proc/self/statm")
    if not told.exists():
        return peak_memory_mb()
    return int(told.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _chip() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")


def _spread(side: Side) -> str:
    low, middle, high = min(side.seconds), median(side.seconds), max(side.seconds)
    return f"{middle:.4g} s a run ({low:.4g} to {high:.4g}, {len(side.seconds)} runs)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="one claim about speed, with its peer in the same run")
    parser.add_argument("--json", action="store_true", help="print one object: ours, peer, ratio, unit")
    parser.add_argument("--csv", type=Path, help="write the measures to this file as well")
    parser.add_argument("--tiny", action="store_true", help="a size at which only the equality means something")
    return parser

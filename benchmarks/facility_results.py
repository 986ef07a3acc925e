"""The files of results of facility location: a row for each figure; peers that were run before are read from theirs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.report import COLUMNS, DIGITS, describe_machine, find_commit

WORK = "facility location, published instances"
MUST_SMALL, MUST_RATIO, MUST_MEDIAN = 0.05, 20.0, 5.0
"""Seconds of each small capacitated instance; times as fast as the faster peer; seconds of pmed1 to 20 in all."""
Figure = tuple[str, str, str, str, str, str]
"""Measure, value, unit, must, extreme, whether it is kept."""


def figure(measure: str, value: float, unit: str, must: float | None = None, at_most: bool = True) -> Figure:
    """One figure, and whether it is what it must be."""
    if must is None:
        return measure, f"{value:.{DIGITS}g}", unit, "", "", ""
    kept = value <= must if at_most else value >= must
    return measure, f"{value:.{DIGITS}g}", unit, f"{must:g}", "", "yes" if kept else "no"


def write_figures(path: Path, work: str, figures: Iterable[Figure]) -> None:
    """Write the figures of one work, each with commit, date and machine."""
    known = {"commit": find_commit(), "date": datetime.now(UTC).date().isoformat(), "machine": describe_machine()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for one in figures:
            writer.writerow({"work": work, "seed": "", **dict(zip(COLUMNS[1:7], one, strict=True)), **known})


def describe_rows(rows: list[dict[str, Any]], totals: dict[str, float]) -> Iterator[Figure]:
    """The figures of what was measured: each instance's seconds and gap, the peers' seconds, and the totals."""
    for row in rows:
        must = MUST_SMALL if row["small"] else None
        yield figure(f"{row['instance']}, ours", row["seconds"], "s", must)
        yield figure(
            f"{row['instance']}, relative gap proved", abs(row["value"] - row["bound"]) / abs(row["value"]), ""
        )
        for name, answer in row.get("peers", {}).items():
            for what, unit in (("seconds", "s"), ("value", ""), ("bound", "")):
                yield figure(f"{row['instance']}, {name}, {what}", answer[what], unit)
    musts = {"p-median": (MUST_MEDIAN, True), "large capacitated": (MUST_RATIO, False)}
    for name, value in totals.items():
        must, at_most = next((known for begin, known in musts.items() if name.startswith(begin)), (None, True))
        yield figure(name, value, "times" if name.startswith("large") else "s", must, at_most)


def reached_rows(rows: list[dict[str, Any]]) -> Iterator[Figure]:
    """For each generated problem the seconds to the gap of the contract, the gap at the end, and the memory held."""
    for row in rows:
        name = f"{row['family']}, seed {row['seed']}"
        yield figure(f"{name}, seconds to {row['goal']:.2%}", row["reached_s"], "s", row["allowed_s"])
        yield figure(f"{name}, gap at the end", row["gap"], "", row["goal"])
        yield figure(f"{name}, memory", row["memory_mb"], "MB")


def read_peers(path: Path) -> dict[tuple[str, str], dict[str, float]]:
    """What peers answered in a run that was written before: seconds, value and bound by instance and peer."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = row["measure"].split(", ")
            if len(parts) == 3:
                found.setdefault((parts[0], parts[1]), {})[parts[2]] = float(row["value"])
    return found

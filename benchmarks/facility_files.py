"""Reads published instances of facility location: OR-Library `cap*`, `pmed*`; UflLib `M*`, `gs*`, `B*` and kin."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from entrepost.planning.facility import FacilityProblem

NAMES = ("cap", "pmed", "M", "gs", "ga", "B")
NOT_INSTANCES = (".opt", ".bub", ".lst", ".csv", ".py", ".md")


@dataclass(frozen=True, slots=True)
class Instance:
    """One published problem: its name, its kind (`cap`, `ufl` or `pmed`) and what it says."""

    name: str
    kind: str
    problem: FacilityProblem


def list_files(folder: Path) -> list[Path]:
    """All instance files in and below a folder, by name; solutions and lists are left out."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        (path for path in files if stem(path).startswith(NAMES) and _is_instance(path)),
        key=lambda path: ([int(part) if part.isdigit() else 0 for part in _parts(stem(path))], stem(path)),
    )


def _parts(name: str) -> list[str]:
    return "".join(one if one.isdigit() else " " for one in name).split()


def _is_instance(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    return not name.endswith(NOT_INSTANCES) and not name.startswith("pmedopt")


def stem(path: Path) -> str:
    """The instance's name: the file's without `.gz` and `.txt`."""
    return path.name.removesuffix(".gz").removesuffix(".txt")


def read_instance(path: Path) -> Instance:
    """Read one file, plain or gzip; its name says what it is."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="ascii") as file:
        words = file.read().split()
    name = stem(path)
    if name.startswith("pmed"):
        return Instance(name, "pmed", _median(np.array(words, dtype=np.int64)))
    if words[0] == "FILE:":
        return Instance(name, "ufl", _simple(np.array(words[2:], dtype=float)))
    if name.startswith("cap") and name[-1].isdigit():
        return Instance(name, "cap", _orlib(words, volumes=True))
    return Instance(name, "ufl", _orlib(words, volumes=False))


def _median(numbers: NDArray[np.int64]) -> FacilityProblem:
    """Vertices, edges, p; then edges with their lengths, of which the last one counts."""
    size, _, count = numbers[:3]
    length = {(min(a, b), max(a, b)): cost for a, b, cost in numbers[3:].reshape(-1, 3).tolist()}
    ends = np.array(list(length)) - 1
    graph = csr_matrix((list(length.values()), (ends[:, 0], ends[:, 1])), shape=(size, size))
    return FacilityProblem(shortest_path(graph, directed=False), count=int(count))


def _simple(numbers: NDArray[np.float64]) -> FacilityProblem:
    """UflLib's own format: sites, regions, 0; for each site its number, fixed cost and costs."""
    sites, regions = int(numbers[0]), int(numbers[1])
    rows = numbers[3:].reshape(sites, regions + 2)
    return FacilityProblem(rows[:, 2:], rows[:, 1])


def _orlib(words: list[str], volumes: bool) -> FacilityProblem:
    """Sites, regions; capacity and fixed cost of each site; for each region its demand and costs."""
    sites, regions = int(words[0]), int(words[1])
    heads = words[2 : 2 + 2 * sites]
    fixed = np.array(heads[1::2], dtype=float)
    rows = np.array(words[2 + 2 * sites :], dtype=float).reshape(regions, sites + 1)
    if not volumes:
        return FacilityProblem(rows[:, 1:].T, fixed)
    return FacilityProblem(rows[:, 1:].T, fixed, rows[:, 0], np.array(heads[0::2], dtype=float))

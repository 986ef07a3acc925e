"""Versions of a network folder: each that a server ran on is kept, and two of them are compared row by row."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from entrepost.base.errors import MissingRowError
from entrepost.base.schema import get_schema
from entrepost.network.feed import TABLES, write_network
from entrepost.network.network import Network

STAMP = "%Y%m%dT%H%M%SZ"
MARK_DIGITS = 12
ALWAYS = "0001-01-01"
"""The first day of a row that holds from ever on; its name leaves it out."""
NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its name, since when the server knows it, and the mark of its content."""

    version: str
    since: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is new, gone or changed; `cells` are the columns that differ, with what was and what is."""

    table: str
    what: str
    row: str
    cells: tuple[tuple[str, str, str], ...] = ()


def versions_folder(uploads: Path) -> Path:
    """Where versions lie."""
    return uploads / "networks"


def keep_version(network: Network, folder: Path, now: datetime) -> Version:
    """Keep a network as a version, where it is another one than the latest; the version that it is."""
    mark = network.content_hash[:MARK_DIGITS]
    known = list_versions(folder)
    if known and known[0].mark == mark:
        return known[0]
    name = f"{now.astimezone(UTC):{STAMP}}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="new-") as own:
        write_network(network, Path(own) / name)
        if not (folder / name).exists():
            os.rename(Path(own) / name, folder / name)
    return _to_version(name)


def list_versions(folder: Path) -> list[Version]:
    """The versions that are kept, the latest first."""
    if not folder.is_dir():
        return []
    names = [each.name for each in folder.iterdir() if NAME.fullmatch(each.name)]
    return [_to_version(name) for name in sorted(names, reverse=True)]


def get_version(folder: Path, name: str) -> Version:
    """A version; raises `MissingRowError` where it was not kept."""
    for version in list_versions(folder):
        if version.version == name:
            return version
    raise MissingRowError(f"there is no version {name} of the network")


def compare_versions(folder: Path, old: str, new: str) -> list[Change]:
    """What became of the rows between two versions, table by table."""
    names = [get_version(folder, each).version for each in (old, new)]
    return [change for table in TABLES for change in _compare(folder, table, names[0], names[1])]


def _compare(folder: Path, table: str, old: str, new: str) -> list[Change]:
    before, after = (_rows(folder / version / f"{table}.csv", table) for version in (old, new))
    gone = [Change(table, "gone", key) for key in before if key not in after]
    added = [Change(table, "new", key) for key in after if key not in before]
    changed = [
        Change(table, "changed", key, cells)
        for key, row in after.items()
        if key in before and (cells := _cells(before[key], row))
    ]
    return [*changed, *added, *gone]


def _cells(old: dict[str, Any], new: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    names = dict.fromkeys((*old, *new))
    return tuple(
        (name, str(old.get(name) or ""), str(new.get(name) or ""))
        for name in names
        if (old.get(name) or "") != (new.get(name) or "")
    )


def _rows(path: Path, table: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by their keys; of a table without keys each row is its own."""
    if not path.is_file():
        return {}
    frame = _read(path)
    keys = [name for name in get_schema(table).key if name in frame.columns] or frame.columns
    found: dict[str, dict[str, Any]] = {}
    for row in frame.iter_rows(named=True):
        key = " ".join(str(row[name] or "–") for name in keys if row[name] != ALWAYS)
        found[key if key not in found else f"{key} ({len(found)})"] = row
    return found


@lru_cache(64)
def _read(path: Path) -> pl.DataFrame:
    """A table of a version, which never changes."""
    return pl.read_csv(path, infer_schema=False)


def _to_version(name: str) -> Version:
    stamp, _, mark = name.partition("-")
    return Version(name, datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), mark)

"""What was read of event histories, kept beside a learned network so that later only what is new is read.

One Parquet file: a row for each item with its facts, and the events that were not known yet as they came.
It is complete and on the disk before it has its name. It does not depend on the network; it holds the
identifiers of items.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from entrepost.base.findings import Finding, finding_code
from entrepost.journey.learning.facts import ITEMS, Facts, drop_before
from entrepost.journey.learning.scans import earliest_hour
from entrepost.journey.learning.stages import CODES, REASONS
from entrepost.operations.histories_mark import Mark

KEPT_UNUSABLE = finding_code("learn_kept_unusable", "What was kept of a history does not fit; all is read anew.")
KEPT = "history.parquet"
"""The file in the folder of a learned network."""

VERSION = "1"
"""Raised whenever keys of facts mean something else."""

WORDS = ",".join((*CODES, *REASONS))
"""What the numbers in keys stand for."""

KEYS = {**ITEMS, "events": pl.Int64(), "keys": pl.List(pl.UInt64)}


@dataclass(frozen=True)
class Kept:
    """Facts known at `as_of`, events not known then, and how far which source was read.

    `counts`: of each item of a store, in the order of the facts, how many events it had; null elsewhere.
    """

    facts: Facts
    later: pl.DataFrame
    as_of: datetime
    mark: Mark
    counts: pl.Series = field(default_factory=lambda: pl.Series("events", [], pl.Int64))


def write_kept(kept: Kept, path: Path) -> None:
    """Write beside and rename, so that a process that is killed leaves the old file or the new one."""
    head = {
        "version": VERSION,
        "words": WORDS,
        "as_of": kept.as_of.isoformat(),
        "places": json.dumps(kept.facts.places, ensure_ascii=False),
        "mark": json.dumps(asdict(kept.mark)),
    }
    frame = pl.concat([_rows(kept), kept.later], how="diagonal")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        frame.write_parquet(file, metadata=head)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_kept(path: Path, as_of: datetime) -> tuple[Kept | None, list[Finding]]:
    """What was kept, if it serves to learn as of an instant; where it does not, a finding says why."""
    if not path.exists():
        return None, []
    try:
        head = pl.read_parquet_metadata(path)
        reason = _find_fault(head, as_of)
        if reason:
            return None, [unusable(reason)]
        return _from_rows(pl.read_parquet(path), head), []
    except (pl.exceptions.PolarsError, OSError, KeyError, ValueError) as error:
        return None, [unusable(f"it cannot be read: {str(error).splitlines()[0]}")]


def unusable(reason: str) -> Finding:
    """The finding that all is read anew, and why."""
    return Finding(KEPT_UNUSABLE, "", reason, KEPT, fix="nothing needs to be done", level="warning")


def forget_old(facts: Facts, as_of: datetime) -> Facts:
    """The facts of items from which anything can be learned still."""
    return drop_before(facts, earliest_hour(int(as_of.timestamp() // 3600)))


def _find_fault(head: dict[str, str], as_of: datetime) -> str:
    if head.get("version") != VERSION or head.get("words") != WORDS:
        return "it was written by another version of Entrepost"
    if datetime.fromisoformat(head["as_of"]) > as_of:
        return f"it holds what became known until {head['as_of']}, and {as_of.isoformat()} is asked for"
    return ""


def _rows(kept: Kept) -> pl.DataFrame:
    facts = kept.facts
    item = np.repeat(np.arange(facts.items.height, dtype=np.uint32), np.diff(facts.offsets))
    lists = pl.DataFrame({"item": item, "keys": facts.keys}).group_by("item", maintain_order=True).agg("keys")
    counts = kept.counts if kept.counts.len() else pl.Series([None] * facts.items.height, dtype=pl.Int64)
    return facts.items.with_columns(counts.alias("events"), lists.get_column("keys"))


def _from_rows(frame: pl.DataFrame, head: dict[str, str]) -> Kept:
    rows = frame.filter(pl.col("keys").is_not_null())
    lists = rows.get_column("keys")
    sizes = lists.list.len().to_numpy()
    facts = Facts(
        items=rows.select(*ITEMS),
        offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        keys=lists.explode().to_numpy() if rows.height else np.empty(0, np.uint64),
        places=tuple(json.loads(head["places"])),
    )
    later = frame.filter(pl.col("keys").is_null()).drop("keys", "events")
    mark = Mark(**json.loads(head["mark"]))
    return Kept(facts, later, datetime.fromisoformat(head["as_of"]), mark, rows.get_column("events"))

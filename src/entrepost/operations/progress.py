"""An intake under way: its bookmark, what it counted, and the findings that it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from entrepost.operations.store import Intake, Store

Progress = Callable[[int], None]
"""Told how many rows of the file are done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an intake did: `read` rows are accepted, duplicates or rejected; `orders` are the new ones.

    `findings` counts by code, most frequent first; `resumed_at` is the row at which it went on (0: it began).
    """

    intake: str
    file: str
    read: int
    accepted: int
    duplicates: int
    rejected: int
    orders: int
    findings: dict[str, int]
    shift_days: int
    resumed_at: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to the rows of a chunk."""

    accepted: int
    duplicates: int
    rejected: int
    orders: int = 0


def begin(store: Store, intake: str, kind: str, file: Path, tenant: str, shift_days: int) -> Intake:
    """The bookmark of a file: where it stopped, or at its beginning where it is new or was finished before."""
    found = store.find_intake(intake)
    if found is not None and found.finished_at is None:
        return found
    now = store.clock.now()
    if found is not None and found.finished_at is not None:  # a run begins after the last, whatever the clock says
        now = max(now, found.finished_at + timedelta(microseconds=1))
    return Intake(intake, tenant, kind, file.name, shift_days, now)


def follow(store: Store, mark: Intake) -> Intake:
    """The bookmark as it stands now; another process may be bringing, or just have brought, the same file in.

    The caller holds a transaction, so that nobody moves it until the caller has.
    """
    found = store.find_intake(mark.intake)
    if found is None or (found.finished_at is not None and found.finished_at < mark.started_at):
        return mark
    return found


def advance(store: Store, mark: Intake, position: int, counts: Counts, findings: pl.DataFrame) -> Intake:
    """Move the bookmark past a chunk and keep its findings; the caller holds the chunk's transaction."""
    moved = replace(
        mark,
        position=position,
        read=mark.read + counts.accepted + counts.duplicates + counts.rejected,
        accepted=mark.accepted + counts.accepted,
        duplicates=mark.duplicates + counts.duplicates,
        rejected=mark.rejected + counts.rejected,
        orders=mark.orders + counts.orders,
    )
    store.add_findings(findings, mark.tenant, mark.intake)
    store.put_intake(moved)
    return moved


def finish(store: Store, mark: Intake, resumed_at: int) -> Outcome:
    """Close the bookmark and say what the intake did, from its first row on."""
    with store.transaction():
        mark = follow(store, mark)
        if mark.finished_at is None:
            store.put_intake(replace(mark, finished_at=store.clock.now()))
    codes = store.list_findings(mark.intake).get_column("code").to_list()
    return Outcome(
        intake=mark.intake,
        file=mark.file,
        read=mark.read,
        accepted=mark.accepted,
        duplicates=mark.duplicates,
        rejected=mark.rejected,
        orders=mark.orders,
        findings=dict(Counter(codes).most_common()),
        shift_days=mark.shift_days,
        resumed_at=resumed_at,
    )

"""An intake under way: its bookmark, what it counted, and the findings that it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl

from entrepost.operations.store import Intake, Store
from entrepost.operations.webhooks import announce_batch

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


class Part(Protocol):
    """A part of a file, which becomes durable as a whole: a chunk of its rows, or what was read from them."""

    @property
    def position(self) -> int:
        """The rows of the file up to its end."""


P = TypeVar("P", bound=Part)


def begin(store: Store, intake: str, kind: str, file: Path, tenant: str, shift_days: int) -> Intake:
    """The bookmark of a file: where it stopped, or at its beginning where it is new or was finished before."""
    found = store.find_intake(intake)
    if found is not None and found.finished_at is None:
        return found
    now = store.clock.now()
    if found is not None and found.finished_at is not None:  # a run begins after the last, whatever the clock says
        now = max(now, found.finished_at + timedelta(microseconds=1))
    return Intake(intake, tenant, kind, file.name, shift_days, now)


def bring_in(
    store: Store,
    mark: Intake,
    parts: Iterable[P],
    take: Callable[[Intake, P, P | None], tuple[Counts, pl.DataFrame]],
    progress: Progress | None = None,
) -> Outcome:
    """Take a file in part by part, from its bookmark on; the next one is read while one is kept.

    Each part is one transaction with its findings and its bookmark; the last one closes the bookmark too.

    Parameters
    ----------
    parts : iterable
        They are made in a thread, and must not need the store.
    take : callable
        Keeps a part, whose transaction it is called in: counts and findings. It is given the following part
        besides, None at the end.
    """
    resumed_at = mark.position
    for part, following in _with_following(in_advance(parts)):
        with store.transaction():
            mark = follow(store, mark)
            if mark.position < part.position:
                counts, findings = take(mark, part, following)
                mark = advance(store, mark, part.position, counts, findings, is_last=following is None)
        if progress:
            progress(mark.position)
    return finish(store, mark, resumed_at)


def follow(store: Store, mark: Intake) -> Intake:
    """The bookmark as it stands now; another process may be bringing, or just have brought, the same file in.

    The caller holds a transaction, so that nobody moves it until the caller has.
    """
    found = store.find_intake(mark.intake)
    if found is None or (found.finished_at is not None and found.finished_at < mark.started_at):
        return mark
    return found


def advance(
    store: Store, mark: Intake, position: int, counts: Counts, findings: pl.DataFrame, is_last: bool = False
) -> Intake:
    """Move the bookmark past a chunk and keep its findings; the caller holds the chunk's transaction."""
    moved = replace(
        mark,
        position=position,
        read=mark.read + counts.accepted + counts.duplicates + counts.rejected,
        accepted=mark.accepted + counts.accepted,
        duplicates=mark.duplicates + counts.duplicates,
        rejected=mark.rejected + counts.rejected,
        orders=mark.orders + counts.orders,
        finished_at=store.clock.now() if is_last else None,
    )
    store.add_findings(findings, mark.tenant, mark.intake)
    store.put_intake(moved)
    if is_last:
        announce_batch(store, moved)
    return moved


def finish(store: Store, mark: Intake, resumed_at: int) -> Outcome:
    """Close the bookmark if it is open, and say what the intake did, from its first row on."""
    if mark.finished_at is None:
        with store.transaction():
            mark = follow(store, mark)
            if mark.finished_at is None:
                mark = replace(mark, finished_at=store.clock.now())
                store.put_intake(mark)
                announce_batch(store, mark)
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


def in_advance(parts: Iterable[P]) -> Iterator[P]:
    """The same parts, each made in a thread while its forerunner is in use."""
    todo = iter(parts)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, todo, None)
        while (part := coming.result()) is not None:
            coming = thread.submit(next, todo, None)
            yield part


def _with_following(parts: Iterable[P]) -> Iterator[tuple[P, P | None]]:
    """Each part, and the one that follows."""
    waiting: P | None = None
    for part in parts:
        if waiting is not None:
            yield waiting, part
        waiting = part
    if waiting is not None:
        yield waiting, None

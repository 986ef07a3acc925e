"""Messages of other operators in operation: the events that files of EMSEVT report are recorded with their items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from entrepost.base.errors import UnreadableInputError
from entrepost.base.findings import Finding, finding_code
from entrepost.messages.emsevt_bulk import SCHEMA, BulkReader
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.events import record_in_advance
from entrepost.operations.faults import FINDINGS
from entrepost.operations.progress import Outcome, Progress
from entrepost.operations.source import content_hash, read_bytes
from entrepost.operations.store import EVENT, Store
from entrepost.tables.frames import INSTANT

CANCELS = finding_code("message_cancels", "A message cancels events that were told before; events are facts and stay.")

BATCH_BYTES = 8_000_000
"""So much is read at once: it takes a fraction of a second and some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of files of messages: the intake of their events, and what is wrong with the messages themselves."""

    outcome: Outcome
    findings: tuple[Finding, ...]


def record_message_files(
    store: Store,
    paths: Sequence[Path],
    zones: Table[str, str] | None = None,
    tenant: str = "main",
    profile: Profile | None = None,
    progress: Progress | None = None,
) -> Recorded:
    """Record the events of EMSEVT files, each of one interchange.

    It is one intake, named by the content of its files: taken in again it changes nothing, broken off it goes on.
    An event became known when its message was sent, or now if that is said to be later. What is wrong with a message is
    kept among the findings of the intake, and loses no other event.

    Parameters
    ----------
    store : Store
        Where the items are.
    paths : sequence of Path
        The files, in the order in which they came.
    zones : mapping of str to str, optional
        IANA zone of each office.
    tenant : str
        The account of the items.
    profile : Profile, optional
        How the messages are laid out; ours if none is given.
    progress : callable, optional
        Told how many events are done.
    """
    if not paths:
        raise UnreadableInputError("no file of messages is named; name at least one")
    reading = _Reading(paths, BulkReader(zones, profile), store.clock.now())
    name = content_hash(paths, "messages", tenant, profile.file if profile else "")
    outcome = record_in_advance(store, name, paths[0], reading.frames(), tenant, progress)
    found = tuple(reading.findings)
    with store.transaction():
        store.add_findings(_frame_of(found), tenant, outcome.intake)
    return Recorded(outcome, found)


@dataclass(slots=True)
class _Reading:
    """Files on their way to events; `findings` fills as they are read."""

    paths: Sequence[Path]
    reader: BulkReader
    now: datetime
    findings: list[Finding] = field(default_factory=list)

    def frames(self) -> Iterator[tuple[pl.DataFrame, dict[str, str]]]:
        """Events in the order of their minutes, batch by batch, with the zones of their places."""
        for files in self._batches():
            bulk = self.reader.read(files)
            self.findings += bulk.findings
            events = bulk.events
            for number in events.filter(pl.col("function") == "cancel").get_column("file").unique().sort().to_list():
                what, fix = "it cancels events; they stay", "send what is right, at a later time"
                self.findings.append(Finding(CANCELS, "function", what, files[number][0], 0, fix, "warning"))
            sent = pl.min_horizontal("recorded_at", pl.lit(self.now).cast(INSTANT))
            events = events.filter(pl.col("function") != "cancel").with_columns(
                pl.col("reason").replace("", None), recorded_at=sent
            )
            known = [name for name in SCHEMA if name in ("item_id", *EVENT)]
            yield events.select(known).sort(pl.col("time").dt.truncate("1m"), maintain_order=True), bulk.zones

    def _batches(self) -> Iterator[list[tuple[str, bytes]]]:
        batch: list[tuple[str, bytes]] = []
        size = 0
        for path in self.paths:
            data = read_bytes(path)
            if batch and size + len(data) > BATCH_BYTES:
                yield batch
                batch, size = [], 0
            batch.append((path.name, data))
            size += len(data)
        yield batch


def _frame_of(findings: Sequence[Finding]) -> pl.DataFrame:
    rows = [
        (each.code, each.field, each.message, each.subject, each.row, each.fix, each.level, "") for each in findings
    ]
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")

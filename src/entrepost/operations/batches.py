"""Files that are taken in beside everything else: kept first, taken in piece by piece, gone on with after a stop."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from entrepost.base.errors import EntrepostError, ExhaustedError, MissingRowError, MisuseError, StoreError
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.bounds import Bounds, check_bounds
from entrepost.operations.events import record_event_file
from entrepost.operations.intake import intake_orders
from entrepost.operations.look_store import FindingsWanted
from entrepost.operations.mapping import Mapping, load_mapping
from entrepost.operations.progress import Outcome, Progress
from entrepost.operations.records import DONE, FAILED, PROMISES, RUNNING, WAITING, Batch, name_by_time
from entrepost.operations.source import content_hash
from entrepost.operations.store import Intake, Store

KINDS = ("orders", "events")
WAITING_MAX = 100
"""So many files of an account wait at most (assumed): a disk has an end."""

SURPRISED = "something went wrong here that is not the file's fault; send the rows that are missing again, or tell us"


class StoppedError(Exception):
    """Whoever takes a file in was told to stop; what is done stays."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rows are judged by beside themselves: facilities from which orders come, and the zone of each.

    `bounds` say what a file may become when it is unpacked.
    """

    origins: Collection[str] = ()
    zones: Table[str, str] = field(default_factory=dict)
    bounds: Bounds = field(default_factory=Bounds)


def surroundings_of(network: Network) -> Surroundings:
    """Those that a network gives."""
    zones = {facility.facility: facility.time_zone for facility in network.facilities}
    return Surroundings(frozenset(zones), zones)


def take_file(
    store: Store, kind: str, path: Path, tenant: str, around: Surroundings, progress: Progress | None = None
) -> Outcome:
    """Take a file of orders or events in for an account: whatever its rows say, they are that account's."""
    check_bounds(path, around.bounds)
    mapping = _own(kind, path, tenant)
    if kind == "events":
        return record_event_file(store, path, mapping, around.zones, tenant, progress)
    return intake_orders(store, path, mapping, around.origins, tenant, progress)


def name_intake(kind: str, path: Path, tenant: str) -> str:
    """The name of the intake that takes that file in."""
    return content_hash([path], _own(kind, path, tenant).text, kind, tenant)


def begin_batch(store: Store, by: Caller, kind: str, path: Path, shown: str) -> Batch:
    """Keep that a file, which lies at its place for good, is to be taken in.

    Raises
    ------
    MisuseError
        When there is no such kind.
    NotAllowedError
        When the caller may not write what is in it.
    ExhaustedError
        When so many files of the account wait already.
    """
    if kind not in KINDS:
        raise MisuseError(f"{kind!r} is no kind of batch; give {' or '.join(KINDS)}")
    by.demand(f"{kind}:write")
    now = store.clock.now()
    intake = name_intake(kind, path, by.tenant)
    name, size = name_by_time(now), path.stat().st_size
    batch = Batch(by.tenant, name, kind, path.name, WAITING, intake, by.who, now, size, message=shown[:200])
    with store.transaction():
        waiting = store.records.list_with(Batch, "state", (WAITING,))
        waiting = [each for each in waiting if each.tenant == by.tenant and each.kind in KINDS]
        if len(waiting) >= WAITING_MAX:
            raise ExhaustedError(f"{WAITING_MAX} files wait already; send this one when one of them is taken in")
        store.records.put(batch)
        write_down(store, by.tenant, by.who, f"{kind} uploaded", batch.batch)
    return batch


def findings_of(store: Store, batch: Batch, level: str = "") -> FindingsWanted:
    """The findings of a file, or of promises. Where the same file came in before they are not told twice."""
    if batch.kind == PROMISES:
        return FindingsWanted(batch.tenant, batch.intake, "", level)
    of_file = FindingsWanted(batch.tenant, batch.intake, batch.file, level)
    if batch.state in (DONE, FAILED) and not store.look.count_findings(of_file):
        return replace(of_file, subject="")
    return of_file


def get_batch(store: Store, tenant: str, name: str) -> Batch:
    """A batch with how far it is now; raises `MissingRowError` where the account has no such batch."""
    batch = store.records.find(Batch, tenant, name)
    if batch is None:
        raise MissingRowError(f"the account has no batch {name}")
    return with_progress(store, batch)


def with_progress(store: Store, batch: Batch) -> Batch:
    """A batch that is being taken in, with how far its intake is."""
    mark = store.find_intake(batch.intake) if batch.state == RUNNING else None
    return batch if mark is None else _counted(batch, mark)


def list_batches(store: Store, tenant: str, before: str = "", limit: int = 0) -> list[Batch]:
    """The batches of an account, the latest first."""
    return [with_progress(store, each) for each in store.records.list_latest(Batch, tenant, before, limit)]


def claim_batch(store: Store, lease: timedelta, kinds: Sequence[str] = KINDS) -> Batch | None:
    """The oldest batch of these kinds that nobody takes in, which is now the caller's until the lease is over; or None.

    Promises wait until no orders of the account are being taken in: an order may have a line in the next piece.
    """
    with store.transaction():
        store.records.hold("batches")
        now = store.clock.now()
        open_ = store.records.list_with(Batch, "state", (WAITING, RUNNING))
        busy = {each.tenant for each in open_ if each.kind == "orders" and each.state == RUNNING}
        for batch in open_:
            if batch.kind == PROMISES and batch.tenant in busy:
                continue
            silent = batch.state == RUNNING and (batch.lease_until is None or batch.lease_until <= now)
            if batch.kind in kinds and (batch.state == WAITING or silent):
                claimed = replace(batch, state=RUNNING, lease_until=now + lease)
                store.records.put(claimed)
                return claimed
    return None


def run_batch(
    store: Store, batch: Batch, folder: Path, around: Surroundings, tell: Callable[[], None] | None = None
) -> Batch:
    """Take a claimed batch in from where it stopped, and its file away; `tell` is called after each piece.

    A store that is away leaves the batch for later, as does a stop.
    """
    path = folder / batch.file

    def progress(_done: int) -> None:
        if tell:
            tell()

    try:
        take_file(store, batch.kind, path, batch.tenant, around, progress)
        ended = replace(batch, state=DONE)
    except StoreError:
        raise
    except (EntrepostError, FileNotFoundError) as error:
        ended = replace(batch, state=FAILED, message=str(error).replace(str(folder), "")[:500])
    return _end(store, ended, path)


def give_up(store: Store, batch: Batch, folder: Path) -> Batch:
    """End a batch that went wrong as nobody expected: what came in stays, and other files have their turn."""
    return _end(store, replace(batch, state=FAILED, message=SURPRISED), folder / batch.file)


def _end(store: Store, ended: Batch, path: Path) -> Batch:
    mark = store.find_intake(ended.intake)
    ended = replace(ended if mark is None else _counted(ended, mark), finished_at=store.clock.now(), lease_until=None)
    store.records.put(ended)
    path.unlink(missing_ok=True)
    mapping_beside(path).unlink(missing_ok=True)
    return ended


def extend_lease(store: Store, batch: Batch, lease: timedelta) -> None:
    """Say that a batch is still being taken in."""
    with store.transaction():
        store.records.hold(f"promises of {batch.tenant}")
        held = store.records.find(Batch, batch.tenant, batch.batch) or batch
        store.records.put(replace(held, lease_until=store.clock.now() + lease))


def _counted(batch: Batch, mark: Intake) -> Batch:
    return replace(
        batch,
        position=mark.position,
        accepted=mark.accepted,
        duplicates=mark.duplicates,
        rejected=mark.rejected,
    )


def mapping_beside(path: Path) -> Path:
    """Where the mapping of a file lies, if it has one."""
    return path.with_name(f"{path.name}.toml")


def _own(kind: str, path: Path, tenant: str) -> Mapping:
    """By the mapping beside the file, otherwise its columns have our names; every row is of the account."""
    beside = mapping_beside(path)
    mapping = load_mapping(beside, kind) if beside.is_file() else Mapping(kind)
    columns = {name: theirs for name, theirs in mapping.columns.items() if name != "tenant"}
    return replace(mapping, columns=columns, constants={**mapping.constants, "tenant": tenant})

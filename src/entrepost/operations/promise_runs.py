"""Gives the promises for which orders wait, chunk by chunk, as work in the background.

Each chunk is one transaction with its promises, its findings and what the batch counts, so that whoever takes it up
after a stop goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import polars as pl

from entrepost.base.errors import EntrepostError, StoreError
from entrepost.network.network import Network
from entrepost.operations.active_rules import by_account
from entrepost.operations.batches import SURPRISED, StoppedError
from entrepost.operations.order_desk import OrderDesk, Promised
from entrepost.operations.promising import AS_THEY_COME, standing_policy
from entrepost.operations.records import DONE, FAILED, RUNNING, Batch
from entrepost.operations.store import Intake, Store
from entrepost.operations.webhooks import announce_batch

CHUNK_ORDERS = 2_000
"""So many orders are promised in a transaction: a stop loses no more work than that."""


def run_promises(store: Store, batch: Batch, network: Network, tell: Callable[[], None] = lambda: None) -> Batch:
    """Promise the orders that wait for a claimed batch; `tell` is called before each chunk, and may raise to stop.

    A store that is away leaves the rest for later, as does a stop.
    """
    now = batch
    try:
        while now.state == RUNNING:
            tell()
            now = _promise_some(store, now, network)
    except (StoreError, StoppedError):
        raise
    except EntrepostError as error:
        now = give_up_promises(store, batch, str(error)[:500])
    return now


def give_up_promises(store: Store, batch: Batch, message: str = SURPRISED) -> Batch:
    """End a batch that went wrong: what was promised stays, the others can be asked for again."""
    with store.transaction():
        store.desk.end_waiting(batch.tenant, batch.batch)
        return _end(store, replace(_held(store, batch), state=FAILED, message=message))


def _promise_some(store: Store, batch: Batch, network: Network) -> Batch:
    """Promise the next chunk of a batch, or end it where no order waits any more."""
    waiting = store.desk.list_waiting(batch.tenant, batch.batch, CHUNK_ORDERS)
    if not waiting.height:
        with store.transaction():
            held = _held(store, batch)
            left = store.desk.count_waiting(batch.tenant, batch.batch)
            return held if left else _end(store, replace(held, state=DONE))
    lines = store.find_lines(waiting)
    for part in by_account(store, lines):
        policy = part.policy if part.tenant else standing_policy(store, batch.tenant)
        desk = OrderDesk(store, network, batch.tenant, batch.intake)
        with suppress(_AnothersError):  # what was done of it is rolled back, and the next chunk is looked for
            desk.promise(part.lines, policy, lambda done: _count(store, batch, waiting, done))
    if not lines.height:
        store.desk.wait_no_more(waiting, batch.batch)
    return _held(store, batch)


class _AnothersError(Exception):
    """Somebody took the batch up because its lease was over, and did this chunk first."""


def _count(store: Store, batch: Batch, waiting: pl.DataFrame, done: Promised) -> None:
    """Count a chunk, once: an order counts for who finds it waiting still."""
    held = _held(store, batch)
    left = store.desk.list_waiting(batch.tenant, batch.batch, CHUNK_ORDERS)
    if waiting.join(left, on=waiting.columns, how="semi").height < waiting.height:
        raise _AnothersError
    counted = replace(
        held,
        position=held.position + done.orders,
        accepted=held.accepted + done.promised,
        rejected=held.rejected + done.unserved,
        duplicates=held.duplicates + done.orders - done.promised - done.unserved,
    )
    store.desk.wait_no_more(waiting, batch.batch)
    store.records.put(counted)


def _held(store: Store, batch: Batch) -> Batch:
    """The batch as it stands now, and to the end of the transaction, if there is one."""
    store.records.hold(f"promises of {batch.tenant}")
    return store.records.find(Batch, batch.tenant, batch.batch) or batch


def _end(store: Store, ended: Batch) -> Batch:
    ended = replace(ended, finished_at=store.clock.now(), lease_until=None)
    store.records.put(ended)
    if ended.message != AS_THEY_COME:
        announce_batch(store, _as_intake(ended))
    return ended


def _as_intake(batch: Batch) -> Intake:
    """A batch as webhooks tell of the end of a file; `read` are the orders, `accepted` those with a promise."""
    counts = (batch.position, batch.position, batch.accepted, batch.duplicates, batch.rejected, batch.accepted)
    whose = (batch.intake, batch.tenant, batch.kind, batch.batch)
    return Intake(*whose, 0, batch.created_at, batch.finished_at, *counts)

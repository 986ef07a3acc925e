"""How an account's orders are promised, and which of them wait for a promise: all when asked for, or as they come in.

They wait for a batch of the kind `promises`; `operations.promise_runs` gives the promises.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import polars as pl

from entrepost.base.clock import to_micros
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.house_records import Promising
from entrepost.operations.records import PROMISES, RUNNING, WAITING, Batch, Person, name_by_time
from entrepost.operations.store import Store
from entrepost.service.policy import Policy, named_policy

ORDERS = "orders"
"""What is promised, as the setting of an account names it."""

ASKED, AS_THEY_COME = "Promises for all orders without one", "Promises for orders as they come in"
USUAL = "balanced"
"""The policy of an account that never named one."""

SERVER = "server"
"""Who begins promises that nobody asked for."""


def find_promising(store: Store, tenant: str) -> Promising | None:
    """How an account's orders are promised, at a glance; None where it never said so: `balanced`, when asked for."""
    return store.glance.find(Promising, tenant, ORDERS)


def set_promising(store: Store, by: Caller, policy: str, at_once: bool) -> Promising:
    """Say by which policy orders are promised where no segments are active, and whether as they come in.

    Raises
    ------
    MisuseError
        When there is no such policy.
    """
    named_policy(policy[:40])
    told = Promising(by.tenant, ORDERS, policy, by.who, int(at_once), store.clock.now())
    with store.transaction():
        store.records.put(told)
        when = "as they come in" if at_once else "when asked for"
        write_down(store, by.tenant, by.who, "promises", f"{policy}, {when}")
    return told


def promise_from_the_start(store: Store, tenant: str) -> None:
    """An account whose first person comes before its first order promises orders as they come in.

    One that had orders before has its own way to promise them, which goes on until somebody says otherwise.
    """
    if store.records.find(Promising, tenant, ORDERS) or store.records.list_of(Person, tenant, limit=1):
        return
    if not store.list_orders(tenant, limit=1).height:
        store.records.put(Promising(tenant, ORDERS, USUAL, SERVER, 1, store.clock.now()))


def standing_policy(store: Store, tenant: str) -> Policy:
    """The policy of an account where no segments are active."""
    found = find_promising(store, tenant)
    return named_policy(found.policy if found else USUAL)


def ask_promises(store: Store, by: Caller) -> Batch:
    """Let every order of the account that has no promise wait for one."""
    by.demand("orders:write")
    now = store.clock.now()
    batch = _new(by.tenant, name_by_time(now), by.who, now, ASKED)
    with store.transaction():
        open_ = [each for each in store.records.list_with(Batch, "state", (WAITING,)) if each.tenant == by.tenant]
        asked = next((each for each in open_ if each.kind == PROMISES and each.message == ASKED), None)
        if asked is not None:
            return asked
        store.desk.let_all_wait(by.tenant, batch.batch)
        store.records.put(batch)
        write_down(store, by.tenant, by.who, "promises asked for", batch.batch)
    return batch


def promise_as_they_come(store: Store, lines: pl.DataFrame) -> None:
    """Let new orders wait for a promise where their account promises at once; in the transaction that keeps them.

    All of a day are one batch, which goes on whenever some come in.
    """
    for (tenant,), part in lines.group_by("tenant", maintain_order=True):
        found = store.records.find(Promising, str(tenant), ORDERS)
        if found is not None and found.at_once:
            _let_wait(store, str(tenant), part)


def _let_wait(store: Store, tenant: str, lines: pl.DataFrame) -> None:
    now = store.clock.now()
    ends = datetime.combine(now.date(), time(), UTC) + timedelta(days=1)  # so that it stands above those of the day
    name = f"{to_micros(ends):014x}{0:010x}"
    store.records.hold(f"promises of {tenant}")
    batch = store.records.find(Batch, tenant, name) or _new(tenant, name, SERVER, now, AS_THEY_COME)
    store.desk.let_wait(lines, name)
    if batch.state != RUNNING:
        store.records.put(replace(batch, state=WAITING, message=AS_THEY_COME, finished_at=None))


def _new(tenant: str, name: str, who: str, now: datetime, message: str) -> Batch:
    intake = f"promises-{hashlib.sha256(f'{tenant} {name}'.encode()).hexdigest()[:40]}"
    return Batch(tenant, name, PROMISES, "", WAITING, intake, who, now, message=message)

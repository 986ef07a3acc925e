"""Plans that are made beside everything else: begun, claimed by one process, told, stopped, begun again after a stop.

What is asked and what comes of it lies in a folder of its own; the store knows the state, and who began it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from entrepost.base.errors import EntrepostError, ExhaustedError, MissingRowError, MisuseError, StoreError
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.plan_asked import PlanAsked
from entrepost.operations.plan_course import ASKED, ORDERS, Course, Told
from entrepost.operations.records import name_by_time
from entrepost.operations.store import Store

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OPEN = (WAITING, RUNNING)
PLAN, SCENARIO = "plan", "scenario"
WAITING_MAX = 20
"""So many plans of an account wait or run at a time."""

TITLE_MAX = 200
PPM = 1_000_000


class StoppedError(Exception):
    """Whoever makes a plan was told to stop altogether; it is begun again later."""


def plans_folder(uploads: Path) -> Path:
    """Where the folders of plans lie."""
    return uploads / "plans"


def folder_of(uploads: Path, run: PlanRun) -> Path:
    """The folder of a plan."""
    return plans_folder(uploads) / run.run


def keep_orders(uploads: Path, tenant: str, orders: pl.DataFrame) -> str:
    """Keep orders that were sent for plans of an account; the name by which that account may ask for them."""
    place = _files(uploads, tenant)
    place.mkdir(parents=True, exist_ok=True)
    name = uuid4().hex
    orders.write_parquet(place / f"{name}.parquet")
    return name


def begin_plan(
    store: Store, uploads: Path, by: Caller, asked: PlanAsked, title: str = "", like: PlanRun | None = None
) -> PlanRun:
    """Keep that a plan is to be made, from the account's orders as they are now or from a file that it sent.

    It is made from the very orders of another plan where that is given (`like`).

    Raises
    ------
    MisuseError
        When there are no orders, or no such file.
    ExhaustedError
        When too many plans wait already.
    """
    by.demand("orders:read")
    if like is not None:
        orders = pl.read_parquet(folder_of(uploads, like) / ORDERS)
    else:
        orders = _find_orders(uploads, by.tenant, asked.file) if asked.file else store.list_orders(by.tenant)
    if orders.is_empty():
        raise MisuseError("there are no orders to plan from; bring some in first")
    run = _new(store, by, PLAN, title or f"Plan from {orders.select('order_id', 'seller').n_unique():,} orders")
    run = replace(run, asked=asked.to_text())
    folder = folder_of(uploads, run)
    folder.mkdir(parents=True)
    orders.write_parquet(folder / ORDERS)
    (folder / ASKED).write_text(run.asked, encoding="utf-8")
    return _begin(store, by, run)


def begin_scenarios(store: Store, uploads: Path, by: Caller, of: str, title: str = "") -> PlanRun:
    """Keep that a plan which is there is to be looked at in other worlds."""
    plan = get_run(store, by.tenant, of, PLAN)
    if plan.state not in (DONE, CANCELLED) or plan.warehouses is None:
        raise MisuseError(f"the plan {of} is {plan.state}; scenarios need one that is done")
    run = replace(_new(store, by, SCENARIO, title or f"Other worlds of {plan.title}"), of=of)
    folder_of(uploads, run).mkdir(parents=True)
    return _begin(store, by, run)


def get_run(store: Store, tenant: str, name: str, kind: str) -> PlanRun:
    """A plan, or the scenarios of one; raises `MissingRowError` where the account has none of that name."""
    run = store.records.find(PlanRun, tenant, name)
    if run is None or run.kind != kind:
        raise MissingRowError(f"the account has no {kind} {name}")
    return run


def list_runs(store: Store, tenant: str, kind: str, before: str = "", limit: int = 0) -> list[PlanRun]:
    """The plans of an account, or their scenarios, the latest first."""
    found: list[PlanRun] = []
    while True:
        page = store.records.list_latest(PlanRun, tenant, before, limit)
        found += [run for run in page if run.kind == kind]
        if not limit or len(page) < limit or len(found) >= limit:
            return found[:limit] if limit else found
        before = page[-1].run


def cancel_run(store: Store, by: Caller, name: str, kind: str) -> PlanRun:
    """End a plan: one that waits is not made, one that is being made ends with the best plan by then."""
    get_run(store, by.tenant, name, kind)
    with store.transaction():
        run = _hold(store, by.tenant, name)
        if run.state not in OPEN:
            return run
        ended = replace(run, state=CANCELLED, finished_at=store.clock.now(), message="cancelled before it began")
        run = ended if run.state == WAITING else replace(run, is_stopping=1)
        store.records.put(run)
        write_down(store, by.tenant, by.who, f"{kind} cancelled", name)
    return run


def remove_run(store: Store, uploads: Path, by: Caller, name: str, kind: str) -> PlanRun:
    """Forget a plan that is not being made, and its folder; rules that were made of it stay."""
    run = get_run(store, by.tenant, name, kind)
    if run.state in OPEN:
        raise MisuseError(f"the {kind} {name} is {run.state}; cancel it first")
    with store.transaction():
        store.records.remove(PlanRun, by.tenant, name)
        write_down(store, by.tenant, by.who, f"{kind} removed", name)
    shutil.rmtree(folder_of(uploads, run), ignore_errors=True)
    return run


def claim_run(store: Store, lease: timedelta) -> PlanRun | None:
    """The oldest plan that nobody makes, which is now the caller's until the lease is over; or None."""
    with store.transaction():
        store.records.hold("plan runs")
        now = store.clock.now()
        for run in store.records.list_with(PlanRun, "state", OPEN):
            silent = run.state == RUNNING and (run.lease_until is None or run.lease_until <= now)
            if run.state == WAITING or silent:
                claimed = replace(run, state=RUNNING, stage="begins", lease_until=now + lease, started_at=now)
                store.records.put(claimed)
                return claimed
    return None


def tell_run(store: Store, run: PlanRun, told: Told, lease: timedelta) -> PlanRun:
    """Keep how far a plan is, and that somebody still makes it; what it has become meanwhile, such as cancelled."""
    with store.transaction():
        now, held = store.clock.now(), _hold(store, run.tenant, run.run)
        changed = replace(
            held,
            stage=told.stage,
            gap_ppm=held.gap_ppm if told.gap is None else round(told.gap * PPM),
            warehouses=held.warehouses if told.warehouses is None else told.warehouses,
            seconds=_seconds(held, now),
            lease_until=now + lease,
        )
        store.records.put(changed)
    return changed


def finish_run(store: Store, run: PlanRun, work: Callable[[], str]) -> PlanRun:
    """Do the work of a claimed plan and keep what became of it; a store that is away leaves it for later."""
    try:
        message = work()
        state = FAILED if message else DONE
    except (StoreError, StoppedError):
        raise
    except (EntrepostError, OSError) as error:
        state, message = FAILED, str(error)[:500]
    with store.transaction():
        now, held = store.clock.now(), _hold(store, run.tenant, run.run)
        state = CANCELLED if held.is_stopping else state
        ended = replace(held, state=state, stage="", message=message, finished_at=now, lease_until=None)
        ended = replace(ended, seconds=_seconds(held, now))
        store.records.put(ended)
    return ended


def course_of(store: Store, run: PlanRun, lease: timedelta, go_on: Callable[[], None]) -> Course:
    """A course that is told to the store; `go_on` raises where the whole work shall stop."""
    now = [run]

    def tell(told: Told) -> None:
        go_on()
        now[0] = tell_run(store, run, told, lease)

    return Course(tell, lambda: bool(now[0].is_stopping))


def _new(store: Store, by: Caller, kind: str, title: str) -> PlanRun:
    now = store.clock.now()
    title = " ".join(title.split())[:TITLE_MAX]
    return PlanRun(by.tenant, name_by_time(now), kind, "", title, "", WAITING, "", "", by.who, now)


def _begin(store: Store, by: Caller, run: PlanRun) -> PlanRun:
    with store.transaction():
        waiting = [each for each in store.records.list_with(PlanRun, "state", OPEN) if each.tenant == by.tenant]
        if len(waiting) >= WAITING_MAX:
            raise ExhaustedError(f"{len(waiting)} plans of the account wait already; cancel some, or ask again later")
        store.records.put(run)
        write_down(store, by.tenant, by.who, f"{run.kind} begun", run.run, run.title)
    return run


def _hold(store: Store, tenant: str, name: str) -> PlanRun:
    store.records.hold(f"plan run {tenant} {name}")
    run = store.records.find(PlanRun, tenant, name)
    if run is None:
        raise MissingRowError(f"the account has no plan {name} any more")
    return run


def _seconds(run: PlanRun, now: Any) -> int:
    return round((now - run.started_at).total_seconds()) if run.started_at else 0


def _files(uploads: Path, tenant: str) -> Path:
    return plans_folder(uploads) / f"files-{hashlib.sha256(tenant.encode()).hexdigest()[:24]}"


def _find_orders(uploads: Path, tenant: str, name: str) -> pl.DataFrame:
    path = _files(uploads, tenant) / f"{Path(name).name}.parquet"
    if not path.is_file():
        raise MisuseError(f"the account sent no orders {name!r}; send them first")
    return pl.read_parquet(path)

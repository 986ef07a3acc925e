"""Makes the plans that were asked for, one after another, beside the requests: in a process of its own, or a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any

from entrepost.api.house import House
from entrepost.api.steady import attempt
from entrepost.base.errors import EntrepostError, StoreError
from entrepost.operations.desk_records import PlanRun
from entrepost.operations.plan_runs import (
    CANCELLED,
    DONE,
    PLAN,
    StoppedError,
    claim_run,
    course_of,
    finish_run,
    folder_of,
    plans_folder,
)
from entrepost.operations.store import Store

LOG = logging.getLogger("entrepost.api")
POLL_SECONDS = 5.0
WATCH_SECONDS = 0.5
NICE = 10
SURPRISED = "something went wrong here that nobody expected; ask for it again, or tell us"
LEASE_LEAST = 30.0


class Planner:
    """The thread that makes plans, from `start` to `stop`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lease = timedelta(seconds=max(house.params.lease_seconds, LEASE_LEAST if house.beside else 0))
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="plans", daemon=True)

    def start(self) -> None:
        """Begin to look for plans."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; a plan that is being made is begun again at the next start."""
        self._stopping.set()
        self._house.planner_awake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        store = self._house.open_beside()
        while not self._stopping.is_set():
            try:
                attempt("plans", partial(self._go_round, store), StoreError, StoppedError)
            except StoppedError:
                break
            except StoreError as error:
                LOG.warning('{"plans": "wait", "store": "%s"}', type(error).__name__)
            self._house.planner_awake.wait(POLL_SECONDS)
            self._house.planner_awake.clear()
        if store is not self._house.store:
            store.close()

    def _go_round(self, store: Store) -> None:
        while not self._stopping.is_set() and self._next(store):
            pass

    def _next(self, store: Store) -> bool:
        run = claim_run(store, self._lease)
        if run is not None:
            ended = finish_run(store, run, partial(self._make_steadily, store, run))
            folder = folder_of(self._house.uploads, run)
            if ended.kind == PLAN and ended.state in (DONE, CANCELLED):
                from entrepost.operations.active_rules import keep_segments

                keep_segments(store, ended, folder)
        return run is not None

    def _make_steadily(self, store: Store, run: PlanRun) -> str:
        message = attempt("plan", partial(self._make, store, run), EntrepostError, OSError, StoppedError)
        return SURPRISED if message is None else message

    def _make(self, store: Store, run: PlanRun) -> str:
        course = course_of(store, run, self._lease, self._go_on)
        task = _Task(str(plans_folder(self._house.uploads)), self._house.network_source, run.run, run.of)
        if not self._house.params.plans_apart:
            return _do(task, course)
        return _apart(task, course, self._go_on)

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise StoppedError


class _Task:
    """What is to be made, for a process that knows nothing else."""

    def __init__(self, plans: str, source: str, run: str, of: str) -> None:
        self.plans, self.source, self.run, self.of = plans, source, run, of


def _do(task: _Task, course: Any) -> str:
    """Make a plan, or look at one in other worlds."""
    import entrepost
    from entrepost.operations.plan_work import SAMPLE, candidates_of, make_plan, make_worlds

    network = entrepost.sample_network() if task.source == SAMPLE else entrepost.load_network(task.source)
    folder, candidates = Path(task.plans) / task.run, candidates_of(task.source)
    if task.of:
        return make_worlds(folder, Path(task.plans) / task.of, network, candidates, course)
    return make_plan(folder, network, candidates, course)


def _apart(task: _Task, course: Any, go_on: Callable[[], None]) -> str:
    """Make it in a new process, which tells how far it is and is told when it shall end."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work_apart, args=(task, there), daemon=True, name="plan")
    process.start()
    there.close()
    try:
        return _watch(here, course, go_on)
    except EOFError:
        return "the process that made the plan ended before it was done"
    finally:
        if process.is_alive():
            process.terminate()
        process.join()
        here.close()


def _watch(here: Connection, course: Any, go_on: Callable[[], None]) -> str:
    """Hand on what the process tells, until it tells how it ended."""
    is_told = False
    while True:
        go_on()
        kind, said = here.recv() if here.poll(WATCH_SECONDS) else ("told", course.told)
        if kind == "end":
            return str(said)
        course.told = said
        course.tell(said)
        if course.is_over() and not is_told:
            here.send("stop")
            is_told = True


def _work_apart(task: _Task, tell: Connection) -> None:
    import os

    from entrepost.operations.plan_course import Course

    os.nice(NICE)
    is_over = False

    def asked_to_end() -> bool:
        nonlocal is_over
        is_over = is_over or tell.poll()
        return is_over

    course = Course(lambda told: tell.send(("told", told)), asked_to_end)
    try:
        said = _do(task, course)
    except (EntrepostError, OSError) as error:
        said = str(error)[:500] or type(error).__name__
    tell.send(("end", said))
    tell.close()

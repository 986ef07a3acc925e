"""The same work for many tasks: one after the other, over several processes, or over a Ray cluster.

The work is a plain function of what all tasks share and of one task. What comes back stands in the order of the
tasks, whatever was ready first, and does not depend on how many work on it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from typing import Any, TypeVar

from entrepost.base.errors import MisuseError

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")

_SHARED: list[Any] = []


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work: so many processes of this machine, or a Ray cluster at an address; see `replicate`."""

    workers: int = 1
    ray: str = ""

    def map(self, work: Callable[[Shared, Task], Result], shared: Shared, tasks: Sequence[Task]) -> Iterator[Result]:
        """What the work gives for each task, in the order of the tasks."""
        return replicate(work, shared, tasks, self.workers, self.ray)


ALONE = Crew()
"""This process alone."""


def replicate(
    work: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    workers: int = 1,
    ray: str = "",
) -> Iterator[Result]:
    """Do a piece of work for each task; results come in the order of the tasks, each as soon as it can.

    Parameters
    ----------
    work : callable
        A function of a module, without state of its own: ``work(shared, task)``.
    shared : object
        What every task needs; it is handed to each worker once.
    tasks : sequence
        Such as seeds, or pairs of scenario and seed.
    workers : int
        Processes; 1 works in this one.
    ray : str
        The address of a Ray cluster, such as ``"ray://10.0.0.1:10001"``; ``"auto"`` for the one that this machine
        belongs to, ``"local"`` for a new one of this machine alone, which ends with this process. Then `workers` is
        of no meaning. Needs the extra ``ray``.

    Raises
    ------
    MisuseError
        When Ray is asked for and not installed, or there are no workers.
    """
    if workers < 1:
        raise MisuseError(f"workers is {workers}; give at least 1")
    if ray:
        return _over_ray(work, shared, tasks, ray)
    if workers == 1 or len(tasks) < 2:
        return (work(shared, task) for task in tasks)
    return _over_processes(work, shared, tasks, min(workers, len(tasks)))


def _over_processes(
    work: Callable[[Shared, Task], Result], shared: Shared, tasks: Sequence[Task], workers: int
) -> Iterator[Result]:
    """New processes, not forks: a fork of a process with threads may stand still."""
    with ProcessPoolExecutor(workers, get_context("spawn"), _remember, (work, shared)) as pool:
        waiting = [pool.submit(_do, task) for task in tasks]
        try:
            for each in waiting:
                yield each.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _remember(work: Callable[[Any, Any], Any], shared: Any) -> None:
    _SHARED[:] = [work, shared]


def _do(task: Any) -> Any:
    work, shared = _SHARED
    return work(shared, task)


def _over_ray(
    work: Callable[[Shared, Task], Result], shared: Shared, tasks: Sequence[Task], address: str
) -> Iterator[Result]:
    try:
        ray: Any = import_module("ray")
    except ImportError:
        raise MisuseError('Ray is not installed; install it with pip install "entrepost[ray]"') from None
    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False, include_dashboard=False)
    remote = ray.remote(work)
    stored = ray.put(shared)
    waiting = deque(remote.remote(stored, task) for task in tasks)
    try:
        while waiting:
            result = ray.get(waiting[0])
            waiting.popleft()
            yield result
    finally:
        for each in waiting:  # those alone: to cancel a task that has just ended can end this process (Ray 2.60)
            ray.cancel(each)

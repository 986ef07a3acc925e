"""Threads that stand behind the requests: what they do takes a while, and no request is to wait for it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import get_native_id
from time import monotonic
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NICE = 10
"""How far behind the requests such a thread stands, where threads can (Linux)."""

LATE_SECONDS = 2.0
"""What waits longer for its thread is left out (assumed): else who comes last waits for all that came before."""


class Behind:
    """A few threads that begin with the first work."""

    def __init__(self, threads: int, late_seconds: float = LATE_SECONDS) -> None:
        self._pool = ThreadPoolExecutor(threads, "behind", stand_behind)
        self._late_seconds = late_seconds

    async def do(self, work: Callable[P, T], *asked: P.args, **more: P.kwargs) -> T | None:
        """Do it there, for the account of the request; None where no thread was free in time."""
        latest = monotonic() + self._late_seconds
        here = partial(copy_context().run, partial(work, *asked, **more))
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(_in_time, here, latest))


def _in_time(work: Callable[[], T], latest: float) -> T | None:
    return work() if monotonic() <= latest else None


def stand_behind() -> None:
    """Let all other threads go first."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)

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
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NICE = 10
"""How far behind the requests such a thread stands, where threads can (Linux)."""


class Behind:
    """A few threads that begin with the first work."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "behind", stand_behind)

    async def do(self, work: Callable[P, T], *asked: P.args, **more: P.kwargs) -> T:
        """Do it there, for the account of the request."""
        here = partial(copy_context().run, partial(work, *asked, **more))
        return await asyncio.get_running_loop().run_in_executor(self._pool, here)


def stand_behind() -> None:
    """Let all other threads go first."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)

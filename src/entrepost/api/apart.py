"""Work that would take a processor from requests: done in a process of its own, at a low priority."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from entrepost.api.behind import NICE
from entrepost.base.errors import EntrepostError

A = TypeVar("A")
T = TypeVar("T")
WATCH_SECONDS = 0.5


class Apart(Generic[A, T]):
    """Does one kind of work apart; `work` is a function of a module, for a process that knows nothing else.

    `is_over` is asked now and then whether the whole server stops; the process is ended then.
    """

    def __init__(self, work: Callable[[A], T], is_over: Callable[[], bool], name: str) -> None:
        self._work, self._is_over, self._name = work, is_over, name

    def do(self, asked: A) -> T:
        """What comes of it.

        Raises
        ------
        EntrepostError
            When the work raised one, or its process ended before it was done.
        """
        context = get_context("spawn")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_do, args=(self._work, asked, there), daemon=True, name=self._name)
        process.start()
        there.close()
        try:
            return self._hear(here)
        finally:
            if process.is_alive():
                process.terminate()
            process.join()
            here.close()

    def _hear(self, here: Connection) -> T:
        while not here.poll(WATCH_SECONDS):
            if self._is_over():
                raise EntrepostError(f"{self._name} was stopped")
        try:
            said, found = here.recv()
        except EOFError:
            raise EntrepostError(f"the process of {self._name} ended before it was done") from None
        if said:
            raise EntrepostError(said)
        told: T = found
        return told


def _do(work: Callable[[A], T], asked: A, tell: Connection) -> None:
    os.nice(NICE)
    try:
        tell.send(("", work(asked)))
    except (EntrepostError, OSError) as error:
        tell.send((str(error)[:500] or type(error).__name__, None))
    tell.close()

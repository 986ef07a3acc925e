"""What is worked out of all items of an account: once for everybody who looks, anew after a while, beside requests."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from entrepost.base.errors import EntrepostError, NotYetError
from entrepost.operations.acting import acting_for

T = TypeVar("T")
LOG = logging.getLogger("entrepost.api")


@dataclass
class _Board(Generic[T]):
    """What was worked out for an account, and when by the clock of this process; `wrong`: why it could not be."""

    done: Event = field(default_factory=Event)
    value: T | None = None
    made_at: float = 0.0
    is_renewed: bool = False
    wrong: EntrepostError | None = None


PATIENCE_SECONDS = 10.0
"""So long a program that asks for the first time waits; a page a moment."""


class Boards(Generic[T]):
    """A board for each account. What is there is told while it is made anew; nobody waits for longer than they say."""

    def __init__(self, make: Callable[[str], T], fresh_seconds: float) -> None:
        self._make = make
        self._fresh_seconds = fresh_seconds
        self._boards: dict[str, _Board[T]] = {}
        self._lock = Lock()
        self._turn = Lock()

    def get(self, tenant: str, patience_seconds: float | None = None) -> T:
        """What is known, at most as old as it may be but for the time that it takes to make it anew.

        Parameters
        ----------
        patience_seconds : float, optional
            So long the first look waits; without it until it is made.

        Raises
        ------
        NotYetError
            When it has not been made by then.
        """
        board = self._begin(tenant)
        if board.value is None and not board.done.wait(patience_seconds):
            raise NotYetError(
                "this is worked out of all items, for the first time since the server started; look again"
            )
        if board.value is None:
            raise board.wrong or NotYetError("this could not be worked out; look again")
        return board.value

    def begin(self, tenant: str) -> None:
        """Let it be made, where it never was."""
        if self._fresh_seconds > 0 and tenant not in self._boards:
            self._begin(tenant)

    def _begin(self, tenant: str) -> _Board[T]:
        if self._fresh_seconds <= 0:
            return _Board(value=self._make(tenant))
        with self._lock:
            board = self._boards.setdefault(tenant, _Board())
            is_old = board.value is None or time.monotonic() - board.made_at >= self._fresh_seconds
            begins = is_old and not board.is_renewed
            if begins:
                board.is_renewed = True
                board.done.clear()
        if begins:
            Thread(target=self._renew, args=(tenant, board), name="boards", daemon=True).start()
        return board

    def _renew(self, tenant: str, board: _Board[T]) -> None:
        """One account after another has its turn."""
        try:
            with self._turn, acting_for(tenant):
                board.value, board.wrong = self._make(tenant), None
            board.made_at = time.monotonic()
        except EntrepostError as error:
            board.wrong = error
            LOG.warning(json.dumps({"boards": "not made", "why": type(error).__name__}))
        finally:
            board.is_renewed = False
            board.done.set()

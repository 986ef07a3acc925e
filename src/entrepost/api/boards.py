"""What is worked out of all items of an account: once for everybody who looks, anew after a while, beside requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Generic, TypeVar

from entrepost.operations.acting import acting_for

T = TypeVar("T")


@dataclass
class _Board(Generic[T]):
    """What was worked out for an account, and when by the clock of this process."""

    lock: Lock
    value: T | None = None
    made_at: float = 0.0
    is_renewed: bool = False


class Boards(Generic[T]):
    """A board for each account. Who looks first waits; afterwards what was there is told while it is made anew."""

    def __init__(self, make: Callable[[str], T], fresh_seconds: float) -> None:
        self._make = make
        self._fresh_seconds = fresh_seconds
        self._boards: dict[str, _Board[T]] = {}
        self._lock = Lock()

    def get(self, tenant: str) -> T:
        """What is known, at most as old as it may be but for the time that it takes to make it anew."""
        with self._lock:
            board = self._boards.setdefault(tenant, _Board(Lock()))
            is_old = time.monotonic() - board.made_at >= self._fresh_seconds
            begins = board.value is not None and self._fresh_seconds > 0 and is_old and not board.is_renewed
            board.is_renewed = board.is_renewed or begins
        if begins:
            Thread(target=self._renew, args=(tenant, board), name="boards", daemon=True).start()
        if board.value is not None and self._fresh_seconds > 0:
            return board.value
        with board.lock:
            if board.value is not None and time.monotonic() - board.made_at < self._fresh_seconds:
                return board.value
            return self._put(board, self._make(tenant))

    def _renew(self, tenant: str, board: _Board[T]) -> None:
        try:
            with acting_for(tenant):
                self._put(board, self._make(tenant))
        finally:
            board.is_renewed = False

    def _put(self, board: _Board[T], value: T) -> T:
        board.value, board.made_at = value, time.monotonic()
        return value

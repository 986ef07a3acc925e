"""Turns at work that keeps the whole machine busy: a few requests have one at once, the others wait, not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from entrepost.base.errors import NotYetError

AT_ONCE = 4
PATIENCE_SECONDS = 10.0


class Turns:
    """So many at once, for the requests of one server; who waits longer than its patience is told to come again."""

    def __init__(self, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._patience_seconds = patience_seconds

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Have a turn.

        Raises
        ------
        NotYetError
            Too many are before it.
        """
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience_seconds)
        except TimeoutError:
            raise NotYetError("more is asked for than can be worked out now; ask again in a moment") from None
        try:
            yield
        finally:
            self._free.release()

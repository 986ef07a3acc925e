"""Forecasts for pages: the first one compiles its kernels, which may take minutes, so nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from entrepost.operations.store import Store
from entrepost.operations.track import Tracked
from entrepost.operations.track_eta import Expected, expect

if TYPE_CHECKING:
    from entrepost.network.network import Network


class Forecasts:
    """When items come, once the kernels are there; until then a page tells what was promised."""

    def __init__(self, store: Store, network: Callable[[], Network], folder: Path | None = None) -> None:
        self._store, self._network, self._folder = store, network, folder
        self._first: Thread | None = None
        self._is_ready = False
        self._lock = Lock()

    def find(self, item: Tracked, now: datetime) -> Expected | None:
        """When an item is expected, where it is to come and that can be told by now."""
        if self._is_ready:
            return expect(self._store, self._network(), item, now, self._folder)
        with self._lock:
            if self._first is None or not self._first.is_alive():
                self._first = Thread(target=self._begin, args=(item, now), name="first forecast", daemon=True)
                self._first.start()
        return None

    def wait(self) -> None:
        """Wait for the first forecast, where one was asked for."""
        if self._first is not None:
            self._first.join()

    def _begin(self, item: Tracked, now: datetime) -> None:
        if expect(self._store, self._network(), item, now, self._folder) is not None:
            self._is_ready = True

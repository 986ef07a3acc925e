"""Forecasts of single items for who serves: the first compiles its kernels, which may take minutes; nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from entrepost.journey.cache import get_book
from entrepost.journey.under_way.single import Forecaster
from entrepost.operations.store import Store
from entrepost.operations.track import Tracked
from entrepost.operations.track_eta import Expected, expect

if TYPE_CHECKING:
    from entrepost.network.network import Network


class Forecasts:
    """When items come, once the kernels are there; until then it is told what was promised."""

    def __init__(self, store: Store, network: Callable[[], Network], folder: Path | None = None) -> None:
        self._store, self._network, self._folder = store, network, folder
        self._first: Thread | None = None
        self._is_ready = False
        self._lock = Lock()

    @cached_property
    def _forecaster(self) -> Forecaster:
        return Forecaster(self._network())

    def find(self, item: Tracked, now: datetime) -> Expected | None:
        """When an item is expected, where it is to come and that can be told by now."""
        if self._is_ready:
            return expect(self._forecaster, item, now, self._folder)
        with self._lock:
            if self._first is None or not self._first.is_alive():
                self._first = Thread(target=self._begin, args=(item, now), name="first forecast", daemon=True)
                self._first.start()
        return None

    def prepare(self, now: datetime) -> None:
        """Load or compile everything, and make the tables of the fortnight; from then on forecasts are told at once."""
        forecaster, book = self._forecaster, get_book(self._network())
        forecaster.prepare(book, now)
        for route in book.routes[:1]:
            item = {"item_id": "first", "service": route.service, "route": route.text, "area": route.area}
            for code in (None, "EMC"):
                forecaster.forecast([{**item, "code": code, "time": now, "placed_at": now}], now)
        self._is_ready = True

    def look_ahead(self, now: datetime) -> None:
        """Follow for the next hour what this hour's items needed."""
        if self._is_ready:
            self._forecaster.look_ahead(now)

    def wait(self) -> None:
        """Wait for the first forecast, where one was asked for."""
        if self._first is not None:
            self._first.join()

    def _begin(self, item: Tracked, now: datetime) -> None:
        if expect(self._forecaster, item, now, self._folder) is not None:
            self._is_ready = True

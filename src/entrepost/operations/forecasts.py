"""Forecasts of single items for who serves: the first compiles its kernels, which may take minutes; nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from entrepost.journey.cache import get_book
from entrepost.journey.under_way.single import Forecaster
from entrepost.operations.opened import places_of
from entrepost.operations.store import Store
from entrepost.operations.track import Tracked, track
from entrepost.operations.track_eta import Expected, expect, is_awaited
from entrepost.operations.under_way import list_under_way

if TYPE_CHECKING:
    from entrepost.network.network import Network


@dataclass
class _Counter:
    """The forecaster of a network, whether it tells at once, and the thread that makes it do so."""

    forecaster: Forecaster
    is_ready: bool = False
    first: Thread | None = None


class Forecasts:
    """When items come, once the kernels are there; until then it is told what was promised."""

    def __init__(self, store: Store, network: Callable[[], Network], folder: Path | None = None) -> None:
        self._store, self._network, self._folder = store, network, folder
        self._counters: dict[str, _Counter] = {}
        self._lock = Lock()

    def _of(self, tenant: str) -> _Counter:
        network = places_of(self._store, self._network(), tenant)
        counter = self._counters.get(network.content_hash)
        if counter is None:
            with self._lock:
                counter = self._counters.setdefault(network.content_hash, _Counter(Forecaster(network)))
        return counter

    def find(self, item: Tracked, now: datetime) -> Expected | None:
        """When an item is expected, where it is to come and that can be told by now."""
        counter = self._of(item.tenant)
        if counter.is_ready:
            return expect(counter.forecaster, item, now, self._folder)
        with self._lock:
            if counter.first is None or not counter.first.is_alive():
                counter.first = Thread(
                    target=self._begin, args=(counter, item, now), name="first forecast", daemon=True
                )
                counter.first.start()
        return None

    def prepare(self, now: datetime) -> None:
        """Load or compile everything, and make the tables of the fortnight; from then on forecasts are told at once."""
        counter = self._of("")
        forecaster, book = counter.forecaster, get_book(counter.forecaster.network)
        forecaster.prepare(book, now)
        for route in book.routes[:1]:
            item = {"item_id": "first", "service": route.service, "route": route.text, "area": route.area}
            for code in (None, "EMC"):
                forecaster.forecast([{**item, "code": code, "time": now, "placed_at": now}], now)
        counter.is_ready = True

    def follow_some(self, now: datetime, most: int, rest: Callable[[], None] = lambda: None) -> int:
        """Forecast some items under way, so that the ways that such items take are followed; how many items.

        `rest` is called between them.
        """
        count = 0
        for tenant, item_id in list_under_way(self._store, most):
            counter, item = self._of(tenant), track(self._store, item_id, tenant)
            if counter.is_ready and is_awaited(item, now):
                expect(counter.forecaster, item, now, self._folder)
                count += 1
            rest()
        return count

    def look_ahead(self, now: datetime, rest: Callable[[], None] = lambda: None) -> None:
        """Follow for the next hour what its items may need; `rest` is called between the parts of the work."""
        for counter in list(self._counters.values()):
            if counter.is_ready:
                counter.forecaster.look_ahead(now, rest)

    def wait(self) -> None:
        """Wait for the first forecast, where one was asked for."""
        for counter in list(self._counters.values()):
            if counter.first is not None:
                counter.first.join()

    def _begin(self, counter: _Counter, item: Tracked, now: datetime) -> None:
        if expect(counter.forecaster, item, now, self._folder) is not None:
            counter.is_ready = True

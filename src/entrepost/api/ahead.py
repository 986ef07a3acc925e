"""Makes ready what nearly every request needs, before the server says that it is ready, and then hour by hour."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Thread

from entrepost.api.behind import stand_behind
from entrepost.api.hour_apart import compile_hour_apart
from entrepost.api.house import House
from entrepost.api.read_through import read_through_apart
from entrepost.api.steady import attempt
from entrepost.base.errors import StoreError
from entrepost.journey.hourly import compile_hour
from entrepost.wiring import find_file

LOOK_SECONDS = 5.0
"""So often it is looked whether an hour is near its end, or has turned before it was ready."""

LAST_MINUTES = 12
"""So long before its end the next hour is made ready."""

PATIENCE_SECONDS = 20.0

SOME_ITEMS = 2_000
"""So many items under way are forecast before the server is ready: a few seconds, in which most ways are followed."""


class Ahead:
    """The thread, from `start` to `stop`, and one behind it for the next hour."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="ahead", daemon=True)
        self._behind = ThreadPoolExecutor(1, "next hour", stand_behind)
        self._next: Future[None] | None = None

    def start(self) -> None:
        """Begin."""
        file = find_file(self._house.place) if self._house.place else None
        if file is not None:
            self._behind.submit(read_through_apart, file, self._stopping.is_set)
        self._thread.start()

    def stop(self) -> None:
        """What is being made ready is not needed any more."""
        self._stopping.set()
        self._behind.shutdown()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _work(self) -> None:
        try:
            self._make_ready()
            while not self._stopping.wait(LOOK_SECONDS):
                attempt("next hour", self._look, _StoppedError)
        except _StoppedError:
            return

    def _make_ready(self) -> None:
        """Ready for the hour in which this ends, and for the next one where that is near."""
        house, began = self._house, self._now()
        with suppress(StoreError):  # a database that is away now costs the first forecasts their speed, no more
            house.forecasts.prepare(began)
            house.forecasts.follow_some(began, SOME_ITEMS, self._check)
        now = self._now()
        house.quoting.prepare(now, rest=self._check)
        if _is_near_the_end(now):
            self._make_next(now, self._check)
        elif now.hour != began.hour:
            house.forecasts.look_ahead(began, self._check)
        gc.collect()
        gc.freeze()  # what lives as long as the server is not looked through again and again
        house.warm.set()

    def _look(self) -> None:
        """The hour is ready but where the clock leapt, or time did not suffice: then requests wait for it."""
        now = self._now()
        self._house.quoting.prepare(now, rest=self._check)
        if self._next is not None and self._next.done():
            ended, self._next = self._next, None
            ended.result()
        if self._next is None and _is_near_the_end(now):
            self._next = self._behind.submit(self._make_next, now, self._rest)

    def _make_next(self, now: datetime, rest: Callable[[], None]) -> None:
        house = self._house
        compile_book = compile_hour_apart(house.network_source, self._stopping.is_set) if house.place else compile_hour
        house.quoting.prepare(now, 1, rest, compile_book)
        house.forecasts.look_ahead(now, rest)

    def _now(self) -> datetime:
        return self._house.store.clock.now()

    def _rest(self) -> None:
        """Requests have their turn."""
        time.sleep(0.1)
        self._check()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise _StoppedError


def _is_near_the_end(now: datetime) -> bool:
    return (now + timedelta(minutes=LAST_MINUTES)).hour != now.hour


class _StoppedError(Exception):
    """The server stops."""

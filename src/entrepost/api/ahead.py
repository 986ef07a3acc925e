"""Makes ready what nearly every request needs, before the server says that it is ready, and then hour by hour."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from threading import Event, Thread

from entrepost.api.behind import stand_behind
from entrepost.api.house import House

LOOK_SECONDS = 30.0
"""So often it is looked whether an hour is near its end."""

LAST_MINUTES = 12
"""So long before its end the next hour is made ready."""

PATIENCE_SECONDS = 20.0

SOME_ITEMS = 2_000
"""So many items under way are forecast before the server is ready: a few seconds, in which most ways are followed."""


class Ahead:
    """The thread, from `start` to `stop`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="ahead", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """What is being made ready is not needed any more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _work(self) -> None:
        try:
            self._make_ready()
            self._look_ahead()
            while not self._stopping.wait(LOOK_SECONDS):
                self._look_ahead()
        except _StoppedError:
            return

    def _make_ready(self) -> None:
        house, now = self._house, self._house.store.clock.now()
        house.forecasts.prepare(now)
        house.forecasts.follow_some(now, SOME_ITEMS, self._check)
        house.quoting.prepare(now, rest=self._check)
        gc.collect()
        gc.freeze()  # what lives as long as the server is not looked through again and again
        house.warm.set()
        stand_behind()

    def _look_ahead(self) -> None:
        now = self._house.store.clock.now()
        self._house.quoting.prepare(now, rest=self._rest)
        if (now + timedelta(minutes=LAST_MINUTES)).hour != now.hour:
            self._house.quoting.prepare(now, 1, self._rest)
            self._house.forecasts.look_ahead(now, self._rest)

    def _rest(self) -> None:
        """Requests have their turn."""
        time.sleep(0.1)
        self._check()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise _StoppedError


class _StoppedError(Exception):
    """The server stops."""

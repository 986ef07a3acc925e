"""Reads rates of exchange where the operator says, and lets every process go by new ones at once."""

from __future__ import annotations

import json
import logging
from threading import Event, Thread

from entrepost.api.house import House
from entrepost.api.steady import attempt
from entrepost.reference.rate_feed import look_again
from entrepost.wiring import fetch_file

LOG = logging.getLogger("entrepost.api")
LOOK_SECONDS = 10.0
"""After so long it is looked again whether there are new rates."""
PATIENCE_SECONDS = 5.0


class FreshRates:
    """The thread, from `start` to `stop`; every process has one, as each machine keeps its own rates."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="rates", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """What is being read may be read another time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _work(self) -> None:
        while not self._stopping.is_set():
            attempt("rates", self.look)
            self._stopping.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Read what is due, and take what any process of this machine brought in."""
        looked = look_again(self._house.store.clock.now(), fetch_file)
        if looked is not None:
            told = {"rates": looked.rates, "last": str(looked.last), "wrong": looked.wrong}
            LOG.log(logging.WARNING if looked.wrong else logging.INFO, json.dumps({"chore": "rates", **told}))
        self._house.quoting.renew_rates()

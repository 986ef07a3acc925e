"""Takes uploaded files in, one after another, in a thread beside the requests."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from entrepost.api.house import House
from entrepost.api.steady import attempt
from entrepost.base.errors import StoreError
from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.batches import StoppedError, claim_batch, extend_lease, give_up, run_batch
from entrepost.operations.once import forget_old
from entrepost.operations.records import Batch

LOG = logging.getLogger("entrepost.api")
POLL_SECONDS = 5.0
PAUSE_SECONDS = 0.002
"""After each piece of a file, requests have their turn."""


class Worker:
    """The thread, from `start` to `stop`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lease = timedelta(seconds=house.params.lease_seconds)
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="batches", daemon=True)

    def start(self) -> None:
        """Begin to look for files."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the piece that is being taken in; the file goes on at the next start."""
        self._stopping.set()
        self._house.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                attempt("batches", self._go_round, StoreError, StoppedError)
            except StoppedError:
                return
            except StoreError as error:
                LOG.warning('{"batches": "wait", "store": "%s"}', type(error).__name__)
            self._house.awake.wait(POLL_SECONDS)
            self._house.awake.clear()

    def _go_round(self) -> None:
        while not self._stopping.is_set() and self._next():
            pass
        with for_all_accounts():
            forget_old(self._house.store)

    def _next(self) -> bool:
        with for_all_accounts():
            batch = claim_batch(self._house.store, self._lease)
        if batch is not None:
            with acting_for(batch.tenant):
                if attempt("batch", partial(self._take_in, batch), StoreError, StoppedError) is None:
                    give_up(self._house.store, batch, self._house.uploads)
        return batch is not None

    def _take_in(self, batch: Batch) -> Batch:
        house = self._house
        return run_batch(house.store, batch, house.uploads, house.surroundings_of(batch.tenant), _Teller(self, batch))

    def tell(self, batch: Batch) -> None:
        """Between two pieces of a file: stop, or say that it goes on."""
        if self._stopping.is_set():
            raise StoppedError
        extend_lease(self._house.store, batch, self._lease)


class _Teller:
    """Tells at most every third of a lease."""

    def __init__(self, worker: Worker, batch: Batch) -> None:
        self._worker, self._batch, self._told = worker, batch, time.monotonic()

    def __call__(self) -> None:
        time.sleep(PAUSE_SECONDS)
        if self._worker._stopping.is_set() or time.monotonic() - self._told > 5:
            self._told = time.monotonic()
            self._worker.tell(self._batch)

"""Takes uploaded files in, one after another, and gives promises, each in a thread beside the requests."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from entrepost.api.behind import stand_behind
from entrepost.api.house import House
from entrepost.api.steady import attempt
from entrepost.base.errors import StoreError
from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.batches import KINDS, StoppedError, claim_batch, extend_lease, give_up, run_batch
from entrepost.operations.once import forget_old
from entrepost.operations.records import PROMISES, Batch

LOG = logging.getLogger("entrepost.api")
POLL_SECONDS = 5.0
PAUSE_SECONDS = 0.002
"""After each piece of a file, requests have their turn."""


class Worker:
    """The thread for some kinds of batches, from `start` to `stop`; `awake` is set when there is something to do."""

    def __init__(self, house: House, kinds: tuple[str, ...] = KINDS) -> None:
        self._house, self._kinds = house, kinds
        self._awake = house.desk_awake if PROMISES in kinds else house.awake
        self._lease = timedelta(seconds=house.params.lease_seconds)
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="promises" if PROMISES in kinds else "batches", daemon=True)

    def start(self) -> None:
        """Begin to look for batches."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the piece that is being done; the batch goes on at the next start."""
        self._stopping.set()
        self._house.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        if PROMISES in self._kinds:
            stand_behind()
        while not self._stopping.is_set():
            try:
                attempt("batches", self._go_round, StoreError, StoppedError)
            except StoppedError:
                return
            except StoreError as error:
                LOG.warning('{"batches": "wait", "store": "%s"}', type(error).__name__)
            self._awake.wait(POLL_SECONDS)
            self._awake.clear()

    def _go_round(self) -> None:
        while not self._stopping.is_set() and self._next():
            pass
        with for_all_accounts():
            forget_old(self._house.store)

    def _next(self) -> bool:
        with for_all_accounts():
            batch = claim_batch(self._house.store, self._lease, self._kinds)
        if batch is not None:
            with acting_for(batch.tenant):
                if attempt("batch", partial(self._do, batch), StoreError, StoppedError) is None:
                    self._give_up(batch)
            self._house.wake()
        return batch is not None

    def _give_up(self, batch: Batch) -> None:
        from entrepost.operations.promise_runs import give_up_promises

        if batch.kind == PROMISES:
            give_up_promises(self._house.store, batch)
        else:
            give_up(self._house.store, batch, self._house.uploads)

    def _do(self, batch: Batch) -> Batch:
        from entrepost.operations.promise_runs import run_promises

        house = self._house
        if batch.kind == PROMISES:
            return run_promises(house.store, batch, house.network, partial(self.tell, batch))
        return run_batch(house.store, batch, house.uploads, house.surroundings_of(batch.tenant), _Teller(self, batch))

    def tell(self, batch: Batch) -> None:
        """Between two pieces: stop, or say that it goes on."""
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

"""What a server does beside its requests: webhooks in one thread, rounds of forgetting and looking in another."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from entrepost.api.house import House
from entrepost.api.steady import attempt
from entrepost.base.errors import StoreError
from entrepost.operations.acting import for_all_accounts
from entrepost.operations.batches import StoppedError
from entrepost.operations.chores import ChoreParams, Turns, forget_people, prune_exchange, tell_exceptions
from entrepost.operations.privacy import fill_names
from entrepost.operations.store import Store
from entrepost.operations.webhooks_log import forget_old as forget_told
from entrepost.operations.webhooks_send import Sender, deliver_due

LOG = logging.getLogger("entrepost.api")
SENDING, FORGETTING, EXCEPTIONS, PRUNING = "webhooks", "forgetting", "exceptions", "pruning"
PRUNE_PAUSE_SECONDS = 0.05
"""Between two transactions of pruning, in which others write."""
ROUND_SECONDS = 20.0
"""After so long it is looked again whether a round is due."""
PATIENCE_SECONDS = 20.0
"""So long is waited at the end for what is on its way."""


class Chores:
    """The threads, from `start` to `stop`. Of several processes one has each chore, by a lease in the store."""

    def __init__(self, house: House, params: ChoreParams) -> None:
        self._house, self._params = house, params
        self._stopping = Event()
        works = {SENDING: self._send, "rounds": self._go_round}
        self._threads = [
            Thread(target=self._work, args=(work,), name=name, daemon=True) for name, work in works.items()
        ]

    def start(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """What is on its way is settled, and other workers may have the chores at once."""
        self._stopping.set()
        for each in self._threads:
            if each.is_alive():
                each.join(PATIENCE_SECONDS)

    def _work(self, work: Callable[[Store, Turns], float]) -> None:
        store: Store | None = None
        turns: Turns | None = None
        while not self._stopping.is_set():
            pause = ROUND_SECONDS
            try:
                store = store or self._house.open_beside()
                turns = turns or Turns(store, timedelta(seconds=self._params.lease_seconds))
                with for_all_accounts():
                    pause = attempt("chores", partial(work, store, turns), StoreError) or ROUND_SECONDS
            except StoreError as error:
                LOG.warning(json.dumps({"chores": "wait", "store": type(error).__name__}))
            self._stopping.wait(pause)
        if store is not None and turns is not None:
            self._leave(store, turns)

    def _leave(self, store: Store, turns: Turns) -> None:
        try:
            turns.end(SENDING, done=False)
            if store is not self._house.store:
                store.close()
        except StoreError as error:
            LOG.warning(json.dumps({"chores": "left", "store": type(error).__name__}))

    def _send(self, store: Store, turns: Turns) -> float:
        if turns.has(SENDING):
            deliver_due(store, self._sender, self._params.deliver, self._stopping)
        return self._params.look_seconds

    def _go_round(self, store: Store, turns: Turns) -> float:
        if turns.has(FORGETTING, timedelta(hours=self._params.forget_hours)):
            done = forget_people(store, self._params)
            told = forget_told(store, self._params.deliver.keep_days)
            self._end(turns, FORGETTING, orders=done.orders, rows=done.rows, messages=told, names=fill_names(store))
        if turns.has(PRUNING, timedelta(hours=self._params.forget_hours)):
            self._prune(store, turns)
        if turns.has(EXCEPTIONS, timedelta(hours=self._params.exceptions_hours)):
            self._end(turns, EXCEPTIONS, queued=tell_exceptions(store, self._house.find_exceptions))
        return ROUND_SECONDS

    def _prune(self, store: Store, turns: Turns) -> None:
        """Old rows of the exchange go, as long as nobody stops; the next round goes on."""

        def go_on() -> None:
            turns.has(PRUNING)
            if self._stopping.wait(PRUNE_PAUSE_SECONDS):
                raise StoppedError

        try:
            done = prune_exchange(store, self._params, go_on)
        except StoppedError:
            turns.end(PRUNING, done=False)
            return
        self._end(turns, PRUNING, came=done.came, sent=done.sent, messages=done.messages)

    def _end(self, turns: Turns, chore: str, **told: int) -> None:
        turns.end(chore)
        LOG.info(json.dumps({"chore": chore, **told}))

    @property
    def _sender(self) -> Sender:
        return self._house.sender

"""Exchange rounds of all accounts with partners, beside the requests.

On a SQLite file, which has one process that writes, a thread makes them that stands behind the requests and takes in a
little at a time; otherwise a process of its own, which one of a server's workers has, by a lease in the store.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event, Thread

from entrepost.api.behind import NICE, stand_behind
from entrepost.api.house import House
from entrepost.api.logs import set_up_logs
from entrepost.api.metrics import Metrics
from entrepost.api.steady import attempt
from entrepost.base.errors import MisuseError, StoreError
from entrepost.operations.acting import acting_for, for_all_accounts
from entrepost.operations.batches import StoppedError
from entrepost.operations.chores import Turns
from entrepost.operations.exchange import Ran
from entrepost.operations.exchanging.rounds import RoundParams, Rounds
from entrepost.operations.store import Store
from entrepost.wiring import open_exchange, open_store

LOG = logging.getLogger("entrepost.api")
CHORE = "exchange"
"""Which of several workers has the process that makes the rounds."""
WATCH_SECONDS = 0.5
PAUSE_SECONDS = 0.002
"""After each transaction, requests have their turn."""
PATIENCE_SECONDS = 20.0
"""So long is waited at the end for the transaction that is on its way."""
SURPRISED = "something went wrong that nobody expected; the log tells where"

Tell = Callable[[dict[str, int], dict[str, int]], None]
"""Told what was counted since, and how things stand."""


@dataclass
class AllRounds:
    """The rounds of all accounts, one after another; `go_on` raises when they are to stop."""

    store: Store
    params: RoundParams
    tell: Tell
    go_on: Callable[[], None]
    _turns: Turns = field(init=False)
    _rounds: dict[str, Rounds] = field(default_factory=dict)
    _held_up: dict[str, tuple[float, str]] = field(default_factory=dict)
    _away: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._turns = Turns(self.store, timedelta(seconds=self.params.lease_seconds))

    def go_until_stopped(self, wait: Callable[[float], object]) -> None:
        """Round after round; `wait` waits between those in which nothing was to be done."""
        try:
            while True:
                self.go_on()
                is_busy = self._go_steadily()
                wait(0 if is_busy else self.params.idle_seconds)
        except StoppedError:
            return
        finally:
            self.close()

    def close(self) -> None:
        """Give back all ways and leases."""
        for each in self._rounds.values():
            with suppress(StoreError):
                each.close()
        self._rounds.clear()

    def _go_steadily(self) -> bool:
        try:
            return bool(attempt("exchange", self.go, StoreError, StoppedError))
        except StoreError as error:
            LOG.warning(json.dumps({"exchange": "waits", "store": type(error).__name__}))
            return False

    def go(self) -> bool:
        """A round of each account; whether any had something to do."""
        with for_all_accounts():
            accounts = self.store.exchange.list_partnered()
        for gone in self._rounds.keys() - set(accounts):
            self._rounds.pop(gone).close()
        busy = [self._go_for(account) for account in accounts]
        held_up = sum(account in self._held_up for account in accounts)
        away = sum(map(len, self._away.values()))
        self.tell({}, {"accounts": len(accounts), "accounts_held_up": held_up, "transports_away": away})
        return any(busy)

    def _go_for(self, account: str) -> bool:
        self.go_on()
        if self._held_up.get(account, (0.0, ""))[0] > time.monotonic():
            return False
        rounds = self._rounds.get(account)
        if rounds is None:
            rounds = self._rounds[account] = Rounds(self.store, account, self._turns, open_exchange, self.params)
        with acting_for(account):
            try:
                ran = attempt("exchange", partial(self._go, rounds), StoreError, StoppedError, MisuseError)
            except (MisuseError, StoreError) as error:
                return self._hold_up(rounds, str(error))
            if ran is None:
                return self._hold_up(rounds, SURPRISED)
        self._held_up.pop(account, None)
        return ran

    def _go(self, rounds: Rounds) -> bool:
        """A round, and alarms where they are due; whether there was something to do."""
        self._check_apart(rounds)
        ran = rounds.go(self._tell_progress)
        if ran is None:
            return False
        self._report(rounds.tenant, ran)
        for each in rounds.look():
            LOG.warning(
                json.dumps(
                    {"exchange": "alarm", "account": each.tenant, "operator": each.operator, "message": each.message}
                    | {"kind": each.kind, "what": each.what}
                )
            )
            self.tell({f'alarms_total{{kind="{each.kind}"}}': 1}, {})
        return not ran.is_idle

    def _check_apart(self, rounds: Rounds) -> None:
        """No two accounts fetch the same mail: one would refuse what is the other's."""
        mine = rounds.prepare().places
        for other in self._rounds.values():
            shared = mine & other.places if other is not rounds else frozenset()
            if shared:
                what = f"{sorted(shared)[0]} is where mail of another account comes in"
                raise MisuseError(f"{what}; give each its own, by {{account}} in the setting")

    def _tell_progress(self, _count: int) -> None:
        time.sleep(PAUSE_SECONDS)
        self.go_on()

    def _hold_up(self, rounds: Rounds, why: str) -> bool:
        """Let an account alone for a while; another process may have it."""
        account = rounds.tenant
        if self._held_up.get(account, (0.0, ""))[1] != why:
            LOG.warning(json.dumps({"exchange": "held up", "account": account, "why": why}))
        self._held_up[account] = (time.monotonic() + self.params.retry_seconds, why)
        with suppress(StoreError):
            self._rounds.pop(account).close()
        return False

    def _report(self, account: str, ran: Ran) -> None:
        for name, why in ran.away.items():
            if self._away.get(account, {}).get(name) != why:
                LOG.warning(json.dumps({"exchange": "away", "account": account, "transport": name, "why": why}))
        self._away[account] = dict(ran.away)
        told = counts_of(ran)
        self.tell(told | {"rounds_total": 1}, {"round_at_seconds": int(time.time())})
        if not ran.is_idle:
            facts = {"in": dict(ran.came), "receipts": [ran.receipts_in, ran.receipts_out]}
            out = {"sent": ran.went.taken, "put_off": ran.went.waiting, "dead": ran.went.dead}
            LOG.info(json.dumps({"chore": CHORE, "account": account, **facts, **out}))


def counts_of(ran: Ran) -> dict[str, int]:
    """What a round did, as it is counted for Prometheus."""
    came = Counter(ran.came)
    told = {
        'interchanges_total{direction="in"}': came.pop("interchanges", 0),
        'interchanges_total{direction="again"}': came.pop("again", 0),
        'interchanges_total{direction="out"}': ran.went.taken,
        'interchanges_total{direction="put_off"}': ran.went.waiting,
        'interchanges_total{direction="dead"}': ran.went.dead,
        'receipts_total{direction="in"}': ran.receipts_in,
        'receipts_total{direction="out"}': ran.receipts_out,
    }
    told |= {f'messages_total{{state="{state}"}}': count for state, count in came.items()}
    return {name: count for name, count in told.items() if count}


class Exchanger:
    """The thread that makes the rounds, or watches the process that does, from `start` to `stop`."""

    def __init__(self, house: House, params: RoundParams, metrics: Metrics) -> None:
        self._house, self._params, self._metrics = house, params, metrics
        self._stopping = Event()
        work = self._watch if house.beside and house.place else self._exchange
        self._thread = Thread(target=work, name="exchange", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """The transaction that is on its way is ended, and another process may have the rounds at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _exchange(self) -> None:
        stand_behind()
        rounds = AllRounds(self._house.store, self._params, self._metrics.count_exchange, self._go_on)
        rounds.go_until_stopped(self._stopping.wait)

    def _watch(self) -> None:
        store: Store | None = None
        while not self._stopping.is_set():
            try:
                store = store or self._house.open_beside()
                turns = Turns(store, timedelta(seconds=self._params.lease_seconds))
                attempt(CHORE, partial(self._watch_while_mine, store, turns), StoreError, StoppedError)
            except StoppedError:
                break
            except StoreError as error:
                LOG.warning(json.dumps({"exchange": "waits", "store": type(error).__name__}))
            self._stopping.wait(self._params.idle_seconds)
        if store is not None:
            store.close()

    def _watch_while_mine(self, store: Store, turns: Turns) -> None:
        def is_mine() -> bool:
            with for_all_accounts():
                return bool(store.exchange.list_partnered()) and turns.has(CHORE)

        if not is_mine():
            return
        try:
            self._go_apart(is_mine)
        finally:
            with suppress(StoreError), for_all_accounts():
                turns.end(CHORE, done=False)

    def _go_apart(self, is_mine: Callable[[], bool]) -> None:
        """Have a process make the rounds as long as they are this worker's."""
        context = get_context("spawn")
        here, there = context.Pipe()
        asked = (self._house.place, self._params, there)
        process = context.Process(target=exchange_apart, args=asked, daemon=True, name=CHORE)
        process.start()
        there.close()
        try:
            while is_mine():
                self._go_on()
                if here.poll(WATCH_SECONDS):
                    self._metrics.count_exchange(*here.recv())
        except EOFError:
            LOG.warning(json.dumps({"exchange": "its process ended, and is begun anew"}))
        finally:
            here.close()  # by which the process knows that it is to end
            process.join(PATIENCE_SECONDS)
            if process.is_alive():
                process.terminate()
                process.join()

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise StoppedError


def exchange_apart(place: str, params: RoundParams, parent: Connection) -> None:
    """Make the rounds in this process until its parent closes the line, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    set_up_logs()

    def go_on() -> None:
        if parent.poll():
            raise StoppedError

    def tell(counts: dict[str, int], states: dict[str, int]) -> None:
        try:
            parent.send((counts, states))
        except OSError:
            raise StoppedError from None

    store = open_store(place)
    try:
        AllRounds(store, params, tell, go_on).go_until_stopped(parent.poll)
    finally:
        store.close()

"""Deliver webhooks: each endpoint a queue of its own, tried for 76 hours, and no message lost by a kill.

A delivery is `sending` in the store, under a lease, before a byte of it leaves: of several workers one has it. What
a killed worker had is sent again when its lease is over; the receiver knows it by its name. News of one subject
come in their order, as each waits for the one before it; no endpoint and no other subject waits with them.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Protocol

import polars as pl

from entrepost.base.errors import MisuseError
from entrepost.operations.store import Store
from entrepost.operations.webhook_store import Endpoint
from entrepost.operations.webhooks import SENDING
from entrepost.operations.webhooks_endpoints import secrets_at
from entrepost.operations.webhooks_log import KEEP_DAYS, forget_old
from entrepost.operations.webhooks_settle import Tried, settle
from entrepost.tables.frames import INSTANT

Row = dict[str, Any]
Whose = tuple[str, str]
PAUSES_SECONDS = (5, 60, 300, 900, 3600, 7200)
"""How long is waited after the first failed attempts; after further ones as long as after the last of these."""
MOMENT_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status (None: there was no answer), words about it, and for how long to wait."""

    code: int | None
    said: str
    wait_seconds: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.code is not None and 200 <= self.code < 300


class Sender(Protocol):
    """Hands a message to a URL; any thread may."""

    def send(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Post a body, and hear what is answered; whatever goes wrong outside is a reply."""

    def check(self, url: str) -> str:
        """Why a URL will never be sent to, as far as that can be told at once; nothing where it may be."""


@dataclass(frozen=True, slots=True)
class DeliverParams:
    """How often, how long and how much at once. All defaults but the window are *assumed*.

    Attributes
    ----------
    window_hours : float
        A message is tried for so long after its first attempt; the last attempt is at the end.
    pauses_seconds : tuple of int
        The pauses between attempts; the last one repeats.
    jitter_share : float
        A pause is longer or shorter by up to this share, so that what failed together does not come back together.
    lease_seconds : int
        Who has not told what became of a delivery after so long is taken for dead.
    threads, abreast : int
        So much is sent at once in all, and to one endpoint.
    failures_most : int
        After so many failed attempts in a row an endpoint is left alone for a while, then asked with one message.
    pause_seconds_max : int
        No such while is longer.
    failing_hours_max : int
        An endpoint that only failed for so long is switched off.
    keep_days : int
        For so long is kept what was told.
    """

    window_hours: float = 76
    pauses_seconds: tuple[int, ...] = PAUSES_SECONDS
    jitter_share: float = 0.2
    lease_seconds: int = 300
    threads: int = 16
    abreast: int = 8
    failures_most: int = 20
    pause_seconds_max: int = 900
    failing_hours_max: int = 120
    keep_days: int = KEEP_DAYS
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def __post_init__(self) -> None:
        least = min(self.window_hours, *self.pauses_seconds, self.lease_seconds, self.threads, self.abreast)
        if least <= 0 or min(self.failures_most, self.pause_seconds_max, self.failing_hours_max, self.keep_days) <= 0:
            raise MisuseError("the window, pauses, leases, threads and limits of webhooks must be above 0")
        if not 0 <= self.jitter_share < 1:
            raise MisuseError("the jitter of webhooks is a share from 0 to below 1")

    def pause(self, attempts: int) -> timedelta:
        """How long is waited after so many attempts."""
        seconds = self.pauses_seconds[min(attempts, len(self.pauses_seconds)) - 1]
        return timedelta(seconds=seconds * (1 + self.jitter_share * (2 * self.chance() - 1)))

    def rest(self, failures: int) -> timedelta:
        """How long an endpoint is left alone after so many failures in a row; nothing up to `failures_most`."""
        if failures < self.failures_most:
            return timedelta()
        return timedelta(seconds=min(30 * 2 ** min(failures - self.failures_most, 20), self.pause_seconds_max))


@dataclass(frozen=True, slots=True)
class Delivered:
    """What delivering did: attempts that were taken, put off, and given up; endpoints that were switched off."""

    delivered: int = 0
    deferred: int = 0
    dead: int = 0
    failed_endpoints: int = 0


@dataclass(slots=True)
class _Run:
    store: Store
    sender: Sender
    params: DeliverParams
    pool: ThreadPoolExecutor
    flying: dict[Future[Tried], Whose] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def deliver_due(
    store: Store, sender: Sender, params: DeliverParams | None = None, stop: Event | None = None
) -> Delivered:
    """Send everything whose time has come, beside other workers that do the same.

    The time is that of the store's clock; what fails is due again after a pause. `stop` ends it early: what is on
    its way is still settled.
    """
    params = params or DeliverParams()
    with ThreadPoolExecutor(params.threads, "webhook") as pool:
        run = _Run(store, sender, params, pool)
        while True:
            done = _landed(run)
            with store.transaction():
                run.counts += settle(store, done, params)
                parcels = [] if stop is not None and stop.is_set() else _claim(run)
            for endpoint, row, body in parcels:
                whose = (endpoint.tenant, endpoint.endpoint)
                run.flying[pool.submit(_send, run, endpoint, row, body)] = whose
            if not run.flying:
                return Delivered(**{name: run.counts[name] for name in Delivered.__slots__})


def keep_delivering(
    store: Store,
    open_sender: Callable[[], Sender],
    params: DeliverParams | None = None,
    stop: Event | None = None,
    look_seconds: float = 1.0,
) -> None:
    """Deliver until `stop` is set, looking again every so many seconds, and forget once an hour what is old.

    Meant for a thread or process of its own, with a store of its own; several may run at once.
    """
    params, stop, sender = params or DeliverParams(), stop or Event(), open_sender()
    forgot = -3600.0
    while not stop.is_set():
        deliver_due(store, sender, params, stop)
        if time.monotonic() - forgot >= 3600:
            forget_old(store, params.keep_days)
            forgot = time.monotonic()
        stop.wait(look_seconds)


def _landed(run: _Run) -> list[Tried]:
    """What came back by now; waits for the first, and a moment for others: one transaction keeps them all."""
    if not run.flying:
        return []
    wait(run.flying, return_when=FIRST_COMPLETED)
    done, _ = wait(run.flying, timeout=MOMENT_SECONDS)
    for each in done:
        del run.flying[each]
    return [each.result() for each in done]


def _claim(run: _Run) -> Iterable[tuple[Endpoint, Row, str]]:
    """Take what is to be sent next, as much as there is room for: marked before anything of it leaves."""
    store, params, now = run.store, run.params, run.store.clock.now()
    room = 2 * params.threads - len(run.flying)
    if room <= 0:
        return []
    store.webhooks.free_expired(now)
    ready = store.webhooks.list_ready(now)
    random.shuffle(ready)
    flying = Counter(run.flying.values())
    parcels: list[tuple[Endpoint, Row]] = []
    for endpoint in ready:
        most = 1 if endpoint.failures >= params.failures_most else params.abreast
        free = min(most - flying[endpoint.tenant, endpoint.endpoint], room - len(parcels))
        if free > 0:
            rows = store.webhooks.find_due(endpoint, now, free).iter_rows(named=True)
            parcels += [(endpoint, row) for row in rows]
    return _take(run, parcels, now)


def _take(run: _Run, parcels: list[tuple[Endpoint, Row]], now: datetime) -> list[tuple[Endpoint, Row, str]]:
    if not parcels:
        return []
    lease = now + timedelta(seconds=run.params.lease_seconds)
    rows = [row | {"attempts": row["attempts"] + 1, "first_at": row["first_at"] or now} for _, row in parcels]
    names = {"delivery_no": pl.Int64(), "attempts": pl.Int64(), "first_at": INSTANT}
    taken = pl.DataFrame([{name: row[name] for name in names} for row in rows], schema=names)
    run.store.webhooks.set_deliveries(
        taken.with_columns(state=pl.lit(SENDING), lease_until=pl.lit(lease).cast(INSTANT))
    )
    found = run.store.webhooks.find_messages(pl.DataFrame({"message": [row["message"] for row in rows]}))
    bodies = dict(found.select("message", "body").iter_rows())
    return [(endpoint, row, bodies[row["message"]]) for (endpoint, _), row in zip(parcels, rows, strict=True)]


def _send(run: _Run, endpoint: Endpoint, row: Row, body: str) -> Tried:
    began, now = time.perf_counter(), run.store.clock.now()
    headers = sign(endpoint, row["message"], now, body)
    reply = run.sender.send(endpoint.url, headers, body.encode())
    took_ms = round((time.perf_counter() - began) * 1000)
    return Tried(row, now, took_ms, reply.code, reply.said, reply.wait_seconds)


def sign(endpoint: Endpoint, message: str, now: datetime, body: str) -> dict[str, str]:
    """The headers of a message after Standard Webhooks, signed by each secret that holds.

    References
    ----------
    Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks
    """
    from standardwebhooks import Webhook

    signatures = [Webhook(secret).sign(message, now, body) for secret in secrets_at(endpoint, now)]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

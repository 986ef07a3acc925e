"""What webhooks need of a store: endpoints, messages, and the queue of deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import polars as pl


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an account wants to be told of what happens.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of messages that it gets; none: all.
    state : str
        *on*; *off* (nothing is queued for it); *failed* (switched off because it answered nothing for long: what
        is told is queued until somebody switches it on).
    former_secret : str
        The secret before the last change; it signs beside the present one until `former_until`.
    failures : int
        Failed attempts since the last one that succeeded, the first of them at `failing_since`.
    paused_until : datetime or None
        Nothing is tried before.
    answer : str
        What it answered last where it failed.
    """

    tenant: str
    endpoint: str
    url: str
    secret: str = field(repr=False)
    kinds: tuple[str, ...] = ()
    state: str = "on"
    former_secret: str = field(default="", repr=False)
    former_until: datetime | None = None
    created_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None
    answer: str = ""


MESSAGE = ("message", "tenant", "kind", "subject", "body", "created_at")
"""Columns of messages in frames; `body` is what is sent, `subject` what it is about."""

DELIVERY = (
    *("delivery_no", "tenant", "endpoint", "message", "kind", "subject", "state", "created_at", "due_at", "attempts"),
    *("first_at", "lease_until", "done_at", "answer"),
)
"""Columns of deliveries in frames."""

ATTEMPT = ("delivery_no", "attempt", "tried_at", "took_ms", "code", "answer")
"""Columns of the log in frames; `code` is the HTTP status, null where there was none."""

HEALTH = ("tenant", "endpoint", "state", "failures", "failing_since", "paused_until", "answer")
"""Columns of endpoints that delivering changes."""


class WebhookStore(Protocol):
    """Where endpoints and messages to them are kept; the verbs of `Store.webhooks`."""

    def put_endpoint(self, endpoint: Endpoint) -> None:
        """Keep an endpoint, its secrets sealed, new or in place of what was there."""

    def find_endpoint(self, tenant: str, endpoint: str) -> Endpoint | None:
        """An endpoint, or None."""

    def list_endpoints(self, tenant: str = "") -> list[Endpoint]:
        """Endpoints of an account, or all."""

    def remove_endpoint(self, tenant: str, endpoint: str) -> None:
        """Forget an endpoint, and what was queued for it or told to it."""

    def set_health(self, health: pl.DataFrame) -> None:
        """Change how endpoints fare (columns of `HEALTH`)."""

    def list_subscriptions(self) -> pl.DataFrame:
        """Who is told of what: tenant, endpoint, kinds (with blanks between), of all that are not off."""

    def add_messages(self, messages: pl.DataFrame) -> None:
        """Keep messages (columns of `MESSAGE`)."""

    def find_known(self, tenant: str, names: list[str]) -> set[str]:
        """Which of these messages are there already; nobody else tells of them until the transaction ends."""

    def find_messages(self, names: pl.DataFrame) -> pl.DataFrame:
        """The messages of these names (message)."""

    def list_messages(self, tenant: str, since: datetime, until: datetime) -> pl.DataFrame:
        """What happened to be told of an account in a time, the oldest first, without bodies."""

    def add_deliveries(self, deliveries: pl.DataFrame) -> None:
        """Queue messages for endpoints (columns of `DELIVERY` but the number)."""

    def free_expired(self, now: datetime) -> None:
        """Queue again what was taken by a sender whose lease is over; nobody else takes any until the transaction ends.

        It went out, or not: whoever got it knows it by its name.
        """

    def list_ready(self, now: datetime) -> list[Endpoint]:
        """Endpoints that are on and not paused, with deliveries whose time has come."""

    def find_due(self, endpoint: Endpoint, now: datetime, limit: int) -> pl.DataFrame:
        """Deliveries to an endpoint whose time has come, the longest due first.

        None about a subject of which an earlier delivery is still open: a subject's news come in their order.
        """

    def set_deliveries(self, deliveries: pl.DataFrame) -> None:
        """Change what the frame tells of deliveries, each by its `delivery_no`."""

    def end_attempts(self, ended: pl.DataFrame) -> None:
        """What became of deliveries (delivery_no, attempts, state, due_at, done_at, answer), unless taken by others."""

    def move_followers(self, moved: pl.DataFrame) -> None:
        """Give what waits behind deliveries (tenant, endpoint, subject, delivery_no) another `due_at`."""

    def add_attempts(self, attempts: pl.DataFrame) -> None:
        """Write into the log (columns of `ATTEMPT`)."""

    def list_attempts(self, deliveries: pl.DataFrame) -> pl.DataFrame:
        """The log of deliveries (delivery_no)."""

    def list_deliveries(
        self, tenant: str, endpoint: str = "", state: str = "", before: int = 0, limit: int = 100
    ) -> pl.DataFrame:
        """Deliveries of an account, the latest first; `before` is a number to go on below, 0 limit means all."""

    def count_deliveries(self, tenant: str = "") -> pl.DataFrame:
        """How many deliveries are in which state: tenant, endpoint, state, deliveries."""

    def find_next_due(self) -> datetime | None:
        """When the next delivery, or the end of a pause or lease, comes; None where nothing waits."""

    def remove_old(self, before: datetime) -> int:
        """Forget what was told before, and what waits since then; how many messages."""

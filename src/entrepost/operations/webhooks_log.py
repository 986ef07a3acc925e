"""What was told: listed with its attempts, told again, and forgotten when it is old."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from entrepost.base.errors import MissingRowError
from entrepost.operations.store import Store
from entrepost.operations.webhooks import DEAD, QUEUED
from entrepost.operations.webhooks_endpoints import get_endpoint
from entrepost.tables.frames import INSTANT

KEEP_DAYS = 30
"""For so long is kept what was told, and what could not be (assumed)."""


def replay(
    store: Store, tenant: str, endpoint: str, since: datetime, until: datetime | None = None, only_dead: bool = False
) -> int:
    """Tell an endpoint again what happened in a time, in its order; how many deliveries were queued.

    The messages have the names that they had, so that the receiver sees which of them it has. With `only_dead`
    only those that could not be delivered; otherwise all kinds that the endpoint wants, whether or not it was told.
    """
    with store.transaction():
        found = get_endpoint(store, tenant, endpoint)
        messages = store.webhooks.list_messages(tenant, since, until or store.clock.now() + timedelta(seconds=1))
        if found.kinds:
            messages = messages.filter(pl.col("kind").is_in(found.kinds))
        if only_dead:
            dead = store.webhooks.list_deliveries(tenant, endpoint, DEAD, limit=0)
            messages = messages.join(dead, on="message", how="semi", maintain_order="left")
        waiting = store.webhooks.list_deliveries(tenant, endpoint, QUEUED, limit=0)
        messages = messages.join(waiting, on="message", how="anti", maintain_order="left")
        _queue(store, messages, endpoint)
    return messages.height


def replay_message(store: Store, tenant: str, endpoint: str, message: str) -> None:
    """Tell an endpoint one message again.

    Raises
    ------
    MissingRowError
        When the account has no such message (any more).
    """
    with store.transaction():
        get_endpoint(store, tenant, endpoint)
        found = store.webhooks.find_messages(pl.DataFrame({"message": [message]})).filter(pl.col("tenant") == tenant)
        if not found.height:
            raise MissingRowError(f"there is no message {message}; it is kept for {KEEP_DAYS} days")
        _queue(store, found, endpoint)


def forget_old(store: Store, keep_days: int = KEEP_DAYS) -> int:
    """Forget messages, deliveries and attempts that are older; how many messages."""
    return store.webhooks.remove_old(store.clock.now() - timedelta(days=keep_days))


def _queue(store: Store, messages: pl.DataFrame, endpoint: str) -> None:
    now = pl.lit(store.clock.now()).cast(INSTANT)
    nothing = pl.lit(None, INSTANT)
    store.webhooks.add_deliveries(
        messages.select("tenant", "message", "kind", "subject").with_columns(
            endpoint=pl.lit(endpoint),
            state=pl.lit(QUEUED),
            created_at=now,
            due_at=now,
            attempts=pl.lit(0, pl.Int64),
            first_at=nothing,
            lease_until=nothing,
            done_at=nothing,
            answer=pl.lit(""),
        )
    )

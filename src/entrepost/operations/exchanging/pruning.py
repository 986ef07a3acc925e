"""Old rows of the exchange go: of interchanges that are finished, with their messages and bytes, a few at a time.

What came stays known by what is remembered of it (`exchanging.remembering`). What is not finished stays until it is:
what waits for a receipt or owes one, and what waits to be applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entrepost.base.errors import MisuseError
from entrepost.operations.exchange_records import Came, CameMessage, Erasure, Sent, SentMessage
from entrepost.operations.exchange_store import Books, Place
from entrepost.operations.exchanging import inbox, outbox
from entrepost.operations.exchanging.receipts import DUE, KEPT
from entrepost.operations.exchanging.remembering import remember
from entrepost.operations.exchanging.sorting import PENDING

LEAST_DAYS = 200
"""Reconciliation looks back for 180 days, alarms for 57."""
AT_ONCE, MESSAGES_AT_ONCE = 100, 1_000
"""So many interchanges, and messages, go in one transaction, so that other writers wait a fraction of a second."""


@dataclass(frozen=True, slots=True)
class PruneParams:
    """For how many days rows of finished interchanges are kept; *assumed*: a year's accounts are settled by then."""

    keep_days: int = 400

    def __post_init__(self) -> None:
        if self.keep_days < LEAST_DAYS:
            raise MisuseError(f"rows of the exchange are kept for at least {LEAST_DAYS} days, by which others go")


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many interchanges went, that had come and that had been sent, and how many messages of them."""

    came: int = 0
    sent: int = 0
    messages: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.came + other.came, self.sent + other.sent, self.messages + other.messages)


def prune_old(
    books: Books, tenant: str, params: PruneParams | None = None, go_on: Callable[[], None] | None = None
) -> Pruned:
    """Let rows of an account go that are old and finished.

    Parameters
    ----------
    books : Books
        The store.
    tenant : str
        The account.
    params : PruneParams, optional
        For how long they are kept.
    go_on : callable, optional
        Called between two transactions; what it raises ends it there, and the next one goes on.
    """
    keep_days = (params or PruneParams()).keep_days
    return prune_before(books, tenant, books.clock.now() - timedelta(days=keep_days), go_on)


def prune_before(books: Books, tenant: str, before: datetime, go_on: Callable[[], None] | None = None) -> Pruned:
    """The same with everything finished from before an instant."""
    done = Pruned()
    for kind, prune in ((Came, _prune_came), (Sent, _prune_sent)):
        for names in _list_old(books, tenant, kind, before):
            with books.transaction():
                done += prune(books, tenant, names)
            if go_on:
                go_on()
    return done


def _list_old(books: Books, tenant: str, kind: type[Came] | type[Sent], before: datetime) -> Iterator[list[str]]:
    """The names of old interchanges, some at a time."""
    after: Place | None = None
    while rows := books.exchange.list_old(kind, tenant, before, after, AT_ONCE):
        names: list[str] = []
        messages = 0
        for row in rows:
            if names and messages + row.messages > MESSAGES_AT_ONCE:
                break
            name = row.came if isinstance(row, Came) else row.sent
            names, messages, after = [*names, name], messages + row.messages, (row.created_at, name)
        yield names


def _prune_came(books: Books, tenant: str, names: Sequence[str]) -> Pruned:
    books.exchange.hold(f"exchange inbox of {tenant}")
    messages = books.exchange.list_with(CameMessage, tenant, {"came": names})
    waiting = {row.came for row in messages if row.state in (KEPT, PENDING)}
    came = [
        row
        for row in books.exchange.find(Came, tenant, names).values()
        if row.receipt != DUE and row.came not in waiting
    ]
    over = {row.came for row in came}
    messages = [row for row in messages if row.came in over]
    remember(books, tenant, came, messages)
    bodies = [inbox.body_of(row) for row in came] + [inbox.mended_body(row.entry) for row in messages]
    _remove(books, tenant, bodies)
    books.exchange.remove(CameMessage, tenant, [row.entry for row in messages])
    books.exchange.remove(Came, tenant, sorted(over))
    return Pruned(came=len(came), messages=len(messages))


def _prune_sent(books: Books, tenant: str, names: Sequence[str]) -> Pruned:
    books.exchange.hold("exchange outbox")
    sent = [row for row in books.exchange.find(Sent, tenant, names).values() if row.state != outbox.OPEN]
    over = [row.sent for row in sent]
    messages = books.exchange.list_with(SentMessage, tenant, {"sent": over})
    _remove(books, tenant, [outbox.body_of(row) for row in sent])
    books.exchange.remove(SentMessage, tenant, [row.entry for row in messages])
    books.exchange.remove(Sent, tenant, over)
    return Pruned(sent=len(sent), messages=len(messages))


def _remove(books: Books, tenant: str, bodies: Sequence[str]) -> None:
    books.exchange.remove_bodies(tenant, bodies)
    books.exchange.remove(Erasure, tenant, bodies)

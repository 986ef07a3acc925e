"""Look at what was exchanged: lists of messages in and out, one of them with its bytes and faults; replay.

This is what a monitor is made of. A list is asked for by direction and, where wanted, by states, partner, type and
document; it comes in pages, the latest first. *Stuck* is what goes out and was not answered for longer than a partner
usually takes, and what came in and waits to be applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from entrepost.base.errors import IncomingMessageError, MissingRowError, MisuseError
from entrepost.messages.pieces import cut
from entrepost.operations.exchange_records import Came, CameMessage, Sent, SentMessage
from entrepost.operations.exchange_store import Books, Place
from entrepost.operations.exchanging import inbox, outbox
from entrepost.operations.exchanging.inbox import Appliers
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.receipts import DUE, KEPT, LINES

Direction = Literal["in", "out"]
STUCK_AFTER = timedelta(hours=24)
"""An interchange without a receipt after so long is stuck (assumed: partners answer within a working day)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which messages to list; what is empty does not narrow.

    `states` are those of `exchange_records.CameMessage` (applied, duplicate, superseded, kept, tested, refused) or
    `SentMessage` (open, accepted, refused, kept).
    """

    direction: Direction
    states: tuple[str, ...] = ()
    operator: str = ""
    message: str = ""
    document: str = ""

    @property
    def where(self) -> dict[str, Sequence[str]]:
        """The same as a store takes it."""
        told = {"state": self.states, "operator": self.operator, "message": self.message, "document": self.document}
        return {name: value if isinstance(value, tuple) else (value,) for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Shown:
    """One message: its row, that of its interchange, its bytes alone (empty where they are gone), what is wrong."""

    row: CameMessage | SentMessage
    interchange: Came | Sent
    content: bytes = field(repr=False)
    faults: tuple[str, ...] = ()


def list_messages(
    books: Books, tenant: str, asked: Asked, before: Place | None = None, limit: int = 100
) -> list[CameMessage] | list[SentMessage]:
    """A page of messages, the latest first; the next one goes on before (`created_at`, `entry`) of its last row."""
    if asked.direction == "in":
        return books.exchange.page(CameMessage, tenant, asked.where, before, limit)
    return books.exchange.page(SentMessage, tenant, asked.where, before, limit)


def list_interchanges(
    books: Books, tenant: str, direction: Direction, states: Sequence[str] = (), before: Place | None = None
) -> list[Came] | list[Sent]:
    """A page of interchanges, the latest first; in: taken or refused; out: open, accepted, refused or dead."""
    where = {"state": states} if states else {}
    if direction == "in":
        return books.exchange.page(Came, tenant, where, before)
    return books.exchange.page(Sent, tenant, where, before)


def list_stuck(books: Books, tenant: str) -> tuple[list[Sent], list[CameMessage]]:
    """Interchanges that nobody answered for too long, and messages that wait to be applied."""
    since = books.clock.now() - STUCK_AFTER
    out = books.exchange.list_with(Sent, tenant, {"state": [outbox.OPEN, outbox.DEAD]})
    waiting = books.exchange.list_with(CameMessage, tenant, {"state": [KEPT]})
    return [row for row in out if row.state == outbox.DEAD or row.created_at < since], waiting


def count_messages(books: Books, tenant: str) -> list[tuple[str, str, str, str, int]]:
    """How many messages are how: direction, operator, type, state, and their number."""
    return books.exchange.count_states(tenant)


def get_message(books: Books, tenant: str, direction: Direction, entry: str) -> Shown:
    """One message by its name; raises `MissingRowError` where there is none."""
    row: CameMessage | SentMessage | None
    interchange: Came | Sent | None
    if direction == "in":
        row = books.exchange.find(CameMessage, tenant, [entry]).get(entry)
        interchange = books.exchange.find(Came, tenant, [row.came]).get(row.came) if row else None
        names = [inbox.mended_body(entry), inbox.body_of(row)] if row else []
    else:
        row = books.exchange.find(SentMessage, tenant, [entry]).get(entry)
        interchange = books.exchange.find(Sent, tenant, [row.sent]).get(row.sent) if row else None
        names = [outbox.body_of(interchange)] if isinstance(interchange, Sent) else []
    if row is None or interchange is None:
        raise MissingRowError(f"no message {entry!r} {'came' if direction == 'in' else 'was sent'}; list them first")
    bodies = books.exchange.find_bodies(tenant, names)
    content = next((_find_piece(bodies[name], row.reference) for name in names if name in bodies), b"")
    return Shown(row, interchange, content, tuple(row.why.split(LINES)) if row.why else ())


def replay(
    books: Books, desk: Desk, appliers: Appliers, entries: Sequence[str], mended: dict[str, bytes] | None = None
) -> list[CameMessage]:
    """Apply messages that were refused or kept once more, as they came or mended; its sender is told what became of it.

    Raises
    ------
    MisuseError
        Where nothing of it was refused or kept.
    """
    done = inbox.apply_again(books, desk, appliers, entries, mended)
    if not done:
        raise MisuseError("none of these messages was refused or kept, or their bytes are gone; list them first")
    return done


def send_again(books: Books, tenant: str, names: Sequence[str]) -> int:
    """Send interchanges once more as they are, at once; how many. Those that were accepted are left alone."""
    with books.transaction():
        books.exchange.hold("exchange outbox")
        rows = books.exchange.find(Sent, tenant, names).values()
        now: datetime = books.clock.now()
        again = [outbox.revive(row, now) for row in rows if row.state != outbox.ACCEPTED]
        books.exchange.put(again)
    return len(again)


def answer_again(books: Books, tenant: str, names: Sequence[str]) -> int:
    """Answer interchanges that came once more; how many."""
    with books.transaction():
        books.exchange.hold(f"exchange inbox of {tenant}")
        rows = [inbox.once_more(row) for row in books.exchange.find(Came, tenant, names).values()]
        books.exchange.put(rows)
    return sum(row.receipt == DUE for row in rows)


def _find_piece(body: bytes, reference: str) -> bytes:
    """The bytes of a message alone; a mended one stands alone already. Nothing where it cannot be cut out."""
    try:
        pieces = cut(body).pieces
    except IncomingMessageError:
        return b""
    return next((piece.content for piece in pieces if piece.reference == reference or len(pieces) == 1), b"")

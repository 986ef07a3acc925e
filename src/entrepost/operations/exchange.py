"""Exchange messages with other operators: one round takes in what came, answers it, and sends what is due.

Everything that matters is in the store: a round that is cut off anywhere is done by the next one. What transports do is
`exchanging.transport`, what becomes of messages `exchanging.inbox`, how they go out `exchanging.outbox`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from entrepost.base.errors import TransportError
from entrepost.mail.partner import Partners
from entrepost.messages.profiling.layout import Profile
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.inbox import Appliers, apply_kept, take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import SendParams, Went, send_due
from entrepost.operations.exchanging.receipts import send_receipts, take_receipts
from entrepost.operations.exchanging.transport import RECEIPT, Arrival, Transport

BATCH_BYTES, BATCH_MOST = 8_000_000, 500
"""So much is one transaction: it takes about a second, in which other writers wait."""
BESIDE = ("again", "interchanges")
"""What is counted of a round that are no messages."""


@dataclass(frozen=True, slots=True)
class Means:
    """With what a round is done: the account, its partners, its transports by name, and what applies messages.

    `places` are where mail comes in that one account alone may fetch; `batch_bytes` are taken in by one transaction.
    """

    tenant: str
    partners: Partners
    transports: Mapping[str, Transport]
    appliers: Appliers
    params: SendParams = field(default_factory=SendParams)
    profiles: tuple[Profile, ...] = ()
    places: frozenset[str] = frozenset()
    batch_bytes: int = BATCH_BYTES


@dataclass(frozen=True, slots=True)
class Ran:
    """What a round did: messages that came by how they stand, receipts that came and went, interchanges that went.

    `away` are the transports over which nothing can come now, and why.
    """

    came: Counter[str]
    receipts_in: int
    receipts_out: int
    went: Went
    away: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.came.total() or self.receipts_in or self.receipts_out or self.went.taken or self.went.dead)


def run_once(books: Books, means: Means, progress: Callable[[int], None] | None = None) -> Ran:
    """One round over all transports; one that is away holds up no other.

    Parameters
    ----------
    books : Books
        The store.
    means : Means
        With what it is done.
    progress : callable, optional
        Told how many messages have come in, between two transactions; what it raises ends the round there.
    """
    came: Counter[str] = Counter()
    heard = 0
    away: dict[str, str] = {}

    def tell(now: Counter[str]) -> None:
        if progress:
            progress(sum(count for name, count in (came + now).items() if name not in BESIDE))

    for name in means.transports:
        more, receipts, why = _take_from(books, means, name, tell)
        came, heard = came + more, heard + receipts
        if why:
            away[name] = why
    came += apply_kept(books, open_desk(books, means), means.appliers)
    answered = send_receipts(books, means.tenant, means.partners, means.transports)
    went = send_due(books, means.transports, means.params, means.tenant)
    return Ran(came, heard, answered, went, away)


def receive(books: Books, means: Means, transport: str, arrival: Arrival) -> None:
    """Take in one thing that came by itself; it is durable when this returns."""
    if arrival.transmission.kind == RECEIPT:
        take_receipts(books, means.tenant, [arrival])
    else:
        take_in(books, open_desk(books, means), means.appliers, transport, [arrival])


def open_desk(books: Books, means: Means) -> Desk:
    """By what messages are judged now."""
    return Desk(means.tenant, means.partners, books.clock.now(), means.profiles)


def _take_from(
    books: Books, means: Means, name: str, tell: Callable[[Counter[str]], None]
) -> tuple[Counter[str], int, str]:
    """What came over a transport: messages by how they stand, how many receipts, and why it is away."""
    came: Counter[str] = Counter()
    heard = 0
    try:
        for batch in _batches(means.transports[name].fetch(BATCH_MOST), means.batch_bytes):
            receipts = [each for each in batch if each.transmission.kind == RECEIPT]
            heard += take_receipts(books, means.tenant, receipts) if receipts else 0
            others = [each for each in batch if each.transmission.kind != RECEIPT]
            if others:
                came += take_in(books, open_desk(books, means), means.appliers, name, others)
            tell(came)
    except TransportError as error:
        return came, heard, str(error)
    return came, heard, ""


def _batches(arrivals: Iterable[Arrival], most: int) -> Iterator[list[Arrival]]:
    batch: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        if batch and size + len(arrival.transmission.body) > most:
            yield batch
            batch, size = [], 0
        batch.append(arrival)
        size += len(arrival.transmission.body)
    if batch:
        yield batch

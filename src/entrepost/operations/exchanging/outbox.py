"""The outbox: a message is queued in the transaction of what caused it, and stays until the receiver's receipt comes.

An interchange gets its control reference when it is queued, in the same transaction: so references to a partner have no
gaps, and none is given for what was rolled back. Sending is outside of any transaction, under a lease: who is cut off
between sending and hearing sends again, and the receiver knows it by its reference.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from entrepost.base.errors import MisuseError, TransportError
from entrepost.messages.pieces import to_digest
from entrepost.operations.exchange_records import Counter, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.transport import INTERCHANGE, Transmission, Transport, Unsent

OPEN, ACCEPTED, REFUSED, DEAD = "open", "accepted", "refused", "dead"
"""How interchanges and their messages stand; *dead*: no transport will ever take it."""

REFERENCE_DIGITS = 8
NAME_MOST = 70
"""So many signs has the name of a transmission; ten more are for the number of a receipt."""
_STRANGE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Route:
    """Which way an interchange goes: from our address to a partner's, over a transport, in a syntax."""

    own: str
    partner: str
    operator: str
    transport: str
    syntax: str = "edifact"


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of an interchange, as the outbox lists it."""

    message: str
    document: str
    function: str = "original"


@dataclass(frozen=True, slots=True)
class SendParams:
    """How often and how much at once. All figures are *assumed*.

    Attributes
    ----------
    pauses_seconds : tuple of int
        How long is waited after attempts that no transport took; the last one repeats.
    answer_seconds : tuple of int
        For how long a receipt is awaited before the same is sent again; the last one repeats.
    lease_seconds : int
        Who has not told what became of an attempt after so long is taken for dead.
    most : int
        So many interchanges are taken at once.
    jitter_share : float
        A pause is longer or shorter by up to this share.
    """

    pauses_seconds: tuple[int, ...] = (5, 60, 300, 900, 3600)
    answer_seconds: tuple[int, ...] = (900, 3600, 14_400, 43_200)
    lease_seconds: int = 300
    most: int = 200
    jitter_share: float = 0.2
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def __post_init__(self) -> None:
        if min(*self.pauses_seconds, *self.answer_seconds, self.lease_seconds, self.most) <= 0:
            raise MisuseError("the pauses, the lease and the number of interchanges must be above 0")

    def pause(self, attempts: int, taken: bool) -> timedelta:
        """How long is waited after so many attempts, the last of which a transport took or not."""
        steps = self.answer_seconds if taken else self.pauses_seconds
        seconds = steps[min(max(attempts, 1), len(steps)) - 1]
        return timedelta(seconds=seconds * (1 + self.jitter_share * (2 * self.chance() - 1)))


@dataclass(frozen=True, slots=True)
class Went:
    """What sending did: interchanges that a transport took, that wait for another attempt, that it will never take."""

    taken: int = 0
    waiting: int = 0
    dead: int = 0


def queue(
    books: Books, tenant: str, route: Route, entries: Sequence[Entry], write: Callable[[str, datetime], bytes]
) -> Sent:
    """Queue an interchange; the caller holds the transaction of what caused it.

    Parameters
    ----------
    books : Books
        The store.
    tenant : str
        The account.
    route : Route
        Which way it goes.
    entries : sequence of Entry
        Its messages, in their order: their references are 1, 2, 3.
    write : callable
        Makes the bytes of a control reference and the present instant.
    """
    with books.transaction():
        now = books.clock.now()
        number = _next_number(books, tenant, route)
        reference = f"{number:0{REFERENCE_DIGITS}d}"
        name = to_transmission(route.own, route.partner, reference)
        body = write(reference, now)
        sent = Sent(
            tenant=tenant,
            sent=name,
            own=route.own,
            partner=route.partner,
            operator=route.operator,
            reference=reference,
            transport=route.transport,
            syntax=route.syntax,
            state=OPEN,
            answer="",
            messages=len(entries),
            size_bytes=len(body),
            attempts=0,
            created_at=now,
            due_at=now,
        )
        books.exchange.put([sent])
        books.exchange.put([_message(sent, number, entry) for number, entry in enumerate(entries, 1)])
        books.exchange.put_bodies(tenant, {body_of(sent): body})
    return sent


def to_transmission(own: str, partner: str, reference: str) -> str:
    """The name of a transmission, which nobody else has and this sender uses once; a long one is shortened."""
    name = _STRANGE.sub("-", f"{own}_{partner}_{reference}")
    return name if len(name) <= NAME_MOST else to_digest(f"{own} {partner} {reference}".encode())


def body_of(sent: Sent) -> str:
    """Under what name the bytes of an interchange are kept."""
    return f"out {sent.sent}"


def send_due(
    books: Books, transports: Mapping[str, Transport], params: SendParams | None = None, tenant: str = ""
) -> Went:
    """Send what is due, once; of an account, or of all."""
    params = params or SendParams()
    claimed = _claim(books, params, tenant)
    went = Went()
    for account, name in dict.fromkeys((row.tenant, row.transport) for row in claimed):
        rows = [row for row in claimed if (row.tenant, row.transport) == (account, name)]
        unsent = _hand_over(books, transports.get(name), rows)
        went = _settle(books, rows, unsent, params, went)
    return went


def revive(row: Sent, now: datetime) -> Sent:
    """An interchange that is to be sent once more, at once."""
    return replace(row, state=OPEN, due_at=now, attempts=0)


def _next_number(books: Books, tenant: str, route: Route) -> int:
    name = f"{route.own} {route.partner}"
    books.exchange.hold(f"references of {tenant} to {route.partner}")
    known = books.exchange.find(Counter, tenant, [name]).get(name)
    number = known.last + 1 if known else 1
    books.exchange.put([Counter(tenant, name, number)])
    return number


def _message(sent: Sent, number: int, entry: Entry) -> SentMessage:
    return SentMessage(
        tenant=sent.tenant,
        entry=f"{sent.sent} {number:06d}",
        sent=sent.sent,
        operator=sent.operator,
        reference=str(number),
        message=entry.message,
        document=entry.document,
        function=entry.function,
        state=OPEN,
        why="",
        created_at=sent.created_at,
    )


def _claim(books: Books, params: SendParams, tenant: str) -> list[Sent]:
    if not books.exchange.list_due(books.clock.now(), 1, tenant):
        return []
    with books.transaction():
        books.exchange.hold("exchange outbox")
        now = books.clock.now()
        lease = now + timedelta(seconds=params.lease_seconds)
        rows = books.exchange.list_due(now, params.most, tenant)
        claimed = [replace(row, due_at=lease, attempts=row.attempts + 1) for row in rows]
        books.exchange.put(claimed)
    return claimed


def _hand_over(books: Books, transport: Transport | None, rows: Sequence[Sent]) -> dict[str, Unsent]:
    """What a transport did not take, by name."""
    if transport is None:
        why = f"there is no transport {rows[0].transport!r} here"
        return {row.sent: Unsent(row.sent, why) for row in rows}
    bodies = books.exchange.find_bodies(rows[0].tenant, [body_of(row) for row in rows])
    gone = [Unsent(row.sent, "its bytes are not kept any more", True) for row in rows if body_of(row) not in bodies]
    ready = [
        Transmission(row.sent, row.own, row.partner, INTERCHANGE, bodies[body_of(row)])
        for row in rows
        if body_of(row) in bodies
    ]
    try:
        unsent = transport.send(ready) if ready else ()
    except TransportError as error:
        unsent = [Unsent(each.transmission_id, str(error)) for each in ready]
    return {each.transmission_id: each for each in (*gone, *unsent)}


def _settle(books: Books, rows: Sequence[Sent], unsent: Mapping[str, Unsent], params: SendParams, went: Went) -> Went:
    with books.transaction():
        books.exchange.hold("exchange outbox")
        now = books.clock.now()
        mine = {row.sent: row for row in rows}
        found = books.exchange.find(Sent, rows[0].tenant, list(mine))
        # A receipt may have come while it was on its way, and another may have it when the lease was over.
        books.exchange.put(
            [
                _after(row, unsent.get(row.sent), now, params)
                for row in found.values()
                if row.state == OPEN and row.attempts == mine[row.sent].attempts
            ]
        )
    dead = sum(each.is_final for each in unsent.values())
    return Went(went.taken + len(rows) - len(unsent), went.waiting + len(unsent) - dead, went.dead + dead)


def _after(row: Sent, unsent: Unsent | None, now: datetime, params: SendParams) -> Sent:
    due = now + params.pause(row.attempts, taken=unsent is None)
    if unsent is None:
        return replace(row, due_at=due, taken_at=now, answer="")
    state = DEAD if unsent.is_final else OPEN
    return replace(row, state=state, due_at=due, answer=unsent.why)

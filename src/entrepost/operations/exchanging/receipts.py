"""Receipts: what we tell a sender after our inbox has committed, and what we are told of what we sent.

A receipt that is due is a mark on the interchange that came, set in the transaction of the inbox; it is written of
what stands there when it goes out. Lost or doubled it does no harm: whoever misses it sends the interchange again, and
gets it again. Only the partner to whom something was sent can answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from entrepost.base.clock import zone
from entrepost.base.errors import IncomingMessageError, TransportError
from entrepost.mail.partner import Partners
from entrepost.messages import receipt as receipts
from entrepost.messages.receipt import Answered, Receipt
from entrepost.operations.exchange_records import Came, CameMessage, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging import outbox
from entrepost.operations.exchanging.outbox import to_transmission
from entrepost.operations.exchanging.transport import RECEIPT, Arrival, Transmission, Transport, Unsent

DUE, GONE = "due", "sent"
APPLIED, DUPLICATE, SUPERSEDED, KEPT, TESTED, REFUSED = (
    *("applied", "duplicate", "superseded", "kept", "tested", "refused"),
)
"""How messages that came stand; see `exchange_records.CameMessage`."""

TOLD: dict[str, receipts.State] = {
    **dict.fromkeys((APPLIED, DUPLICATE, SUPERSEDED, TESTED), receipts.ACCEPTED),
    KEPT: receipts.KEPT,
    REFUSED: receipts.REFUSED,
}
"""What a sender is told of each."""
LINES = "\n"
"""Between reasons, where they are kept together."""
MOST = 500
ASK_AGAIN = timedelta(hours=12)
"""After so long is asked again what became of messages that were kept."""


def send_receipts(
    books: Books, tenant: str, partners: Partners, transports: Mapping[str, Transport], most: int = MOST
) -> int:
    """Send the receipts that are due; how many a transport took."""
    due = books.exchange.list_with(Came, tenant, {"receipt": [DUE]})[:most]
    count = 0
    for name in dict.fromkeys(row.transport for row in due):
        rows = [row for row in due if row.transport == name]
        unsent = _send(transports.get(name), [_write(books, partners, row) for row in rows])
        gone = [row for row in rows if _name_of(row) not in unsent]
        count += len(gone)
        _mark(books, tenant, gone)
    return count


def take_receipts(books: Books, tenant: str, arrivals: Sequence[Arrival]) -> int:
    """Keep what receipts say of what we sent; how many answered something."""
    answered: list[tuple[Arrival, str]] = []
    with books.transaction():
        books.exchange.hold("exchange outbox")
        for arrival in arrivals:
            answered.append((arrival, _take(books, tenant, arrival)))
    for arrival, wrong in answered:
        if wrong:
            arrival.refuse(wrong)
        else:
            arrival.done()
    return sum(not wrong for _, wrong in answered)


def _send(transport: Transport | None, transmissions: Sequence[Transmission]) -> dict[str, Unsent]:
    if transport is None:
        return {each.transmission_id: Unsent(each.transmission_id, "no transport") for each in transmissions}
    try:
        unsent = transport.send(transmissions)
    except TransportError as error:
        unsent = [Unsent(each.transmission_id, str(error)) for each in transmissions]
    # What will never be taken is not tried again: its sender asks by sending once more.
    return {each.transmission_id: each for each in unsent if not each.is_final}


def _mark(books: Books, tenant: str, gone: Sequence[Came]) -> None:
    """Receipts that went out are not due any more, unless something else is to be said by now."""
    with books.transaction():
        books.exchange.hold(f"exchange inbox of {tenant}")
        found = books.exchange.find(Came, tenant, [row.came for row in gone])
        books.exchange.put([replace(row, receipt=GONE) for row in gone if found.get(row.came) == row])


def _write(books: Books, partners: Partners, row: Came) -> Transmission:
    messages = books.exchange.list_with(CameMessage, row.tenant, {"came": [row.came]})
    told = tuple(
        Answered(each.reference, each.message, TOLD[each.state], _reasons(each.why))
        for each in sorted(messages, key=lambda each: (len(each.reference), each.reference))
    )
    state = receipts.REFUSED if row.state == REFUSED else receipts.ACCEPTED
    local = books.clock.now().astimezone(_zone(partners))
    said = Receipt(row.own, row.sender, row.reference, row.transmission, local, state, told, _reasons(row.why))
    return Transmission(_name_of(row), row.own, row.sender, RECEIPT, receipts.write(said, row.syntax))


def _name_of(row: Came) -> str:
    """Named anew each time that it goes out, so that no transport takes it for one that was lost."""
    return f"R{row.times}-{to_transmission(row.own, row.sender, row.transmission)}"


def _zone(partners: Partners) -> tzinfo:
    return zone(partners.own.time_zone or "UTC")


def _reasons(why: str) -> tuple[str, ...]:
    return tuple(why.split(LINES)) if why else ()


def _take(books: Books, tenant: str, arrival: Arrival) -> str:
    """Why a receipt is not taken; empty where it is."""
    try:
        told = receipts.read(arrival.transmission.body)
    except IncomingMessageError as error:
        return f"it is no receipt: {error}"
    partner = arrival.proved_sender
    if told.sender and told.sender != partner:
        return f"it says that {told.sender} answers, and came from {partner}"
    sent = _find_sent(books, tenant, told, partner)
    if sent is None:
        return f"{partner} answers {told.interchange or told.transmission!r}, which was not sent to it"
    _settle(books, sent, told)
    return ""


def _find_sent(books: Books, tenant: str, told: Receipt, partner: str) -> Sent | None:
    if told.transmission:
        found = books.exchange.find(Sent, tenant, [told.transmission]).get(told.transmission)
        return found if found is not None and found.partner == partner else None
    rows = books.exchange.list_with(Sent, tenant, {"reference": [told.interchange], "partner": [partner]})
    return rows[0] if rows and told.interchange else None


def _settle(books: Books, sent: Sent, told: Receipt) -> None:
    """What was once accepted stays so: receipts may overtake one another."""
    said = {each.reference: each for each in told.messages}
    whole = Answered("", "", told.state, told.why)
    rows = [
        row if row.state == receipts.ACCEPTED else replace(row, state=each.state, why=LINES.join(each.why))
        for row in books.exchange.list_with(SentMessage, sent.tenant, {"sent": [sent.sent]})
        for each in [said.get(row.reference, whole) if told.state != receipts.REFUSED else whole]
    ]
    states = {row.state for row in rows}
    state = outbox.REFUSED if receipts.REFUSED in states else outbox.ACCEPTED
    now, due = books.clock.now(), sent.due_at
    if receipts.KEPT in states:  # what is kept will stand differently one day, and who sent it asks until it does
        state, due = outbox.OPEN, max(due, now + ASK_AGAIN)
    books.exchange.put(rows)
    books.exchange.put([replace(sent, state=state, due_at=due, answer=LINES.join(told.why), answered_at=now)])

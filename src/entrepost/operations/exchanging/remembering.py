"""What is remembered of interchanges and documents after their rows were pruned, so that nothing is applied twice.

An interchange is known again by its name and digest, a document by its identity with the function, digest and instant
of each message that was applied. They stand under a hash of their names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from entrepost.base.clock import from_micros, to_micros
from entrepost.operations.exchange_records import Came, CameMessage, Remembered
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.judging import TAKEN, Opened
from entrepost.operations.exchanging.receipts import DUPLICATE, LINES, REFUSED
from entrepost.operations.exchanging.sorting import LIVE

MARK_BYTES = 16
BETWEEN = "\t"


@dataclass(frozen=True, slots=True)
class Recalled:
    """An interchange that was taken once: its digest, when it came, and the references of what was refused in it."""

    digest: str
    created_at: datetime
    refused: frozenset[str]


def remember(books: Books, tenant: str, came: Sequence[Came], messages: Sequence[CameMessage]) -> None:
    """Remember interchanges whose rows go, with all their messages; in the transaction in which they go."""
    refused: dict[str, list[str]] = {}
    for row in messages:
        if row.state == REFUSED:
            refused.setdefault(row.came, []).append(row.reference)
    rows = [
        Remembered(
            tenant, interchange_mark(each.came), _tell(each.digest, each.created_at, *refused.get(each.came, ()))
        )
        for each in came
        if each.state == TAKEN
    ]
    told: dict[str, list[str]] = {}
    for row in sorted(messages, key=lambda row: row.entry):
        if row.identity and row.state in LIVE:
            line = _tell(row.function, row.state, row.digest, row.told_at, row.came, row.reference)
            told.setdefault(document_mark(row.identity), []).append(line)
    known = books.exchange.find(Remembered, tenant, sorted(told))
    for mark, lines in told.items():
        before = known[mark].told.split(LINES) if mark in known else []
        rows.append(Remembered(tenant, mark, LINES.join(dict.fromkeys([*before, *lines]))))
    books.exchange.put(rows)


def recall_interchanges(books: Books, tenant: str, names: Sequence[str]) -> dict[str, Recalled]:
    """Those of these interchanges whose rows were pruned, by name."""
    marks = {interchange_mark(name): name for name in names}
    found = books.exchange.find(Remembered, tenant, sorted(marks))
    return {marks[mark]: _read(each.told) for mark, each in found.items()}


def recall_documents(books: Books, tenant: str, identities: Sequence[str]) -> list[CameMessage]:
    """What was told of these documents before, as far as its rows were pruned."""
    marks = {document_mark(identity): identity for identity in identities}
    found = books.exchange.find(Remembered, tenant, sorted(marks))
    return [_message(tenant, marks[mark], line) for mark, each in found.items() for line in each.told.split(LINES)]


def settle_again(opened: Opened, known: Mapping[str, Recalled]) -> Opened:
    """An interchange that came once and comes again after its rows were pruned: nothing in it is applied."""
    old = known.get(opened.came.came)
    if old is None or old.digest != opened.came.digest:
        return opened
    on = f"{old.created_at:%Y-%m-%d}"
    settled = []
    for row, piece, channel in opened.pieces:
        was_refused = row.reference in old.refused
        why = f"it was refused on {on}; send it corrected, as a new message" if was_refused else f"it came on {on}"
        settled.append((replace(row, state=REFUSED if was_refused else DUPLICATE, why=why), piece, channel))
    return replace(opened, pieces=tuple(settled))


def to_rows(opened: Sequence[Opened], known: Mapping[str, Recalled]) -> dict[str, Came]:
    """Rows of interchanges whose references were used before for something else, by name."""
    return {
        each.came.came: replace(each.came, digest=old.digest, created_at=old.created_at, state=TAKEN)
        for each in opened
        for old in [known.get(each.came.came)]
        if old is not None and old.digest != each.came.digest
    }


def interchange_mark(name: str) -> str:
    """Under what an interchange is remembered."""
    return _mark(f"interchange {name}")


def document_mark(identity: str) -> str:
    """Under what a document is remembered."""
    return _mark(f"document {identity}")


def _mark(text: str) -> str:
    digest = hashlib.blake2b(text.encode(), digest_size=MARK_BYTES).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _tell(*cells: str | datetime) -> str:
    texts = [str(to_micros(each)) if isinstance(each, datetime) else " ".join(each.split(BETWEEN)) for each in cells]
    return BETWEEN.join(texts)


def _read(told: str) -> Recalled:
    digest, created, *refused = told.split(BETWEEN)
    return Recalled(digest, from_micros(int(created)), frozenset(refused))


def _message(tenant: str, identity: str, line: str) -> CameMessage:
    function, state, digest, told, came, reference = line.split(BETWEEN)
    at = from_micros(int(told))
    sender, message, document = identity.split(" ", 2)
    return CameMessage(
        tenant=tenant,
        entry=f"{came} {reference}",
        came=came,
        operator="",
        sender=sender,
        reference=reference,
        message=message,
        document=document,
        function=function,
        identity=identity,
        digest=digest,
        state=state,
        why="",
        told_at=at,
        created_at=at,
    )

"""People in messages: what was exchanged about the sender or recipient of an item, given out and forgotten.

Where they stand is found by `exchanging.traces`. Bytes are forgotten with their whole interchange. What a partner has
not answered yet is still to be sent, and what waits to be applied is still needed: it is marked, and forgotten within a
day after it is neither.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any

from entrepost.base.errors import IncomingMessageError
from entrepost.messages import any_message
from entrepost.messages.pieces import Piece, cut
from entrepost.operations.exchange_records import Came, CameMessage, Erasure, KeptAdvanceData, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging import outbox
from entrepost.operations.exchanging.partners import get_partners
from entrepost.operations.exchanging.receipts import KEPT
from entrepost.operations.exchanging.traces import ADVANCE, Traces, holds, to_erased

NAMING = ("ITMATT", "CUSITM")
"""Messages that are about the people of one item, which is their document."""
IN, OUT, MENDED = "in ", "out ", "mended "
Told = dict[str, Any]


def advance_body(item_id: str) -> str:
    """Under what name the content of an item's advance data is kept, as plain JSON."""
    return f"{ADVANCE}{item_id}"


def list_about(books: Books, tenant: str, traces: Traces) -> list[Told]:
    """What names these items: direction, partner, message, instant and text, and the reasons that quote it.

    Of a message about several items only what it says of these is given.
    """
    bodies = books.exchange.find_bodies(tenant, traces.bodies)
    found = [told for name in sorted(bodies) for told in _tell(books, tenant, traces, name, bodies[name])]
    for kind, names in traces.reasons:
        for row in books.exchange.find(kind, tenant, names).values():
            why = row.answer if isinstance(row, Sent) else row.why
            found.append(_head(row) | {"text": "", "why": why})
    return found


def erase_about(books: Books, tenant: str, traces: Traces) -> int:
    """Forget these bytes, at once or when they are not needed any more, and what reasons quote; how many."""
    with books.transaction():
        now = books.clock.now()
        needed = _find_needed(books, tenant, traces.bodies)
        books.exchange.remove_bodies(tenant, [name for name in traces.bodies if name not in needed])
        books.exchange.put([Erasure(tenant, name, now) for name in sorted(needed)])
        books.exchange.remove(KeptAdvanceData, tenant, traces.item_ids)
        for kind, names in traces.reasons:
            rows = books.exchange.find(kind, tenant, names).values()
            books.exchange.put([_without_reason(row) for row in rows])
    return len(traces.bodies) + sum(len(names) for _, names in traces.reasons)


def erase_waiting(books: Books, tenant: str) -> int:
    """Forget bytes that were marked and are not needed any more; how many."""
    with books.transaction():
        names = [row.body for row in books.exchange.list_with(Erasure, tenant, {})]
        needed = _find_needed(books, tenant, names)
        over = [name for name in names if name not in needed]
        books.exchange.remove_bodies(tenant, over)
        books.exchange.remove(Erasure, tenant, over)
    return len(over)


def _find_needed(books: Books, tenant: str, names: Sequence[str]) -> set[str]:
    """Those of these bytes that are still to be sent, or to be applied."""
    sent = [name.removeprefix(OUT) for name in names if name.startswith(OUT)]
    came = [name.removeprefix(IN) for name in names if name.startswith(IN)]
    mended = [name.removeprefix(MENDED) for name in names if name.startswith(MENDED)]
    open_ = {row.sent for row in books.exchange.find(Sent, tenant, sent).values() if row.state == outbox.OPEN}
    kept = {row.came for row in books.exchange.list_with(CameMessage, tenant, {"came": came}) if row.state == KEPT}
    waits = {row.entry for row in books.exchange.find(CameMessage, tenant, mended).values() if row.state == KEPT}
    return {f"{OUT}{each}" for each in open_} | {f"{IN}{each}" for each in kept} | {f"{MENDED}{each}" for each in waits}


def _without_reason(row: Any) -> Any:
    return replace(row, answer=to_erased(row.answer)) if isinstance(row, Sent) else replace(row, why=to_erased(row.why))


def _tell(books: Books, tenant: str, traces: Traces, name: str, body: bytes) -> Iterator[Told]:
    """What some bytes say about the items."""
    if name.startswith(ADVANCE):
        item_id = name.removeprefix(ADVANCE)
        row = books.exchange.find(KeptAdvanceData, tenant, [item_id]).get(item_id)
        if row is not None and f"{IN}{row.came}" not in traces.bodies:
            told = {"direction": "in", "operator": row.operator, "message": "ITMATT", "item_id": item_id}
            yield told | {"created_at": row.received_at, "text": _text(body)}
        return
    if name.startswith(MENDED):
        entry = name.removeprefix(MENDED)
        rows: dict[str, Any] = {"": books.exchange.find(CameMessage, tenant, [entry]).get(entry)}
    elif name.startswith(OUT):
        sent = name.removeprefix(OUT)
        rows = {row.reference: row for row in books.exchange.list_with(SentMessage, tenant, {"sent": [sent]})}
        rows[""] = books.exchange.find(Sent, tenant, [sent]).get(sent)
    else:
        came = name.removeprefix(IN)
        rows = {row.reference: row for row in books.exchange.list_with(CameMessage, tenant, {"came": [came]})}
        rows[""] = books.exchange.find(Came, tenant, [came]).get(came)
    has = holds(traces.item_ids)
    for piece in _cut(body):
        row = rows.get(piece.reference) or rows[""]
        if row is not None and has(piece.content):
            yield _head(row) | {"message": piece.message, "text": _say(books, tenant, traces, piece)}


def _cut(body: bytes) -> Sequence[Piece]:
    """The messages in some bytes; what cannot be cut is one without a type."""
    with suppress(IncomingMessageError):
        if pieces := cut(body).pieces:
            return pieces
    return [Piece("", "", "", "", "", "", body)]


def _head(row: Any) -> Told:
    """Which message or interchange it is."""
    direction = "in" if isinstance(row, Came | CameMessage) else "out"
    message, document = getattr(row, "message", ""), getattr(row, "document", "")
    told = {"direction": direction, "operator": row.operator, "message": message, "item_id": document}
    return told | {"created_at": row.created_at}


def _say(books: Books, tenant: str, traces: Traces, piece: Piece) -> str:
    """What a message says of the items: all of it where it is about one, otherwise that part; empty: it names them."""
    if piece.message in NAMING:
        return _text(piece.content)
    zones = get_partners(books, tenant).zones(books.clock.now().date())
    try:
        messages = any_message.read(piece.content, zones).messages
    except IncomingMessageError:
        return ""
    parts = [asdict(part) for message in messages for part in _parts(message, {*traces.item_ids})]
    return json.dumps(parts, ensure_ascii=False, default=str) if parts else ""


def _parts(value: Any, item_ids: set[str]) -> Iterator[Any]:
    """The nouns in a message that are about one of the items."""
    if isinstance(value, tuple):
        for each in value:
            yield from _parts(each, item_ids)
    elif is_dataclass(value) and not isinstance(value, type):
        cells = [getattr(value, each.name) for each in fields(value)]
        if any(isinstance(cell, str) and cell in item_ids for cell in cells):
            yield value
        else:
            for cell in cells:
                yield from _parts(cell, item_ids)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")

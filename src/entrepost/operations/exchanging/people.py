"""People in messages: what advance data say of the sender and recipient of an item, given out and forgotten.

Rows of the exchange name no person; the sealed bytes do. Of an item they are found by its identifier: its advance data,
and the interchanges in which they went or came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepost.operations.exchange_records import CameMessage, KeptAdvanceData, Sent, SentMessage
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging import inbox, looking, outbox
from entrepost.operations.exchanging.looking import Direction

NAMING = ("ITMATT", "CUSITM")
"""Messages that name people, by the item that is their document."""


def advance_body(item_id: str) -> str:
    """Under what name the content of an item's advance data is kept, as plain JSON."""
    return f"advance {item_id}"


def list_about(books: Books, tenant: str, item_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The messages that name whoever sends or gets these items: direction, partner, instant and text."""
    found: list[dict[str, Any]] = []
    for direction, rows in _find_rows(books, tenant, item_ids).items():
        for row in rows:
            text = looking.get_message(books, tenant, direction, row.entry).content.decode("utf-8", "replace")
            told = {"direction": direction, "operator": row.operator, "message": row.message, "item_id": row.document}
            found.append({**told, "created_at": row.created_at, "text": text})
    return found


def erase_about(books: Books, tenant: str, item_ids: Sequence[str]) -> int:
    """Forget the bytes of messages that name whoever sends or gets these items; of how many.

    Bytes are forgotten with their whole interchange. What a partner has not answered yet stays until it has, because it
    is still to be sent, and is forgotten in its time.
    """
    rows = _find_rows(books, tenant, item_ids)
    names = [advance_body(item_id) for item_id in item_ids]
    came = [row for row in rows["in"] if isinstance(row, CameMessage)]
    names += [name for row in came for name in (inbox.body_of(row), inbox.mended_body(row.entry))]
    sent = books.exchange.find(
        Sent, tenant, [*dict.fromkeys(r.sent for r in rows["out"] if isinstance(r, SentMessage))]
    )
    names += [outbox.body_of(row) for row in sent.values() if row.state != outbox.OPEN]
    with books.transaction():
        books.exchange.remove_bodies(tenant, [*dict.fromkeys(names)])
        books.exchange.remove(KeptAdvanceData, tenant, item_ids)
    return sum(map(len, rows.values()))


def _find_rows(
    books: Books, tenant: str, item_ids: Sequence[str]
) -> dict[Direction, Sequence[CameMessage | SentMessage]]:
    where = {"document": item_ids, "message": NAMING}
    return {
        "in": books.exchange.list_with(CameMessage, tenant, where),
        "out": books.exchange.list_with(SentMessage, tenant, where),
    }

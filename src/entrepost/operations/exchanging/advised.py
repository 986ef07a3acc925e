"""What advance data say of an item that another operator announced, for who looks at it."""

from __future__ import annotations

from entrepost.mail.advance_data import AdvanceData
from entrepost.messages import plain
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.people import advance_body


def find_advance_data(books: Books, tenant: str, item_id: str) -> AdvanceData | None:
    """The latest advance data of an item; None where nobody sent any, or they were forgotten."""
    name = advance_body(item_id)
    body = books.exchange.find_bodies(tenant, [name]).get(name)
    if body is None:
        return None
    (message,) = plain.read(body).messages
    return message.data if isinstance(message, Itmatt) else None

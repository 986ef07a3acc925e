"""What waits for items: the names of its states, for how long, and how a message that waits is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from entrepost.base.findings import finding_code
from entrepost.operations.exchange_records import CameMessage, KeptAwaited
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.receipts import KEPT

AWAITED = finding_code("exchange_item_awaited", "A message tells events of items that are not announced yet.")

WAITING, COME = "waiting", "come"
"""How an item stands for which a message waits (`KeptAwaited.state`)."""

WAIT_FOR = timedelta(days=30)
"""For so long events wait for their items (*assumed*: advance data come before the mail, which takes at most that)."""

ITEMS_MOST = 100_000
"""For so many items of a partner messages wait at once (*assumed*: a large day)."""


def is_awaiting(row: CameMessage) -> bool:
    """Whether a message waits for items."""
    return row.state == KEPT and row.why.startswith(AWAITED)


def wake(books: Books, tenant: str, item_ids: Sequence[str]) -> None:
    """These items are there: messages that wait for any of them are applied again."""
    waiting = books.exchange.list_with(KeptAwaited, tenant, {"item_id": item_ids, "state": [WAITING]})
    books.exchange.put([replace(each, state=COME) for each in waiting])

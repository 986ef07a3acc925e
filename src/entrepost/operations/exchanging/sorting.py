"""Sort what came about a document: what is new, what was there before, what comes too late, what has to wait.

A document is known by its sender, the type of its message and its number. An *original* says it for the first time,
*replace* and *change* say all of it anew, *cancel* takes it back, *duplicate* and *copy* say the same once more. They
may overtake one another: the order is when their interchange was prepared, and then its reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from entrepost.base.findings import finding_code
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.receipts import APPLIED, DUPLICATE, KEPT, REFUSED, SUPERSEDED, TESTED

REUSED = finding_code("exchange_document_reused", "A document number was used before for another original.")
WAITS = finding_code("exchange_document_waits", "A change or cancellation came before what it is about.")
ORIGINAL, CANCEL, CHANGE = "original", "cancel", "change"
AGAIN = ("duplicate", "copy")
BY_ITEM = ("ITMATT",)
"""Messages that are known by their item: what was taken back may be told again, and the latest holds."""
PENDING = ""
"""The state of a message that is to be applied, in the same transaction."""

LIVE = (PENDING, APPLIED, TESTED, KEPT)


def sort_out(row: CameMessage, others: Sequence[CameMessage]) -> tuple[str, str]:
    """What becomes of a message, by all others about the same document: a state, empty where it is applied; and why."""
    live = [each for each in others if each.state in LIVE]
    latest = max(live, key=place_of, default=None)
    if row.function in AGAIN:
        return (DUPLICATE, f"{latest.came} told it") if latest else (PENDING, "")
    if row.function == ORIGINAL:
        return _sort_original(row, live)
    if latest is None:
        if row.function in (CHANGE, CANCEL):
            return KEPT, f"{WAITS}: document {row.document} has not come yet"
        return PENDING, ""
    if _is_same(latest, row):
        return DUPLICATE, f"{latest.came} told it"
    later = [each for each in live if each.function not in (ORIGINAL, *AGAIN) and place_of(each) >= place_of(row)]
    ended = [] if row.message in BY_ITEM else [each for each in live if each.function == CANCEL]
    if later or ended:
        return SUPERSEDED, f"{(ended or later)[-1].came} tells something later about document {row.document}"
    if row.function in (CHANGE, CANCEL) and all(each.state == KEPT for each in live):
        return KEPT, f"{WAITS}: document {row.document} has not been applied yet"
    return PENDING, ""


def place_of(row: CameMessage) -> tuple[datetime, str, int, str]:
    """Where a message stands among those about its document."""
    return row.told_at, row.came, len(row.reference), row.reference


def _sort_original(row: CameMessage, live: Sequence[CameMessage]) -> tuple[str, str]:
    first = [each for each in live if each.function in (ORIGINAL, *AGAIN)]
    if any(each.digest == row.digest for each in first):
        return DUPLICATE, f"{first[0].came} told it"
    if first:
        return REFUSED, f"{REUSED}: document {row.document} was told before by {first[0].came}, and said something else"
    over = [each for each in live if each.function not in (CHANGE, CANCEL) or each.state != KEPT]
    if over:
        return SUPERSEDED, f"{over[-1].came} replaced or cancelled document {row.document}"
    return PENDING, ""


def _is_same(one: CameMessage, other: CameMessage) -> bool:
    return one.function == other.function and (one.digest == other.digest or one.function == CANCEL)

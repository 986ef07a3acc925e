"""Messages that wait for items: events that came before anybody announced what they are about.

Such a message is kept as a whole, named with its items in rows of their own. When one of these items comes it is
applied again, which doubles nothing because events are facts. It waits for a stated time, and a partner can let
stated many items be waited for; beyond either the message is judged as if nobody would ever announce them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from entrepost.base.findings import finding_code
from entrepost.operations.exchange_records import CameMessage, KeptAwaited
from entrepost.operations.exchange_store import Books
from entrepost.operations.exchanging.inbox import Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk, to_why
from entrepost.operations.exchanging.receipts import KEPT, LINES
from entrepost.operations.exchanging.waiting import AWAITED, ITEMS_MOST, WAIT_FOR, WAITING

CROWDED = finding_code("exchange_items_awaited_many", "Events of too many items wait for their announcement.")


def let_wait(
    books: Books, desk: Desk, mine: Sequence[Incoming], unknown: pl.DataFrame, verdicts: Sequence[Verdict]
) -> list[Verdict]:
    """Let messages of one partner wait whose items it may yet announce; the verdicts as they are then.

    Parameters
    ----------
    books : Books
        The store.
    desk : Desk
        By what messages are judged.
    mine : sequence of Incoming
        The messages.
    unknown : DataFrame
        file (the place of a message) and item_id of items that are not there.
    verdicts : sequence of Verdict
        How the messages stand without waiting.
    """
    forget_waiting(books, desk, [each.row for each in mine])
    if not unknown.height:
        return list(verdicts)
    operator = mine[0].operator
    named: dict[int, list[str]] = {}
    for at, item_id in unknown.iter_rows():
        is_young = desk.now - mine[at].row.created_at < WAIT_FOR
        if is_young and item_id[-2:] in operator.countries.split():
            named.setdefault(at, []).append(item_id)
    room = ITEMS_MOST - books.exchange.count(KeptAwaited, desk.tenant, "operator", operator.operator)
    done = list(verdicts)
    rows: list[KeptAwaited] = []
    for at, items in named.items():
        if len(rows) + len(items) > room:
            what = f"{CROWDED}: events of {ITEMS_MOST:,} items wait already; announce them, and send this again"
            done[at] = replace(done[at], why=LINES.join([what, done[at].why]))
            continue
        rows += [_row(desk, mine[at].row, item_id) for item_id in items]
        done[at] = Verdict(KEPT, to_why([_say(items), *done[at].why.split(LINES)]))
    books.exchange.put(rows)
    return done


def forget_waiting(books: Books, desk: Desk, rows: Sequence[CameMessage]) -> None:
    """Nothing waits in these messages any more."""
    waited = books.exchange.list_with(KeptAwaited, desk.tenant, {"entry": [row.entry for row in rows]})
    books.exchange.remove(KeptAwaited, desk.tenant, [each.awaited for each in waited])


def _row(desk: Desk, row: CameMessage, item_id: str) -> KeptAwaited:
    return KeptAwaited(
        tenant=desk.tenant,
        awaited=f"{row.entry} {item_id}",
        entry=row.entry,
        item_id=item_id,
        operator=row.operator,
        state=WAITING,
        since=desk.now,
    )


def _say(items: Sequence[str]) -> str:
    others = f" and {len(items) - 1:,} more" if len(items) > 1 else ""
    return f"{AWAITED}: it waits for the advance data of {items[0]}{others}, for {WAIT_FOR.days} days at most"

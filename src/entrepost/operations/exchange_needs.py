"""What of the exchange with partners needs somebody now: alarms, what nobody takes or answers, what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entrepost.operations.exchange_records import Came, CameMessage, ExchangeAlarm, KeptOperator, Sent, SentMessage
from entrepost.operations.exchanging.looking import STUCK_AFTER
from entrepost.operations.exchanging.outbox import DEAD, OPEN
from entrepost.operations.exchanging.receipts import KEPT, REFUSED
from entrepost.operations.reconciling import reconcile_store
from entrepost.operations.store import Store


@dataclass(frozen=True, slots=True)
class Needs:
    """What needs somebody, each as a count but for the alarms that hold.

    Attributes
    ----------
    dead, late : int
        Interchanges that no way will ever take, and those that nobody answered for a day.
    strange : int
        Interchanges that came and were refused as a whole.
    refused, waiting, refused_there : int
        Messages that came and were refused, or wait to be applied; those of ours that partners refused.
    """

    alarms: tuple[ExchangeAlarm, ...] = ()
    dead: int = 0
    late: int = 0
    strange: int = 0
    refused: int = 0
    waiting: int = 0
    refused_there: int = 0


def find_needs(store: Store, tenant: str) -> Needs | None:
    """What needs somebody of an account; None where it exchanges with nobody. Each is a look at an index."""
    books = store.exchange
    if not books.count_with(KeptOperator, tenant, {}):
        return None
    alarms = [each for each in books.list_with(ExchangeAlarm, tenant, {}) if each.ended_at is None]
    since = store.clock.now() - STUCK_AFTER
    return Needs(
        tuple(alarms),
        dead=books.count_with(Sent, tenant, {"state": [DEAD]}),
        late=sum(row.created_at < since for row in books.list_with(Sent, tenant, {"state": [OPEN]})),
        strange=books.count_with(Came, tenant, {"state": [REFUSED]}),
        refused=books.count_with(CameMessage, tenant, {"state": [REFUSED]}),
        waiting=books.count_with(CameMessage, tenant, {"state": [KEPT]}),
        refused_there=books.count_with(SentMessage, tenant, {"state": [REFUSED]}),
    )


def count_open(store: Store, tenant: str) -> Mapping[str, int]:
    """How much is open between operators, by kind, as reconciliation finds it."""
    found = reconcile_store(store, tenant)
    return dict(found.group_by("code", maintain_order=True).len().iter_rows())

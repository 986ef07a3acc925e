"""What the neighbours tell: a dispatch that Shanghai announces to Frankfurt, and how a message is registered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from entrepost.mail.dispatch import Dispatch
from entrepost.mail.receptacle import Count, Receptacle
from entrepost.messages.predes import Predes
from entrepost.operations.dispatch_records import KeptReceptacle
from entrepost.operations.dispatching.registering import Registered, register
from entrepost.operations.store import Store
from tests.operations.dispatching.station import NOON
from tests.operations.dispatching.test_consigning import DISPATCH
from tests.operations.shop import LAMP_NO, MUG_NO

THERE, LAST = f"{DISPATCH}001000013", f"{DISPATCH}002100013"
SOON = NOON + timedelta(days=3)


def announced(serial: int = 1, lamp: int = 1, closed_at: datetime = NOON) -> Predes:
    """A dispatch of two bags: the lamp in the first, unless it is in the second, where the mug is."""
    number = f"CNSHAADEFRAAAUN6{serial:04d}"
    inside = ((LAMP_NO,), (MUG_NO,)) if lamp == 1 else ((), (LAMP_NO, MUG_NO))
    bags = tuple(
        Receptacle(f"{number}00{place}{flag}00013", 1_250, counts=(Count("E", len(held)),), item_ids=held)
        for place, flag, held in ((1, 0, inside[0]), (2, 1, inside[1]))
    )
    return Predes(number, Dispatch(number, closed_at, 2_500, bags))


def told(store: Store, message: Any) -> Registered:
    return register(store, "main", message)


def names(answer: Registered) -> list[str]:
    return [each.code for each in answer.findings]


def bags_of(store: Store, way: str = "in") -> dict[str, KeptReceptacle]:
    found = store.records.list_of(KeptReceptacle, "main")
    return {each.receptacle_id: each for each in found if each.receptacle.startswith(way)}

"""CNA and a rival of it announce mail to DEA, which keeps the books: letters by both, and how items stand there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.partner import Address, Channel, Office, Operator, Partners
from entrepost.mail.report import ItemReport
from entrepost.messages import any_message, plain, plain_lines
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.itmatt import Itmatt
from entrepost.operations.exchange_records import CameMessage
from entrepost.operations.exchanging.applying import APPLIERS
from entrepost.operations.exchanging.inbox import apply_kept, take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.store import Store
from tests.messages.advance import LAMP
from tests.operations.dispatching.others import SOON
from tests.operations.exchanging.world import FIRST, PARTNERS, Box
from tests.operations.shop import NOW

RIVAL = Operator("HKX", "A rival with the same countries", "CN HK", "Asia/Hong_Kong")
GERMAN = Partners(
    (*(replace(each, own=not each.own) for each in PARTNERS.operators), RIVAL),
    (*PARTNERS.offices, Office("HKHKGA", "HKX", FIRST)),
    (*PARTNERS.addresses, Address("HK101", "HKX", FIRST)),
    tuple(Channel(each, "in", "*", FIRST) for each in ("CNA", "HKX")),
)
"""As DEA keeps it."""


def desk(now: datetime = SOON) -> Desk:
    return Desk("main", GERMAN, now)


def take(store: Store, body: bytes, sender: str = "CN101", now: datetime = SOON) -> list[CameMessage]:
    """Let an interchange arrive; how its messages stand, those that were never applied last."""
    arrival = Box().arrive(body, f"{sender} {len(body)}", proved=sender)
    arrival = replace(arrival, transmission=replace(arrival.transmission, sender=sender, recipient="DE101"))
    before = {row.entry for row in store.exchange.list_with(CameMessage, "main", {})}
    take_in(store, desk(now), APPLIERS, "folder", [arrival])
    return [row for row in store.exchange.list_with(CameMessage, "main", {}) if row.entry not in before]


def go_on(store: Store, now: datetime = SOON) -> dict[str, int]:
    """Apply what was kept, as far as it can be."""
    return dict(apply_kept(store, desk(now), APPLIERS))


def advise(
    *data: AdvanceData, reference: str = "1", minutes: int = 0, sender: str = "CN101", function: str = ""
) -> bytes:
    """An interchange of advance data."""
    head = plain_lines.Head(sender, "DE101", reference, NOW.replace(minute=minutes), len(data))
    said = {"function": function} if function else {}
    return plain_lines.write(head, [plain.to_plain(Itmatt(each)) | said for each in data])


def edifact(*messages: Any, reference: str = "1", sender: str = "CN101") -> bytes:
    """An interchange of any messages."""
    envelope = any_message.address(messages, (sender, "DE101"), reference, NOW)
    return any_message.write(messages, envelope, GERMAN.zones(NOW.date()))


def tell(code: str, hours: float, item_id: str = LAMP.item_id, office: str = "CNSHAA") -> ItemReport:
    return ItemReport(item_id, code, LAMP.posted_at + timedelta(hours=hours), office)


def events(*reports: ItemReport, document: str = "e1", reference: str = "9", sender: str = "CN101") -> bytes:
    """An interchange with the events of items."""
    told = Emsevt(document, LAMP.posted_at + timedelta(days=4), reports, office=reports[0].office)
    return edifact(told, reference=reference, sender=sender)


def stands(store: Store, item_id: str = LAMP.item_id) -> dict[str, Any]:
    """The one item of a number."""
    return store.list_items("main").filter(pl.col("item_id") == item_id).row(0, named=True)

"""An account that exchanges messages with two operators: what came, what was refused, what waits, what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from entrepost.mail.partner import EVERY, Address, Channel, Operator, Partners
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt, itmatt, predes
from entrepost.messages.edifact import Envelope
from entrepost.messages.emsevt import Emsevt
from entrepost.operations.exchange_records import CameMessage, ExchangeAlarm
from entrepost.operations.exchanging.inbox import Incoming, Verdict, take_in
from entrepost.operations.exchanging.judging import Desk
from entrepost.operations.exchanging.outbox import Entry, Route, queue
from entrepost.operations.exchanging.partners import put_partners
from entrepost.operations.exchanging.receipts import APPLIED, REFUSED
from entrepost.operations.exchanging.transport import INTERCHANGE, Arrival, Transmission
from entrepost.operations.store import Store
from tests.messages import mail_between
from tests.messages.letters import ZONES

FIRST = date(2025, 1, 1)
DISPATCH = "NLHAGICNSHAAAUN60017"
JOE = "left with Joe Neighbour"
CHANNELS = tuple(Channel(each, way, EVERY, FIRST) for each in ("NLA", "USA") for way in ("in", "out"))
ADDRESSES = tuple(
    Address(address, operator, FIRST) for address, operator in (("CN101", "CNA"), ("NL101", "NLA"), ("US101", "USA"))
)


def partners(name: str = "PostNL") -> Partners:
    """Ours, and two others, one of which has that name."""
    return Partners(
        (
            Operator("CNA", "China Post", "CN", "Asia/Shanghai", own=True),
            Operator("NLA", name, "NL", "Europe/Amsterdam"),
            Operator("USA", "United States Postal Service", "US", "America/New_York"),
        ),
        addresses=ADDRESSES,
        channels=CHANNELS,
    )


def refuse(_books: Any, _desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    return [Verdict(REFUSED, "dispatch_weight_differs: it weighs 1 g") for _ in mine]


def apply(_books: Any, _desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    return [Verdict(APPLIED) for _ in mine]


def exchange(store: Store, tenant: str = "main", name: str = "PostNL") -> dict[str, CameMessage]:
    """Fill an account with the exchange of some hours; the messages that came, by document.

    Of NLA events are applied, a dispatch with an unknown code is refused, advance data wait. To USA two interchanges
    went that it has not answered, and it is silent.
    """
    known = partners(name)
    put_partners(store, tenant, known)
    now = store.clock.now()
    desk = Desk(tenant, known, now)
    events = emsevt.write([_events("E-1", now), _events("E-2", now)], _envelope("R1", now), ZONES)
    wrong = predes.write([mail_between.predes(DISPATCH)], _envelope("R2", now), ZONES).replace(b"+1:BG", b"+1:QQ", 1)
    advance = itmatt.write(mail_between.told_item())
    for number, body in enumerate((events, wrong, advance)):
        take_in(store, desk, {"EMSEVT": apply, "PREDES": refuse}, "folder", [arrival(f"T{number}", body)])
    route = Route("CN101", "US101", "USA", "folder")
    for number in (1, 2):
        queue(store, tenant, route, [Entry("EMSEVT", f"O-{number}")], _write)
    what = "nothing came for 31 hours; 2 hours are usual"
    alarm = ExchangeAlarm(tenant, "USA EMSEVT silence", "USA", "EMSEVT", "silence", what, now - timedelta(hours=29))
    store.exchange.put([alarm])
    return {row.document: row for row in store.exchange.list_with(CameMessage, tenant, {})}


def _write(reference: str, now: datetime) -> bytes:
    envelope = Envelope("CN101", "US101", now.replace(tzinfo=None), reference)
    return emsevt.write([_events(f"O-{int(reference)}", now)], envelope, ZONES)


def _events(document: str, now: datetime) -> Emsevt:
    at = now.astimezone(UTC) - timedelta(hours=3)
    signed = ItemReport("LX000000005CN", "EMI", at, "NLHAGI", signatory="Jane Example", remark=JOE)
    return Emsevt(document, at, (signed,), office="NLHAGI")


def _envelope(reference: str, now: datetime) -> Envelope:
    return Envelope("NL101", "CN101", now.replace(tzinfo=None), reference)


def arrival(name: str, body: bytes) -> Arrival:
    sent = Transmission(f"NL101_CN101_{name}", "NL101", "CN101", INTERCHANGE, body)
    return Arrival(sent, "NL101", lambda: None, lambda _why: None)

"""Items that partners announce: advance data (ITMATT), and what a dispatch says that it holds (PREDES)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.advance_data import AdvanceData
from entrepost.mail.partner import Operator
from entrepost.messages import plain
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.telling import CANCEL
from entrepost.operations.exchange_records import KeptAdvanceData
from entrepost.operations.exchanging.inbox import Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk, to_why
from entrepost.operations.exchanging.making_items import Announced, Made, announce, make_items, withdraw_items
from entrepost.operations.exchanging.people import advance_body
from entrepost.operations.exchanging.reading import fault, read_message
from entrepost.operations.exchanging.receipts import REFUSED
from entrepost.operations.inbound_store import PREDES
from entrepost.operations.store import Store

ITEM = finding_code("exchange_item_other", "A message is about an item of another operator.")
ELSEWHERE = finding_code("exchange_item_elsewhere", "Advance data are about an item that does not come to us.")


@dataclass(frozen=True, slots=True)
class Read:
    """A message of advance data as it was read; without `data` nothing of it can be used."""

    given: Incoming
    data: AdvanceData | None
    findings: tuple[Finding, ...]

    @property
    def item_id(self) -> str:
        """What it is about."""
        return self.data.item_id if self.data else ""

    @property
    def is_cancel(self) -> bool:
        """Whether it takes back what was told."""
        return self.given.row.function == CANCEL


def apply_advance_data(store: Store, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """Make the items that come to us, and keep their advance data, the latest of each; who sends and gets is sealed."""
    verdicts: dict[int, Verdict] = {}
    read = [_read(each, desk) for each in mine]
    for name in dict.fromkeys(each.given.row.operator for each in read):
        places = [at for at, each in enumerate(read) if each.given.row.operator == name]
        verdicts |= dict(zip(places, _apply(store, desk, name, [read[at] for at in places]), strict=True))
    return [verdicts[at] for at in range(len(read))]


def take_contents(store: Store, desk: Desk, operator: Operator, message: Predes) -> tuple[Predes, list[Finding]]:
    """Make the items of a dispatch that nobody announced; the message without those that are not its sender's to tell.

    A dispatch holds what its operator issued, and what comes back from it: items that went to its countries.
    """
    told = message.dispatch
    held = list(dict.fromkeys(item_id for bag in told.receptacles for item_id in bag.item_ids))
    own = [item_id for item_id in held if _is_theirs(item_id, operator)]
    others = sorted({*held} - {*own})
    made = Made()
    if message.function != CANCEL:
        closed_at, country = told.closed_at.astimezone(UTC), told.destination[:2]
        listed = [Announced(each, closed_at, told.origin, country, by=PREDES) for each in own]
        made = make_items(store, desk.tenant, operator.operator, listed)
    known = store.exchange.find_destinations(desk.tenant, others)
    back = {item_id for item_id, country in known.items() if country in operator.countries.split()}
    allowed = ({*own} | back) - {*made.findings}
    findings = [*made.findings.values(), *(_stranger(each, operator) for each in others if each not in back)]
    if len(allowed) == len(held):
        return message, findings
    bags = tuple(
        replace(bag, item_ids=tuple(each for each in bag.item_ids if each in allowed)) for bag in told.receptacles
    )
    return replace(message, dispatch=replace(told, receptacles=bags)), findings


def _read(given: Incoming, desk: Desk) -> Read:
    message, findings = read_message(given, desk)
    data = message.data if isinstance(message, Itmatt) else None
    if data is not None and not _is_theirs(data.item_id, given.operator):
        what = f"{data.item_id} was not issued by {given.operator.operator}"
        return Read(given, None, (*findings, fault(ITEM, what, given)))
    return Read(given, data, tuple(findings))


def _apply(store: Store, desk: Desk, operator: str, read: Sequence[Read]) -> list[Verdict]:
    """The messages of one partner."""
    usable = [each for each in read if each.data is not None]
    told = [announce(each.data) for each in usable if each.data and not each.is_cancel and _comes_here(each.data, desk)]
    made = make_items(store, desk.tenant, operator, told)
    latest = {each.item_id: each for each in usable if each.item_id not in made.findings}
    _keep(store, desk, [each for each in latest.values() if not each.is_cancel], made)
    _take_back(store, desk, operator, [each.item_id for each in latest.values() if each.is_cancel])
    return [_judge(each, desk, made) for each in read]


def _keep(store: Store, desk: Desk, read: Sequence[Read], made: Made) -> None:
    known = [(each.given, each.data) for each in read if each.data is not None]
    named = [data for _, data in known if data.item_id not in made.forgotten]
    store.exchange.put([_row_of(given, data, desk) for given, data in known])
    store.exchange.put_bodies(desk.tenant, {advance_body(data.item_id): _write(data) for data in named})


def _write(data: AdvanceData) -> bytes:
    """As plain JSON in one line, which is written three times as fast as one that people read."""
    return json.dumps(plain.to_plain(Itmatt(data)), ensure_ascii=False).encode()


def _row_of(given: Incoming, data: AdvanceData, desk: Desk) -> KeptAdvanceData:
    return KeptAdvanceData(
        tenant=desk.tenant,
        item_id=data.item_id,
        operator=given.row.operator,
        came=given.row.came,
        destination=data.destination_operator,
        mail_class=data.mail_class,
        weight_g=data.weight_g,
        posted_at=data.posted_at,
        told_at=given.row.told_at,
        received_at=desk.now,
    )


def _take_back(store: Store, desk: Desk, operator: str, item_ids: Sequence[str]) -> None:
    """Forget advance data that were cancelled, where it was their operator who told them."""
    kept = store.exchange.find(KeptAdvanceData, desk.tenant, item_ids)
    mine = [item_id for item_id, row in kept.items() if row.operator == operator]
    store.exchange.remove(KeptAdvanceData, desk.tenant, mine)
    store.exchange.remove_bodies(desk.tenant, [advance_body(item_id) for item_id in mine])
    withdraw_items(store, desk.tenant, operator, mine)


def _judge(read: Read, desk: Desk, made: Made) -> Verdict:
    if read.data is None:
        return Verdict(REFUSED, to_why(read.findings))
    if read.item_id in made.findings:
        return Verdict(REFUSED, to_why([*read.findings, made.findings[read.item_id]]))
    if _comes_here(read.data, desk):
        return Verdict(why=to_why(read.findings))
    what, fix = f"{read.item_id} goes to {read.data.recipient.country}", "send it to who delivers it"
    elsewhere = Finding(ELSEWHERE, "recipient", what, read.given.row.reference, fix=fix, level="warning")
    return Verdict(why=to_why([*read.findings, elsewhere]))


def _comes_here(data: AdvanceData, desk: Desk) -> bool:
    ours = desk.partners.own.countries.split()
    return data.recipient.country in ours or data.destination_operator[:2] in ours


def _is_theirs(item_id: str, operator: Operator) -> bool:
    """Whether an operator issued an item: the country stands at the end of its identifier."""
    return item_id[-2:] in operator.countries.split()


def _stranger(item_id: str, operator: Operator) -> Finding:
    what = f"{item_id} was not issued by {operator.operator}, and does not come back from there"
    return Finding(ITEM, "item_id", what, item_id, fix="send what is your own", level="warning")

"""What messages change here: events of items, advance data, and what is told of mail in receptacles.

Each applier works inside the transaction of the inbox and gives a verdict for each message. A partner tells of its own
offices, and of items that come from it or go to it; what is said of another operator's is left out and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from entrepost.base.errors import EntrepostError, IncomingMessageError
from entrepost.base.findings import Finding, finding_code
from entrepost.mail.partner import Operator
from entrepost.messages import any_message, plain
from entrepost.messages.itmatt import Itmatt
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.registering import claim_of, register
from entrepost.operations.exchange_records import KeptAdvanceData
from entrepost.operations.exchanging.applying_events import apply_events
from entrepost.operations.exchanging.inbox import Applier, Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk, to_why
from entrepost.operations.exchanging.people import advance_body
from entrepost.operations.exchanging.receipts import REFUSED
from entrepost.operations.store import Store

OFFICE = finding_code("exchange_office_unknown", "A message speaks for an office that is not its sender's.")
MISSENT = finding_code("exchange_office_other", "A message announces mail to an office that is not ours.")
CARRIER = finding_code("exchange_carrier_other", "A message speaks for a carrier that is not its sender.")
ITEM = finding_code("exchange_item_other", "A message is about an item of another operator.")

UNKEEPABLE = finding_code("exchange_unkeepable", "A message says something that no store can hold.")
MOST = 10**18
KEEPABLE = re.compile("[^\x00\ud800-\udfff]*")

REGISTERED = ("PREDES", "PRECON", "CARDIT", "RESDES", "RESCON", "RESDIT", "REFITM")


def apply_registered(store: Store, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """What is told of dispatches, consignments and receptacles, and of items before they are loaded."""
    return [_register(store, desk, each) for each in mine]


def apply_advance_data(store: Store, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """Keep the advance data of items, the latest of each; who sends and who gets it is sealed."""
    verdicts: list[Verdict] = []
    rows: dict[str, KeptAdvanceData] = {}
    bodies: dict[str, bytes] = {}
    for each in mine:
        message, findings = _read(each, desk)
        data = message.data if isinstance(message, Itmatt) else None
        if data is not None and not _is_theirs(data.item_id, each.operator):
            what = f"{data.item_id} was not issued by {each.operator.operator}"
            findings = [*findings, Finding(ITEM, "item_id", what, each.row.reference, fix="send what is your own")]
            data = None
        if data is None:
            verdicts.append(Verdict(REFUSED, to_why(findings)))
            continue
        rows[data.item_id] = KeptAdvanceData(
            tenant=desk.tenant,
            item_id=data.item_id,
            operator=each.row.operator,
            came=each.row.came,
            destination=data.destination_operator,
            mail_class=data.mail_class,
            weight_g=data.weight_g,
            posted_at=data.posted_at,
            told_at=each.row.told_at,
            received_at=desk.now,
        )
        bodies[advance_body(data.item_id)] = plain.write(message)
        verdicts.append(Verdict(why=to_why(findings)))
    store.exchange.put(list(rows.values()))
    store.exchange.put_bodies(desk.tenant, bodies)
    return verdicts


def _register(store: Store, desk: Desk, given: Incoming) -> Verdict:
    message, findings = _read(given, desk)
    if message is None:
        return Verdict(REFUSED, to_why(findings))
    wrong = _check_claim(store, desk, given, message)
    if wrong:
        return Verdict(REFUSED, to_why([wrong]))
    try:
        found = register(store, desk.tenant, message)
    except EntrepostError as error:
        return Verdict(REFUSED, to_why([str(error)]))
    return Verdict(why=to_why([*findings, *found.findings]))


def _read(given: Incoming, desk: Desk) -> tuple[Any, list[Finding]]:
    """The message, None where it cannot be used, and what is wrong with it."""
    today = desk.now.date()
    profiles = [each for each in desk.profiles if given.channel and each.file == given.channel.profile]
    try:
        received = any_message.read(given.piece.content, desk.partners.zones(today), profiles)
    except IncomingMessageError as error:
        return None, [_fault("message_unreadable", str(error), given)]
    findings = [replace(each, subject=given.row.reference) for each in received.findings]
    message = received.messages[0] if received.messages else None
    odd = _find_unkeepable(message)
    return (None, [*findings, _fault(UNKEEPABLE, odd, given)]) if odd else (message, findings)


def _find_unkeepable(value: Any) -> str:
    """What no store can hold of a message: a figure of more than 18 digits, half of a sign, a sign of no width."""
    if isinstance(value, int):
        return "" if abs(value) <= MOST else f"{str(value)[:30]} is more than any store counts"
    if isinstance(value, str):
        return "" if KEEPABLE.fullmatch(value) else f"{value[:30]!r} has signs that no store holds"
    if isinstance(value, tuple):
        return next(filter(None, map(_find_unkeepable, value)), "")
    if is_dataclass(value):
        return next(filter(None, (_find_unkeepable(getattr(value, each.name)) for each in fields(value))), "")
    return ""


def _check_claim(store: Store, desk: Desk, given: Incoming, message: Any) -> Finding | None:
    """Whether the sender may say this: of its own office, as one of the carriers, and to us."""
    claim, today = claim_of(store, desk.tenant, message), desk.now.date()
    sender = given.operator.operator
    if claim.office and not desk.partners.has_office(sender, claim.office, today):
        return _fault(OFFICE, f"{claim.office} is no office of {sender} on {today}", given)
    if claim.carriers and sender not in claim.carriers:
        return _fault(CARRIER, f"{', '.join(claim.carriers)} carries it, and not {sender}", given)
    destination = _find_destination(message)
    if destination and not _is_ours(desk, destination, today):
        return _fault(MISSENT, f"it announces mail to {destination}, which is no office of ours", given)
    return None


def _find_destination(message: Any) -> str:
    if isinstance(message, Predes):
        return message.dispatch.destination
    return message.destination if isinstance(message, Precon) else ""


def _is_ours(desk: Desk, office: str, today: date) -> bool:
    return desk.partners.has_office(desk.partners.own.operator, office, today)


def _is_theirs(item_id: str, operator: Operator) -> bool:
    """Whether an operator issued an item: the country stands at the end of its identifier."""
    return item_id[-2:] in operator.countries.split()


def _fault(code: str, what: str, given: Incoming) -> Finding:
    return Finding(code, "", what, given.row.reference, fix="send what is your own")


APPLIERS: dict[str, Applier] = {
    "EMSEVT": apply_events,
    "ITMATT": apply_advance_data,
    **dict.fromkeys(REGISTERED, apply_registered),
}
"""What applies each message; those of other types are kept."""

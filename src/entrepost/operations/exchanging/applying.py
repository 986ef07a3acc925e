"""What messages change here: items with their advance data, what is told of mail in receptacles, and events.

Each applier works inside the transaction of the inbox and gives a verdict for each message. A partner tells of its own
offices, and of items that come from it or go to it; what is said of another operator's is left out and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from entrepost.base.errors import EntrepostError
from entrepost.base.findings import Finding, finding_code
from entrepost.messages.precon import Precon
from entrepost.messages.predes import Predes
from entrepost.operations.dispatching.registering import claim_of, register
from entrepost.operations.exchanging.applying_events import apply_events
from entrepost.operations.exchanging.applying_items import apply_advance_data, take_contents
from entrepost.operations.exchanging.inbox import Applier, Incoming, Verdict
from entrepost.operations.exchanging.judging import Desk, to_why
from entrepost.operations.exchanging.reading import fault, read_message
from entrepost.operations.exchanging.receipts import REFUSED
from entrepost.operations.store import Store

OFFICE = finding_code("exchange_office_unknown", "A message speaks for an office that is not its sender's.")
MISSENT = finding_code("exchange_office_other", "A message announces mail to an office that is not ours.")
CARRIER = finding_code("exchange_carrier_other", "A message speaks for a carrier that is not its sender.")

REGISTERED = ("PREDES", "PRECON", "CARDIT", "RESDES", "RESCON", "RESDIT", "REFITM")


def apply_registered(store: Store, desk: Desk, mine: Sequence[Incoming]) -> list[Verdict]:
    """What is told of dispatches, consignments and receptacles, and of items before they are loaded."""
    return [_register(store, desk, each) for each in mine]


def _register(store: Store, desk: Desk, given: Incoming) -> Verdict:
    message, findings = read_message(given, desk)
    if message is None:
        return Verdict(REFUSED, to_why(findings))
    wrong = _check_claim(store, desk, given, message)
    if wrong:
        return Verdict(REFUSED, to_why([wrong]))
    odd: list[Finding] = []
    if isinstance(message, Predes):
        message, odd = take_contents(store, desk, given.operator, message)
    try:
        found = register(store, desk.tenant, message)
    except EntrepostError as error:
        return Verdict(REFUSED, to_why([str(error)]))
    return Verdict(why=to_why([*findings, *odd, *found.findings]))


def _check_claim(store: Store, desk: Desk, given: Incoming, message: Any) -> Finding | None:
    """Whether the sender may say this: of its own office, as one of the carriers, and to us."""
    claim, today = claim_of(store, desk.tenant, message), desk.now.date()
    sender = given.operator.operator
    if claim.office and not desk.partners.has_office(sender, claim.office, today):
        return fault(OFFICE, f"{claim.office} is no office of {sender} on {today}", given)
    if claim.carriers and sender not in claim.carriers:
        return fault(CARRIER, f"{', '.join(claim.carriers)} carries it, and not {sender}", given)
    destination = _find_destination(message)
    if destination and not desk.partners.has_office(desk.partners.own.operator, destination, today):
        return fault(MISSENT, f"it announces mail to {destination}, which is no office of ours", given)
    return None


def _find_destination(message: Any) -> str:
    if isinstance(message, Predes):
        return message.dispatch.destination
    return message.destination if isinstance(message, Precon) else ""


APPLIERS: dict[str, Applier] = {
    "ITMATT": apply_advance_data,
    **dict.fromkeys(REGISTERED, apply_registered),
    "EMSEVT": apply_events,
}
"""What applies each message, in this order: what makes items comes before what happened to them."""

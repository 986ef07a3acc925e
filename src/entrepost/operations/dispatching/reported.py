"""What destinations and carriers report of receptacles that we sent: marked on them; what is odd is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from entrepost.base.findings import Finding, finding_code
from entrepost.mail.report import CarriageReport
from entrepost.messages.rescon import Rescon
from entrepost.messages.resdes import Resdes
from entrepost.messages.resdit import Resdit
from entrepost.operations.dispatch_records import CLOSED, OUT, KeptConsignment, KeptDispatch, KeptReceptacle
from entrepost.operations.dispatching.announced import Answer
from entrepost.operations.dispatching.gate import find_forbidden
from entrepost.operations.dispatching.nouns import find_inside, list_receptacles
from entrepost.operations.store import Store

DISPATCH_UNKNOWN = finding_code("report_dispatch_unknown", "A report is about a dispatch that nobody sent.")
CONSIGNMENT_UNKNOWN = finding_code("report_consignment_unknown", "A report is about a consignment that nobody sent.")
UNANNOUNCED = finding_code("report_receptacle_unannounced", "A report is about a receptacle that is not in its mail.")
CARRIED_ANYWAY = finding_code("report_item_forbidden", "A carrier took over an item that must not be loaded.")

TAKEN_OVER, DELIVERED = "received", "delivered"
"""The two statuses that prove custody (events 74 and 21)."""
CAME = ("received", "found", "damaged")
"""What a destination reports of a receptacle that came."""
NUMBERED = 23
"""The signs of a receptacle's number that name it; flags and weight stand behind."""


def register_resdes(store: Store, tenant: str, message: Resdes) -> Answer:
    """Mark what came of a dispatch that we sent."""
    known = store.records.list_where(KeptDispatch, tenant, "dispatch_id", [message.dispatch_id])
    ours = [each for each in known if each.dispatch.startswith(OUT)]
    if not ours:
        return "", (_warn(DISPATCH_UNKNOWN, "dispatch_id", "we sent no such dispatch", message.dispatch_id),)
    found = max(ours, key=lambda each: each.dispatch)
    bags = {each.receptacle_id[:NUMBERED]: each for each in list_receptacles(store, tenant, found.dispatch)}
    findings = []
    for report in message.reports:
        named, odd = _named(bags, report)
        findings += odd
        for bag in named:
            came = _first(bag.received_at, report.time) if report.status in CAME else bag.received_at
            bags[bag.receptacle_id[:NUMBERED]] = replace(bag, outcome=report.status, received_at=came)
    _write(store, bags.values())
    answered = _first(found.answered_at, message.sent_at)
    store.records.put(replace(found, answered_at=answered))
    return found.dispatch, tuple(findings)


def register_rescon(store: Store, tenant: str, message: Rescon) -> Answer:
    """Mark what the destination got of a consignment that we sent."""
    found, bags = _find_consigned(store, tenant, message.consignment_id)
    if found is None:
        return "", (_warn(CONSIGNMENT_UNKNOWN, "consignment_id", "we sent no such one", message.consignment_id),)
    findings = []
    for report in message.reports:
        named, odd = _named(bags, report)
        findings += odd
        for bag in named:
            bags[bag.receptacle_id[:NUMBERED]] = replace(bag, outcome=report.status)
    _write(store, bags.values())
    store.records.put(replace(found, answered_at=_first(found.answered_at, message.sent_at)))
    return found.consignment, tuple(findings)


def register_resdit(store: Store, tenant: str, message: Resdit) -> Answer:
    """Mark what a carrier reports of a consignment that we gave it, or of some of its receptacles.

    That it took over what holds an item which must not be loaded is told: it has to be stopped.
    """
    found, bags = _find_consigned(store, tenant, message.consignment_id)
    if found is None:
        return "", (_warn(CONSIGNMENT_UNKNOWN, "consignment_id", "we gave out no such one", message.consignment_id),)
    findings: list[Finding] = []
    for report in message.reports:
        named, odd = _named(bags, report)
        findings += odd
        if report.status == TAKEN_OVER:
            findings += _check_taken(store, tenant, named)
        for bag in named:
            bags[bag.receptacle_id[:NUMBERED]] = _moved(bag, report)
        found = _seen(found, report)
    _write(store, bags.values())
    store.records.put(found)
    return found.consignment, tuple(findings)


def find_sent(store: Store, tenant: str, consignment_id: str) -> KeptConsignment | None:
    """The latest consignment of a number that we gave out, one that was not cancelled before others; or None."""
    known = store.records.list_where(KeptConsignment, tenant, "consignment_id", [consignment_id])
    ours = [each for each in known if each.consignment.startswith(OUT)]
    return max(ours, key=lambda each: (each.state == CLOSED, each.closed_at), default=None)


def _moved(bag: KeptReceptacle, report: CarriageReport) -> KeptReceptacle:
    """A receptacle of which a carrier reports something; the first scan of a custody counts."""
    if report.status == TAKEN_OVER:
        bag = replace(bag, handed_over_at=_first(bag.handed_over_at, report.time))
    elif report.status == DELIVERED:
        bag = replace(bag, delivered_at=_first(bag.delivered_at, report.time))
    return replace(bag, outcome=report.status)


def _seen(found: KeptConsignment, report: CarriageReport) -> KeptConsignment:
    if report.status == TAKEN_OVER:
        return replace(found, received_at=_first(found.received_at, report.time))
    if report.status == DELIVERED:
        return replace(found, delivered_at=_first(found.delivered_at, report.time))
    return found


def _named(bags: dict[str, KeptReceptacle], report: CarriageReport) -> tuple[list[KeptReceptacle], list[Finding]]:
    """The receptacles that a report names, all where it names none, and those that are not there."""
    if not report.receptacle_ids:
        return list(bags.values()), []
    there = [bags[each[:NUMBERED]] for each in report.receptacle_ids if each[:NUMBERED] in bags]
    odd = [
        _warn(UNANNOUNCED, "receptacle_ids", f"it is reported as {report.status}, and not among them", each)
        for each in report.receptacle_ids
        if each[:NUMBERED] not in bags
    ]
    return there, odd


def _find_consigned(
    store: Store, tenant: str, consignment_id: str
) -> tuple[KeptConsignment | None, dict[str, KeptReceptacle]]:
    """The latest consignment of a number that we sent, and its receptacles."""
    found = find_sent(store, tenant, consignment_id)
    if found is None:
        return None, {}
    bags = store.records.list_where(KeptReceptacle, tenant, "consignment", [found.consignment])
    return found, {each.receptacle_id[:NUMBERED]: each for each in bags}


def _check_taken(store: Store, tenant: str, bags: Sequence[KeptReceptacle]) -> list[Finding]:
    inside = find_inside(store, tenant, [each.receptacle_id for each in bags])
    forbidden = find_forbidden(store, tenant, [each for held in inside.values() for each in held])
    fix = "have the carrier give it back, and follow the security protocol"
    message = "the carrier has it, and it must not be loaded"
    return [Finding(CARRIED_ANYWAY, "item_ids", message, each, fix=fix) for each in forbidden]


def _first(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else min(known, told)


def _write(store: Store, bags: Iterable[KeptReceptacle]) -> None:
    for each in bags:
        store.records.put(each)


def _warn(code: str, field: str, message: str, subject: str) -> Finding:
    return Finding(code, field, message, subject, fix="ask who reports it", level="warning")

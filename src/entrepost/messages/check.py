"""What is wrong with what a message says, though it is written as it should be: the self-check of a post.

The UPU measures posts by their messages: identifiers, weights and serials that agree, reasons that are told, events
that are sent within a day. What is checked of dispatches, consignments and receptacles is what `mail` checks of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from entrepost.base.findings import Finding
from entrepost.codes import receptacle, s10
from entrepost.mail.consignment import check_consignment
from entrepost.mail.dispatch import check_dispatch
from entrepost.mail.report import AHEAD, check_item_report


def check(message: Any) -> list[Finding]:
    """What is wrong with what a message says; the document is the subject where nothing smaller is."""
    found = CHECKS.get(type(message).__name__)
    return found(message) if found else []


def _check_events(message: Any) -> list[Finding]:
    return [finding for each in message.reports for finding in check_item_report(each, message.sent_at)]


def _check_dispatch(message: Any) -> list[Finding]:
    return check_dispatch(message.dispatch)


def _check_consignment(message: Any) -> list[Finding]:
    return check_consignment(message.consignment)


def _check_receptacles(message: Any) -> list[Finding]:
    names = dict.fromkeys(name for each in message.reports for name in each.receptacle_ids)
    return [*_together(receptacle.check(name, name) for name in names), *_check_sent(message)]


def _check_sent(message: Any) -> list[Finding]:
    """Reports of what had not happened when they were sent."""
    sent: datetime = message.sent_at
    fix = "correct the time or its zone"
    findings = []
    for each in message.reports:
        if each.time > sent:
            what = f"{each.status} at {each.place} happens at {each.time.isoformat()}, after it was sent"
            findings.append(Finding(AHEAD, "time", what, message.document, fix=fix, level="warning"))
    return findings


def _check_data(message: Any) -> list[Finding]:
    data = message.data
    return s10.check(data.item_id, data.item_id, data.mail_class)


def _check_responses(message: Any) -> list[Finding]:
    return _together(s10.check(each.item_id, each.item_id) for each in message.responses)


def _check_referrals(message: Any) -> list[Finding]:
    return _together(s10.check(each.item_id, each.item_id) for each in message.referrals)


def _together(findings: Iterable[list[Finding]]) -> list[Finding]:
    return [finding for each in findings for finding in each]


CHECKS: dict[str, Callable[[Any], list[Finding]]] = {
    "Emsevt": _check_events,
    "Predes": _check_dispatch,
    "Resdes": _check_receptacles,
    "Rescon": _check_receptacles,
    "Resdit": _check_receptacles,
    "Precon": _check_consignment,
    "Cardit": _check_consignment,
    "Itmatt": _check_data,
    "Cusitm": _check_data,
    "Cusrsp": _check_responses,
    "Refitm": _check_referrals,
}
"""What is checked of each message."""

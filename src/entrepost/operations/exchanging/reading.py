"""Read one message that came, as far as a store can hold what it says."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from entrepost.base.errors import IncomingMessageError
from entrepost.base.findings import Finding, finding_code
from entrepost.messages import any_message
from entrepost.operations.exchanging.inbox import Incoming
from entrepost.operations.exchanging.judging import Desk

UNKEEPABLE = finding_code("exchange_unkeepable", "A message says something that no store can hold.")
MOST = 10**18
KEEPABLE = re.compile("[^\x00\ud800-\udfff]*")
NAMES: dict[type[Any], tuple[str, ...]] = {}
"""The fields of the nouns that were met."""
YEARS = range(1900, 2200)
"""Years in which anything happens that a message tells."""


def read_message(given: Incoming, desk: Desk) -> tuple[Any, list[Finding]]:
    """The message, None where it cannot be used, and what is wrong with it."""
    today = desk.now.date()
    profiles = [each for each in desk.profiles if given.channel and each.file == given.channel.profile]
    try:
        received = any_message.read(given.piece.content, desk.partners.zones(today), profiles)
    except IncomingMessageError as error:
        return None, [fault("message_unreadable", str(error), given)]
    findings = [replace(each, subject=given.row.reference) for each in received.findings]
    message = received.messages[0] if received.messages else None
    odd = _find_unkeepable(message)
    return (None, [*findings, fault(UNKEEPABLE, odd, given)]) if odd else (message, findings)


def fault(code: str, what: str, given: Incoming) -> Finding:
    """What is wrong with a whole message."""
    return Finding(code, "", what, given.row.reference, fix="send what is your own")


def _find_unkeepable(value: Any) -> str:
    """What no store can hold of a message: a figure of more than 18 digits, half of a sign, a sign of no width."""
    if isinstance(value, str):
        return "" if KEEPABLE.fullmatch(value) else f"{value[:30]!r} has signs that no store holds"
    if isinstance(value, int):
        return "" if abs(value) <= MOST else f"{str(value)[:30]} is more than any store counts"
    if isinstance(value, datetime):
        return "" if value.year in YEARS else f"{value.isoformat()} is no time at which mail is sent"
    parts = value if isinstance(value, tuple) else [getattr(value, name) for name in _names(type(value))]
    for part in parts:
        odd = _find_unkeepable(part)
        if odd:
            return odd
    return ""


def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a noun; nothing of anything else is looked at."""
    if kind not in NAMES:
        NAMES[kind] = tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
    return NAMES[kind]

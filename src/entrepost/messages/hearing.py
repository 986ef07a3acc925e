"""What an interchange says message by message, each with all that is wrong with it: for whoever checks and compares.

`any_message.read` gives what can be used; here what cannot stands beside it, known by type, sender and document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from entrepost.base.errors import IncomingMessageError
from entrepost.base.findings import Finding
from entrepost.messages import any_message, edifact
from entrepost.messages.check import check
from entrepost.messages.emsevt_bulk import UNREADABLE
from entrepost.messages.plain import get_passage
from entrepost.messages.profiling.form import list_messages
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import TYPE, Zones


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: its type (empty: the envelope itself), whose it is, what it says (None: unusable), and its findings.

    `place` is the file in which it stood, `sent_on` the day that the envelope tells.
    """

    message: str
    place: str
    sender: str = ""
    recipient: str = ""
    document: str = ""
    sent_on: date | None = None
    noun: Any = None
    findings: tuple[Finding, ...] = ()


def hear(data: bytes, place: str, zones: Zones | None = None, profiles: Iterable[Profile] = ()) -> list[Heard]:
    """The messages of an interchange or document, with what is wrong with their form and with what they say.

    Bytes that are no interchange are one unusable thing with the finding `message_unreadable`.
    """
    given = list(profiles)
    try:
        if data.lstrip(any_message.BLANKS)[:1] in (b"{", b"<"):
            return _hear_document(data, place, zones, given)
        interchange = edifact.read(data)
    except IncomingMessageError as error:
        broken = Finding(UNREADABLE, "", str(error), place, fix="ask for it again")
        return [Heard("", place, findings=(broken,))]
    return list(_hear_interchange(data, interchange, place, (zones, given)))


def _hear_document(data: bytes, place: str, zones: Zones | None, profiles: list[Profile]) -> list[Heard]:
    received = any_message.read(data, zones, profiles)
    heard = [
        Heard(type(noun).__name__.upper(), place, document=_document(noun), noun=noun, findings=tuple(check(noun)))
        for noun in received.messages
    ]
    return [*heard, *([Heard("", place, findings=received.findings)] if received.findings else [])]


def _hear_interchange(
    data: bytes, interchange: edifact.Interchange, place: str, means: tuple[Zones | None, list[Profile]]
) -> Iterator[Heard]:
    prepared = interchange.prepared_at
    told = (place, interchange.sender, interchange.recipient)
    day = prepared.date() if prepared else None
    envelope = tuple(fault for fault in interchange.findings if not fault.place)
    if envelope:
        yield Heard("", *told, sent_on=day, findings=envelope)
    for (kind, reference), faults in _broken(interchange).items():
        yield Heard(kind, *told, reference, day, findings=tuple(faults))
    nouns, found = _read_each(data, interchange, *means)
    ends = [message.number for message in interchange.messages[1:]]
    for message, end in zip(interchange.messages, [*ends, 1 << 60], strict=True):
        document = edifact.get(message.segments[0], 2) if message.segments else ""
        waiting = nouns.get((message.type, document), [])
        noun = waiting.pop(0) if waiting else None
        mine = [each for each in found if message.number <= each.row < end]
        if noun is not None:
            mine += check(noun)
        elif message.type not in list_messages():
            what = f"messages of the type {message.type!r} are not known"
            mine.append(Finding(TYPE, "UNH", what, interchange.reference, message.number, "agree on what it is"))
        yield Heard(message.type, *told, document, day, noun, tuple(mine))


def _broken(interchange: edifact.Interchange) -> dict[tuple[str, str], list[Finding]]:
    """The faults of messages that are not whole, by their type and reference."""
    broken: dict[tuple[str, str], list[Finding]] = {}
    for fault in interchange.findings:
        if fault.place:
            kind = fault.kind.replace("\x1f", ":").partition(":")[0]
            broken.setdefault((kind, fault.reference), []).append(fault)
    return broken


def _read_each(
    data: bytes, interchange: edifact.Interchange, zones: Zones | None, profiles: list[Profile]
) -> tuple[dict[tuple[str, str], list[Any]], list[Finding]]:
    """What the messages of each type say, by type and document, and what is wrong with their content."""
    given = {profile.message: profile for profile in profiles if profile.syntax == "edifact"}
    nouns: dict[tuple[str, str], list[Any]] = {}
    found: list[Finding] = []
    for name in dict.fromkeys(message.type for message in interchange.messages):
        if name in list_messages():
            received = get_passage(name).read(data, zones, given.get(name))
            for noun in received.messages:
                nouns.setdefault((name, _document(noun)), []).append(noun)
            own = set(interchange.findings)
            found += [each for each in received.findings if each.code != TYPE and each not in own]
    return nouns, found


def _document(noun: Any) -> str:
    return str(getattr(noun, "document", "") or "")

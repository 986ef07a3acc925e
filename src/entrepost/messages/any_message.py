"""A message of whatever kind: what its bytes say it is decides by which profile it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from entrepost.base.errors import IncomingMessageError, MisuseError
from entrepost.base.findings import Finding
from entrepost.messages import edifact, plain
from entrepost.messages.plain import get_passage
from entrepost.messages.profile import get_profile, list_profiles
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import list_messages
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import TYPE, Received, Sender, Zones

BLANKS = b"\xef\xbb\xbf \r\n\t"
"""What may stand before a document: the mark of UTF-8, and blanks."""

ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def read(data: bytes, zones: Zones | None = None, profiles: Iterable[Profile] = ()) -> Received[Any]:
    """Read an interchange with messages of several types, an XML document, or plain JSON.

    Parameters
    ----------
    data : bytes
        The interchange or document.
    zones : mapping of str to str, optional
        IANA zone of each office.
    profiles : iterable of Profile
        Profiles that take the place of ours.

    Raises
    ------
    IncomingMessageError
        Where the bytes are none of these.
    """
    given = {(profile.message, profile.syntax): profile for profile in profiles}
    start = data.lstrip(BLANKS)[:1]
    if start == b"{":
        return plain.read(data)
    if start != b"<":
        return _read_interchange(data, zones, given)
    found = ROOT.search(data)
    for profile in [*given.values(), *list_profiles()]:
        if found and profile.settings.get("root", "").encode() == found[1] and profile.syntax == "xml":
            return get_passage(profile.message).read(data.lstrip(BLANKS), zones, profile)
    raise IncomingMessageError("it is XML of no message that is known by its root", 0, 0)


def write(
    messages: Iterable[Any],
    envelope: edifact.Envelope | None = None,
    zones: Zones | None = None,
    profiles: Iterable[Profile] = (),
) -> bytes:
    """Write messages of one or more types: EDIFACT in one interchange, or one XML document.

    Raises
    ------
    MisuseError
        Where messages of EDIFACT have no envelope, or a document would hold several.
    OutgoingMessageError
        Where a profile cannot say what is to be said.
    """
    given = {profile.message: profile for profile in profiles}
    listed = list(messages)
    chosen = [given.get(name) or get_profile(name) for name in map(_name, listed)]
    if len(listed) == 1 and chosen[0].syntax != "edifact":
        return get_passage(_name(listed[0])).write(listed, None, zones, chosen[0])
    alone = [profile.message for profile in chosen if profile.syntax != "edifact"]
    if alone:
        raise MisuseError(f"{alone[0]} is a document of its own; write one at a time")
    if envelope is None:
        raise MisuseError("messages of EDIFACT need an envelope: sender, recipient, reference and time")
    clocks = Clocks(zones)
    made = [
        get_passage(_name(message)).lay_out(message, profile, clocks, envelope.sender)
        for message, profile in zip(listed, chosen, strict=True)
    ]
    return edifact.write(edifact.Interchange.of(envelope, made))


def address(
    messages: Iterable[Any],
    names: tuple[str, str],
    reference: str,
    prepared_at: datetime,
    profiles: Iterable[Profile] = (),
) -> edifact.Envelope:
    """An envelope for messages, with the application and the character set that their profiles name.

    `names` are the EDI addresses of sender and recipient. Where types differ, none is the application, and the
    character set is UNOC.
    """
    given = {profile.message: profile for profile in profiles}
    chosen = [given.get(name) or get_profile(name) for name in dict.fromkeys(map(_name, messages))]
    settings = chosen[0].settings if len(chosen) == 1 else {}
    syntax, _, version = settings.get("charset", "UNOC:3").partition(":")
    number = int(version) if version in ("1", "2", "3", "4") else 3
    application = settings.get("application", "")
    return edifact.Envelope(*names, prepared_at, reference, application, syntax=syntax, version=number)


def _name(message: Any) -> str:
    return type(message).__name__.upper()


def _read_interchange(data: bytes, zones: Zones | None, given: dict[tuple[str, str], Profile]) -> Received[Any]:
    interchange = edifact.read(data)
    kinds = list(dict.fromkeys(message.type for message in interchange.messages))
    known = [name for name in kinds if name in list_messages()]
    read_ = [get_passage(name).read(data, zones, given.get((name, "edifact"))) for name in known]
    findings: list[Finding] = list(interchange.findings)
    for name in kinds:
        if name not in known:
            text, fix = f"messages of the type {name!r} are not known", f"there are {', '.join(list_messages())}"
            findings.append(Finding(TYPE, "UNH", text, interchange.reference, fix=fix))
    heard = [each for received in read_ for each in received.findings if each.code != TYPE]
    sender = Sender(interchange.sender, interchange.recipient, interchange.reference, interchange.test)
    messages = tuple(message for received in read_ for message in received.messages)
    return Received(sender, messages, tuple(dict.fromkeys([*findings, *heard])))

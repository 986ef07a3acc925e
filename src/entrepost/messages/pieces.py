"""Cut an interchange into its messages before anything of what they say is read.

Whoever receives decides message by message: which was there before, which is refused, which is kept for later. So each
piece stands for itself: it names its type, document and function, and its content can be read, shown or mended alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from entrepost.base.errors import OutgoingMessageError
from entrepost.base.findings import Finding
from entrepost.messages import any_message, edifact, plain_lines
from entrepost.messages.edifact import Fault, Interchange, Message, get
from entrepost.messages.profile import get_profile
from entrepost.messages.profiling.bulk import ADVICE, find_plain
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.passage import Sender
from entrepost.messages.syntax.faults import CHARACTER, FIXES
from entrepost.messages.syntax.segment import US
from entrepost.messages.syntax.separators import DEFAULT, DEFAULT_4

ORIGINAL, REPLACE = "original", "replace"
DIGEST_CHARS, NAME_MOST = 32, 100
_UNSAYABLE = re.compile("[\x00-\x1b\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNB = re.compile(rb"UNB\+UNOC:3\+([^+:']+)\+([^+:']+)\+(\d{6}:\d{4})\+([^+:']+)(\+[^']*)?'[\r\n]*")
_UNH = re.compile(
    rb"[\r\n]*UNH\+([^+:']+)\+([A-Z]+):(\w+):(\w+)(?::\w+)*'[\r\n]*BGM\+[^+']*(?:\+([^+']*))?(?:\+([^+']*))?'"
)
_UNT = re.compile(rb"(?<=['\r\n])UNT\+(\d+)\+([^+:']+)'")
_UNZ = re.compile(rb"[\r\n]*UNZ\+(\d+)\+([^+:']+)'[\r\n]*\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """A message by itself: `content` is an interchange or document of it alone, `digest` what stands for what it says.

    A duplicate has the digest of its original: number and function do not count. A piece with an error among its
    `findings` could not be cut out; its content may be empty.
    """

    reference: str
    message: str
    version: str
    document: str
    function: str
    digest: str
    content: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """An interchange in pieces; `findings` are about its envelope: with an error it is refused as a whole."""

    sender: Sender
    syntax: str
    prepared_at: datetime | None
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it must come again as a whole."""
        return any(each.level == "error" for each in self.findings)


def cut(data: bytes, profiles: Iterable[Profile] = ()) -> Cut:
    """Cut an interchange of EDIFACT, lines of JSON, or a single XML document.

    Raises
    ------
    IncomingMessageError
        Where the bytes are none of these.
    """
    start = data.lstrip(any_message.BLANKS)[:1]
    if start == b"{":
        return _cut_lines(data)
    if start == b"<":
        return _cut_document(data, profiles)
    return _cut_plain(data) or _cut_interchange(edifact.read(data))


def to_name(text: str) -> str:
    """A text of a sender as a store can keep it: at most a hundred signs, none that no store has."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:NAME_MOST])


def to_digest(data: bytes) -> str:
    """What stands for some bytes."""
    return hashlib.sha256(data).hexdigest()[:DIGEST_CHARS]


def _piece(
    named: tuple[str, str, str, str, str], digest: str, content: bytes, findings: tuple[Finding, ...] = ()
) -> Piece:
    """A piece by its reference, message, version, document and function as a sender wrote them."""
    reference, message, version, document, function = map(to_name, named)
    return Piece(reference, message, version, document, function, digest, content, findings)


def _sender(named: tuple[str, str, str], test: bool) -> Sender:
    sender, recipient, reference = map(to_name, named)
    return Sender(sender, recipient, reference, test)


@cache
def _functions() -> dict[str, str]:
    """The word of each code of a function (1225), as our own profiles have it; none told is an original."""
    words = get_profile("EMSEVT").codes["function"].items()
    return {code: word for word, codes in words for code in codes} | {"": ORIGINAL}


def _cut_plain(data: bytes) -> Cut | None:
    """A regular interchange without released signs, cut by its headers alone; None: let the reader look at it."""
    if find_plain(data) is None:
        return None
    head = _UNB.match(data, len(ADVICE) if data.startswith(ADVICE) else 0)
    if head is None:
        return None
    pieces: list[Piece] = []
    at, end = head.end(), _UNZ.search(data, max(0, len(data) - 200))
    while end and at < end.start():
        piece, at = _cut_next(data, at, head)
        if piece is None:
            return None
        pieces.append(piece)
    names = [each.reference for each in pieces]
    right = end and (int(end[1]), end[2]) == (len(pieces), head[4]) and len({*names}) == len(names)
    if not pieces or not right:
        return None
    sender, recipient, reference = (head[number].decode() for number in (1, 2, 4))
    test = (head[5] or b"").split(b"+")[6:7] == [b"1"]
    return Cut(Sender(sender, recipient, reference, test), "edifact", _read_time(head[3].decode()), tuple(pieces))


def _cut_next(data: bytes, at: int, head: re.Match[bytes]) -> tuple[Piece | None, int]:
    opened = _UNH.match(data, at)
    closed = _find_end(data, opened.end()) if opened else None
    if opened is None or closed is None:
        return None, at
    begin = data.index(b"UNH", opened.start())
    body = data[data.index(b"'", begin) + 1 : closed.start()]
    if b"UNH+" in body or int(closed[1]) != body.count(b"'") + 2 or closed[2] != opened[1]:
        return None, at
    content = head[0] + data[begin : closed.end()] + b"UNZ+1+" + head[4] + b"'"
    reference, message, version, release = (opened[number].decode() for number in (1, 2, 3, 4))
    document, code = ((opened[number] or b"").decode() for number in (5, 6))
    function = _functions().get(code, code)
    digest = _digest_segments(data[opened.end() : closed.start()])
    return Piece(reference, message, f"{version}.{release}", document, function, digest, content), closed.end()


def _find_end(data: bytes, at: int) -> re.Match[bytes] | None:
    """The next trailer of a message; the letters alone are found much faster than by a pattern."""
    while (at := data.find(b"UNT+", at)) >= 0:
        found = _UNT.match(data, at)
        if found:
            return found
        at += 1
    return None


def _cut_interchange(given: Interchange) -> Cut:
    sender = _sender((given.sender, given.recipient, given.reference), given.test)
    pieces = [_cut_message(given, each) for each in given.messages]
    broken: dict[tuple[str, int], list[Fault]] = {}
    for fault in given.findings:
        if fault.place:
            broken.setdefault((fault.reference, fault.row - fault.place), []).append(fault)
    for (reference, _), faults in broken.items():
        kind = faults[0].kind.replace("\x1f", ":").split(":")
        if all(each.reference != reference for each in pieces):
            pieces.append(_piece((reference, kind[0], "", "", ORIGINAL), "", b"", tuple(faults)))
    whole = tuple(fault for fault in given.findings if not fault.place)
    return Cut(sender, "edifact", given.prepared_at, tuple(pieces), whole)


def _cut_message(given: Interchange, message: Message) -> Piece:
    begin = next((each for each in message.segments[:1] if each[0] == "BGM"), ("BGM",))
    code = get(begin, 3)
    version = f"{message.version}.{message.release}"
    function = _functions().get(code, code)
    try:
        alone = _write_alone(given, message)
    except OutgoingMessageError as error:
        fault = Finding(CHARACTER, "", f"it cannot be said anew: {error}", message.reference, fix=FIXES[CHARACTER])
        return _piece((message.reference, message.type, version, get(begin, 2), function), "", b"", (fault,))
    after = alone.find(b"'", alone.find(b"UNH")) + 1
    after = alone.find(b"'", after) + 1 if begin[1:] else after
    digest = _digest_segments(alone[after : alone.rfind(b"UNT+")])
    return _piece((message.reference, message.type, version, get(begin, 2), function), digest, alone)


def _write_alone(given: Interchange, message: Message) -> bytes:
    """A message as an interchange of it alone; in UTF-8 where its sender writes what its own character set lacks."""
    segments = tuple(tuple(map(_sayable, each)) for each in message.segments)
    told = Message(tuple(map(_sayable, message.header)), segments)
    header = tuple(map(_sayable, given.header))
    separators = DEFAULT_4 if given.separators.repetition else DEFAULT
    with suppress(OutgoingMessageError):
        return edifact.write(Interchange(header, (told,), separators))
    level = f"UNOW{US}{get(header, 1, 1) or 3}"
    return edifact.write(Interchange((header[0], level, *header[2:]), (told,), separators))


def _sayable(text: str) -> str:
    """A text without signs that no character set has, such as those that steer a terminal."""
    return _UNSAYABLE.sub(" ", text)


def _digest_segments(said: bytes) -> str:
    """What stands for the segments behind BGM, however they are divided into lines."""
    return to_digest(said.replace(b"\r", b"").replace(b"\n", b""))


def _cut_lines(data: bytes) -> Cut:
    head, lines = plain_lines.read(data)
    pieces = tuple(_piece_of(line) for line in lines)
    sender = _sender((head.sender, head.recipient, head.reference), head.test)
    return Cut(sender, "json", head.prepared_at, pieces, tuple(head.findings))


def _piece_of(line: plain_lines.Line) -> Piece:
    said = line.said
    document = str(said.get("document") or said.get("item_id") or "")
    function = str(said.get("function") or _function_of(said.get("document")))
    told = {name: value for name, value in said.items() if name not in ("document", "function")}
    digest = to_digest(json.dumps(told, sort_keys=True).encode())
    return _piece((line.reference, line.message, "", document, function), digest, line.content, line.findings)


def _function_of(document: object) -> str:
    """What a message without a function does: one without a number of its own says anew what its item is."""
    return ORIGINAL if document else REPLACE


def _cut_document(data: bytes, profiles: Iterable[Profile]) -> Cut:
    """A document has no envelope: the transport tells who sent it, and under which name."""
    received = any_message.read(data, None, profiles)
    return Cut(Sender(), "xml", None, tuple(_pieces_of_document(data, received.messages, received.findings)))


def _pieces_of_document(data: bytes, messages: tuple[object, ...], findings: tuple[Finding, ...]) -> Iterator[Piece]:
    for message in messages[:1]:
        name = type(message).__name__.upper()
        subject = getattr(getattr(message, "data", None), "item_id", "")
        number = str(getattr(message, "document", ""))
        function = str(getattr(message, "function", "") or _function_of(number))
        yield _piece(("1", name, "", number or subject, function), to_digest(data), data)
    if not messages:
        yield Piece("1", "", "", "", ORIGINAL, to_digest(data), data, findings)


def _read_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%y%m%d:%H%M")  # noqa: DTZ007 - an envelope tells no zone
    except ValueError:
        return None


__all__ = ["ORIGINAL", "REPLACE", "Cut", "Piece", "cut", "to_digest", "to_name"]

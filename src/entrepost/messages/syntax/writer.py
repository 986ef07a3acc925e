"""From an interchange to its bytes: service characters are released, references and counts filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from entrepost.base.errors import OutgoingMessageError
from entrepost.messages.syntax.assembly import SEGMENT_MOST, has_long
from entrepost.messages.syntax.charsets import LEVELS, Level
from entrepost.messages.syntax.interchange import Interchange, Message
from entrepost.messages.syntax.segment import FS, GS, RS, US, Segment, get, segment
from entrepost.messages.syntax.separators import Separators

BLOCK_SEGMENTS = 2_048


def write(interchange: Interchange) -> bytes:
    """The bytes of an interchange; trailers are counted, and messages without a reference are numbered.

    Raises
    ------
    OutgoingMessageError
        Where a segment cannot be said in the syntax: a character that its level does not have, more than 10,000
        characters. That its tag is one and its texts divide nothing has `segment` seen to.
    """
    return b"".join(write_stream(interchange, interchange.messages))


def write_stream(interchange: Interchange, messages: Iterable[Message]) -> Iterator[bytes]:
    """The bytes of an interchange in pieces, while its messages come; those that it has itself are left out."""
    level = LEVELS.get(interchange.syntax)
    if level is None:
        raise OutgoingMessageError(f"the character set {interchange.syntax!r} is none of UNOA to UNOY; name one in UNB")
    separators = interchange.separators
    if separators.announced:
        yield (separators.una + separators.newline).encode()
    number = 1
    for rows in _list_blocks(interchange, messages):
        yield _write_rows(rows, separators, level, number)
        number += len(rows)


def _list_blocks(interchange: Interchange, messages: Iterable[Message]) -> Iterator[list[Segment]]:
    """Every segment from UNB to UNZ with its trailers, in lists of whole messages."""
    rows: list[Segment] = [interchange.header]
    group: Segment | None = None
    groups = in_group = count = 0
    for count, message in enumerate(messages, 1):
        if message.group is not group and message.group != group:
            if group is not None:
                rows.append(("UNE", str(in_group), get(group, 5)))
            group, in_group = message.group, 0
            if group is not None:
                rows.append(group)
                groups += 1
        in_group += 1
        header = message.header
        if not message.reference:
            header = (header[0], str(count), *header[2:])
        rows.append(header)
        rows.extend(message.segments)
        rows.append(("UNT", str(len(message.segments) + 2), get(header, 1)))
        if len(rows) > BLOCK_SEGMENTS:
            yield rows
            rows = []
    if group is not None:
        rows.append(("UNE", str(in_group), get(group, 5)))
    rows.append(segment("UNZ", str(groups or count), interchange.reference))
    yield rows


def _write_rows(rows: list[Segment], separators: Separators, level: Level, number: int) -> bytes:
    """A block of segments as bytes: laid out inside first, and then all signs are released and replaced at once."""
    try:
        text = FS.join([GS.join(row) for row in rows]) + FS
        block = text.encode(level.codec)
        if level.is_escaped:
            block = text.encode()
    except (TypeError, UnicodeError):
        raise _explain(rows, separators, level, number) from None
    # What is left without the letters of the level is the end of each segment, or too much.
    if (
        len(block.translate(None, _list_allowed(level))) != len(rows)
        or (not separators.repetition and RS in text)
        or (not separators.release and _holds_sign(block, separators))
        or has_long(text)
    ):
        raise _explain(rows, separators, level, number)
    return _serve(block, separators, level)


@cache
def _list_allowed(level: Level) -> bytes:
    return (LEVELS["UNOW"].allowed if level.is_escaped else level.allowed) + (US + RS + GS).encode()


def _holds_sign(block: bytes, separators: Separators) -> bool:
    signs = (separators.component, separators.element, separators.segment)
    return any(sign.encode() in block for sign in signs if sign >= " ")


def _serve(block: bytes, separators: Separators, level: Level) -> bytes:
    """With the separators of the interchange, and every such sign of a text released."""
    signs, release = (separators.component, separators.element, separators.repetition), separators.release
    if release:
        for sign in (release, *signs, separators.segment):
            if sign and sign.encode() in block:
                block = block.replace(sign.encode(), (release + sign).encode())
    if not separators.newline:
        block = block.translate(_tabulate(*signs, separators.segment))
    else:
        block = block.translate(_tabulate(*signs, FS))
        block = block.replace(FS.encode(), (separators.segment + separators.newline).encode())
    return block.decode().encode(level.codec) if level.is_escaped else block


@cache
def _tabulate(*signs: str) -> bytes:
    served = {ord(inside): ord(sign) for sign, inside in zip(signs, (US, GS, RS, FS), strict=True) if sign}
    return bytes(served.get(byte, byte) for byte in range(256))


def _explain(rows: list[Segment], separators: Separators, level: Level, number: int) -> OutgoingMessageError:
    """The error for the first segment that cannot be written."""
    for at, row in enumerate(rows, number):
        what = _name_fault(row, separators, level)
        if what:
            return OutgoingMessageError(f"segment {at}, {str(row[0])[:20] if row else ''}: {what}")
    return OutgoingMessageError(f"the segments from {number} on cannot be written; make each with segment()")


def _name_fault(row: Segment, separators: Separators, level: Level) -> str:
    if not (row and all(isinstance(text, str) for text in row)):
        return "an element is not text; make it with segment()"
    text = "".join(row)
    if len(GS.join(row)) > SEGMENT_MOST:
        return f"it has more than {SEGMENT_MOST} characters; divide the text over several segments"
    if RS in text and not separators.repetition:
        return "an element is repeated, which needs version 4 of the syntax"
    for sign in text.replace(US, "").replace(RS, ""):
        if not level.has(sign):
            return f"{sign!r} is not in {level.name}; write it otherwise, or name another character set in UNB"
        if not separators.release and sign in (separators.component, separators.element, separators.segment):
            return f"{sign!r} separates, and nothing may release it"
    return ""

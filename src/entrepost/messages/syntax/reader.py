"""From bytes to an interchange: at once with `read`, or by and by with a `Reader`."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace

from entrepost.base.errors import IncomingMessageError, MisuseError
from entrepost.messages.syntax.assembly import SEGMENT_MOST, Assembly, Block
from entrepost.messages.syntax.charsets import LEVELS
from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.interchange import Interchange, Message
from entrepost.messages.syntax.segment import FS, GS, Segment, get
from entrepost.messages.syntax.separators import DEFAULT, DEFAULT_4, DEFAULT_B, Separators
from entrepost.messages.syntax.wire import Wire

BYTES_MOST = 50_000_000
SEGMENTS_MOST = 1_000_000
SLICE = 1 << 16
PENDING_MOST = 10 * SEGMENT_MOST
"""More bytes without an end are too long a segment in every character set, so the rest of it need not be kept."""

BLANK = b" \t\r\n"
AFTERMATH = BLANK + b"\x00\x1a"
"""What may stand behind an interchange: blanks and what old systems fill the end of a file with."""


def read(data: bytes) -> Interchange:
    """Read one interchange; a faulty message becomes findings and the sound ones are kept.

    Raises
    ------
    IncomingMessageError
        Where the bytes are no interchange at all, or a larger one than may be; nothing else is ever raised.
    """
    reader = Reader()
    messages = [*reader.feed(data), *reader.close()]
    return reader.to_interchange(messages)


def read_stream(chunks: Iterable[bytes], reader: Reader | None = None) -> Iterator[Message]:
    """The messages of an interchange as its bytes come, each forgotten when it was given.

    Give a `Reader` to ask it for the header and the findings afterwards.
    """
    reader = reader or Reader()
    for chunk in chunks:
        yield from reader.feed(chunk)
    yield from reader.close()


class Reader:
    """Takes the bytes of an interchange in pieces of any size and gives its messages as they are complete.

    However the bytes are divided, messages and findings are the same. What is kept is one segment that is not
    complete and one message that is not.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._searched = 0
        self._offset = 0
        self._dropped = 0
        self._segments = 0
        self._total = 0
        self._assembly: Assembly | None = None
        self._held = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    @property
    def header(self) -> Segment | None:
        """The header of the interchange (UNB) once it has come."""
        return self._assembly.header if self._assembly else None

    @property
    def findings(self) -> tuple[Fault, ...]:
        """What was found wrong so far."""
        return tuple(self._assembly.findings) if self._assembly else ()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that these bytes complete; raises `IncomingMessageError` as `read` does."""
        self._total += len(data)
        if self._total > BYTES_MOST:
            raise IncomingMessageError(f"more than {BYTES_MOST} bytes; divide it", self._segments + 1, BYTES_MOST)
        messages: list[Message] = []
        for at in range(0, len(data), SLICE):
            messages += self._feed(bytes(data[at : at + SLICE]))
        return messages

    def close(self) -> list[Message]:
        """No more bytes come; the messages of the last ones. Raises where no interchange has come at all."""
        if self._assembly is None and not self._begin(final=True):
            raise IncomingMessageError("it ends before the header of an interchange (UNB) is complete", 1, 0)
        assert self._assembly is not None
        self._buffer += self._decode(b"", final=True)
        messages = self._take()
        self._assembly.block = Block(self._buffer, self._offset, self._segments + 1)
        self._assembly.count = 0
        self._assembly.finish(self._buffer.strip(AFTERMATH))
        return messages

    def to_interchange(self, messages: Iterable[Message] = ()) -> Interchange:
        """The interchange of these messages with what was found."""
        if self._assembly is None:
            raise MisuseError("no interchange has been read; feed its bytes first")
        return Interchange(self._assembly.header, tuple(messages), self._assembly.wire.separators, self.findings)

    def _feed(self, data: bytes) -> list[Message]:
        self._buffer += self._decode(data)
        if self._assembly is None and not self._begin():
            return []
        return self._take()

    def _take(self) -> list[Message]:
        """The messages that the whole segments in the buffer complete."""
        assert self._assembly is not None
        end = self._assembly.wire.find_end(self._buffer, self._searched)
        messages: list[Message] = []
        if end:
            block = Block(self._buffer[:end], self._offset, self._segments + 1, self._dropped)
            messages = self._assembly.take(block)
            self._buffer = self._buffer[end:]
            self._offset += end + self._dropped
            self._dropped = 0
            self._segments += self._assembly.count
            if self._segments > SEGMENTS_MOST:
                raise IncomingMessageError(
                    f"more than {SEGMENTS_MOST} segments; divide it", SEGMENTS_MOST, self._offset
                )
        if self._buffer[:1] in {b"\r", b"\n"}:
            self._skip(len(self._buffer) - len(self._buffer.lstrip(b"\r\n")))
        if len(self._buffer) > PENDING_MOST:
            self._drop()
        self._searched = len(self._buffer)
        return messages

    def _begin(self, final: bool = False) -> bool:
        """Read the header once it is whole, and the sign behind it: separators, character set, new lines."""
        if self._offset == 0 and codecs.BOM_UTF8.startswith(self._buffer[:3]):
            if len(self._buffer) < 3:
                return False
            self._skip(3)
        self._skip(len(self._buffer) - len(self._buffer.lstrip(BLANK)))
        head, begin = self._buffer, self._offset
        if head[:3] not in {b"UNA", b"UNB"}:
            if b"UN".startswith(head):
                return False
            raise IncomingMessageError("an interchange begins with UNA or UNB", 1, begin)
        body = head[9:].lstrip(b"\r\n") if head[:3] == b"UNA" else head
        begin += len(head) - len(body)
        if begin - self._offset > SEGMENT_MOST:
            raise IncomingMessageError("UNA is not followed by the header of an interchange (UNB)", 1, self._offset)
        if len(body) < 10:
            return False
        separators = _find_separators(head, body, begin)
        end = Wire(separators, LEVELS["UNOC"]).find_first(body)
        if not 0 < end <= SEGMENT_MOST:
            if len(body) > SEGMENT_MOST:
                raise IncomingMessageError(f"the header has more than {SEGMENT_MOST} characters", 1, begin)
            return False
        if len(body) < end + 2 and not final:
            return False
        self._open(body, end, begin, separators)
        return True

    def _skip(self, count: int) -> None:
        self._buffer, self._offset = self._buffer[count:], self._offset + count

    def _open(self, body: bytes, end: int, begin: int, separators: Separators) -> None:
        behind = body[end : end + 2]
        newline = "\r\n" if behind == b"\r\n" else "\n" if behind[:1] == b"\n" else ""
        separators = replace(separators, newline="" if separators.segment == "\n" else newline)
        header = _divide(Wire(separators, LEVELS["UNOC"]).flatten(body[:end]).text)
        level, version = LEVELS.get(get(header, 1, 0)), get(header, 1, 1)[:1]
        if level is None:
            raise IncomingMessageError(
                f"the character set {get(header, 1, 0)[:10]!r} is none of UNOA to UNOY", 1, begin
            )
        if version not in {"1", "2", "3", "4"}:
            raise IncomingMessageError(f"the syntax version {get(header, 1, 1)[:10]!r} is none of 1 to 4", 1, begin)
        wire = Wire(separators, level)
        rest = body[end:]
        if level.is_escaped:
            self._decoder = codecs.getincrementaldecoder(level.codec)("replace")
            self._held = body[:end]
            body, self._held = self._decode(b"", final=True), b""
            end = wire.find_first(body)
            if not end:
                raise IncomingMessageError("the escapes of the character set hide the end of the header", 1, begin)
            rest = body[end:] + self._decode(rest)
        raw = Block(body[:end], begin, 1)
        self._assembly = Assembly(wire, _divide(wire.flatten(raw.raw).text))
        self._assembly.begin(raw)
        self._buffer, self._offset, self._segments = rest, begin + end, 1

    def _decode(self, data: bytes, final: bool = False) -> bytes:
        """Bytes with escapes as UTF-8, of which each byte means the same wherever it stands.

        They are decoded in equal pieces however they came, because what a decoder makes of wrong bytes depends on
        where it is interrupted.
        """
        if self._decoder is None:
            return data
        self._held += data
        whole = len(self._held) if final else len(self._held) // SLICE * SLICE
        pieces = [self._held[at : min(whole, at + SLICE)] for at in range(0, whole, SLICE)]
        self._held = self._held[whole:]
        try:
            text = "".join([self._decoder.decode(piece) for piece in pieces])
            return (text + self._decoder.decode(b"", final)).encode()
        except UnicodeError:
            what = "the escapes of the character set cannot be followed"
            raise IncomingMessageError(what, self._segments + 1, self._offset) from None

    def _drop(self) -> None:
        """Forget most of a segment that is too long anyway; only its end still matters."""
        release = self._assembly.wire.separators.release.encode() if self._assembly else b""
        left = b""
        if release:
            run = len(self._buffer) - len(self._buffer.rstrip(release))
            left = release if run % 2 else b""
        kept = b"x" * (PENDING_MOST // 2) + left
        self._dropped += len(self._buffer) - len(kept)
        self._buffer = kept


def _find_separators(head: bytes, body: bytes, begin: int) -> Separators:
    """What UNA announces, and otherwise what the version or level B has."""
    if not body.startswith(b"UNB"):
        raise IncomingMessageError("UNA is not followed by the header of an interchange (UNB)", 1, begin)
    if head[:3] == b"UNA":
        component, element, decimal, release, repetition, end = (chr(byte).strip(" ") for byte in head[3:9])
        try:
            return Separators(component, element, decimal, release, repetition, end, announced=True)
        except MisuseError as error:
            raise IncomingMessageError(f"UNA cannot be used: {error}", 1, begin) from None
    if body[3:4] == DEFAULT_B.element.encode():
        return DEFAULT_B
    if body[3:4] != DEFAULT.element.encode():
        raise IncomingMessageError("behind UNB stands no +, and no UNA announces what does", 1, begin)
    return DEFAULT_4 if body[9:10] == b"4" else DEFAULT


def _divide(text: str) -> Segment:
    return tuple(text.removesuffix(FS).split(GS))

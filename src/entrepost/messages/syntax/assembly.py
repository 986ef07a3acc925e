"""Puts segments together to messages, and checks headers, trailers, counts and references as they pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from entrepost.messages.syntax import faults
from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.interchange import Message
from entrepost.messages.syntax.segment import FS, GS, TAG, US, Segment, components, get
from entrepost.messages.syntax.wire import LINES, Wire, count_run

SEGMENT_MOST = 10_000
TOLD_OF_MESSAGE, TOLD_OF_ALL = 10, 1_000
"""How many faults are told of one message and of one interchange; more of them say nothing new."""

Note: TypeAlias = tuple[str, str, bool]
"""What is wrong with a segment: the code of the finding, what it says, and whether it can be borne."""

SERVICE = frozenset({"UNB", "UNG", "UNH", "UNT", "UNE", "UNZ"})
TOO_LONG: Segment = ("",)


@dataclass(slots=True)
class Block:
    """Whole segments in bytes; `number` is that of the first one, and `dropped` bytes of it are not here any more.

    `crooked` tells that the headers among its bytes are not those among its segments: some are released needlessly, or
    are too long. `found` is how far headers were looked for.
    """

    raw: bytes
    offset: int
    number: int
    dropped: int = 0
    starts: list[int] = field(default_factory=list)
    found: int = 0
    crooked: bool = False

    def get_offset(self, at: int, wire: Wire) -> int:
        """The byte of the interchange at which a segment of the block begins."""
        if not self.starts:
            self.starts = wire.list_starts(self.raw)
        return self.offset + self.starts[at] + (self.dropped if at else 0)

    def find_header(self, at: int, wire: Wire) -> int:
        """The same for the next header of a message, which is found without looking at the segments between."""
        signs = wire.separators
        end, release = signs.segment.encode(), signs.release.encode()
        if self.dropped or self.crooked:
            return self.get_offset(at, wire)
        begin = self.raw.find(b"UNH", self.found)
        while begin >= 0:
            before = begin
            while before and self.raw[before - 1] in LINES and self.raw[before - 1] != end[0]:
                before -= 1
            alone = self.raw[begin + 3 : begin + 4] in (end, signs.element.encode())
            released = release and before and count_run(self.raw, before - 1, release[0]) % 2
            if alone and not released and (not before or self.raw[before - 1] == end[0]):
                self.found = begin + 3
                return self.offset + begin
            begin = self.raw.find(b"UNH", begin + 3)
        return self.get_offset(at, wire)


@dataclass(slots=True)
class Opened:
    """A message whose trailer has not come yet."""

    header: Segment
    number: int
    offset: int
    segments: list[Segment] = field(default_factory=list)
    faults: int = 0
    refused: bool = False


@dataclass(slots=True)
class Assembly:
    """What was seen of an interchange so far."""

    wire: Wire
    header: Segment
    findings: list[Fault] = field(default_factory=list)
    ready: list[Message] = field(default_factory=list)
    opened: Opened | None = None
    group: Segment | None = None
    messages: int = 0
    groups: int = 0
    in_group: int = 0
    closed: bool = False
    followed: bool = False
    astray: bool = False
    references: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    block: Block = field(default_factory=lambda: Block(b"", 0, 1))
    count: int = 0

    def begin(self, block: Block) -> None:
        """Check the header of the interchange, which is the only segment of its block."""
        self.block = block
        what, borne = self.wire.name_damage(GS.join(self.header))
        if what:
            self._tell(faults.CHARACTER, "UNB", what, 0, borne)
        for element, name in ((2, "sender"), (3, "recipient"), (4, "date"), (5, "control reference")):
            if not get(self.header, element):
                self._tell(faults.HEADER, "UNB", f"the header of the interchange lacks its {name}", 0)

    def take(self, block: Block) -> list[Message]:
        """The messages that a block completes."""
        self.block = block
        text, damaged, block.crooked = self.wire.flatten(block.raw)
        segments = [tuple(each.split(GS)) for each in text.split(FS)]
        segments.pop()
        self.count = len(segments)
        if block.dropped or has_long(text):
            block.crooked = True
            segments = [TOO_LONG if len(GS.join(each)) > SEGMENT_MOST else each for each in segments]
        tags = [each[0] for each in segments]
        notes = self._list_notes(segments, tags, damaged)
        self._pass(segments, tags, notes)
        ready, self.ready = self.ready, []
        return ready

    def _pass(self, segments: list[Segment], tags: list[str], notes: dict[int, Note]) -> None:
        steps: dict[str, Callable[[Segment, int], None]] = {
            "UNH": self._open,
            "UNT": self._close,
            "UNG": self._open_group,
            "UNE": self._close_group,
            "UNZ": self._end,
            "UNB": self._stray,
        }
        begin = 0
        if self.followed:
            return
        for at in [at for at, tag in enumerate(tags) if tag in SERVICE or at in notes]:
            if at > begin:
                self._fill(segments[begin:at], begin)
            begin = at + 1
            if self.closed:
                self._stray(segments[at], at)
                continue
            if tags[at] == "UNH":
                self._open(segments[at], at)
            if at in notes:
                code, what, borne = notes[at]
                self._tell(code, tags[at], what, at, borne)
            if tags[at] not in SERVICE:
                self._fill([segments[at]], at)
            elif tags[at] != "UNH":
                steps[tags[at]](segments[at], at)
        if begin < len(segments):
            self._fill(segments[begin:], begin)

    def _list_notes(self, segments: list[Segment], tags: list[str], damaged: bool) -> dict[int, Note]:
        """What is wrong with single segments of a block, whatever they say."""
        notes = self._list_damage(segments) if damaged else {}
        strange = set(tags) - self.tags
        if strange:
            known = {tag for tag in strange if TAG.fullmatch(tag)}
            self.tags |= known
            strange -= known
        for at in [at for at, tag in enumerate(tags) if tag in strange] if strange else ():
            notes[at] = (faults.TAG, f"a segment begins with {tags[at][:20]!r}", False)
            if segments[at] is TOO_LONG:
                notes[at] = (faults.LONG, f"a segment has more than {SEGMENT_MOST} characters", False)
        return notes

    def _list_damage(self, segments: list[Segment]) -> dict[int, Note]:
        named = [(at, *self.wire.name_damage(GS.join(each))) for at, each in enumerate(segments)]
        return {at: (faults.CHARACTER, what, borne) for at, what, borne in named if what}

    def _fill(self, segments: list[Segment], at: int) -> None:
        if self.opened:
            self.opened.segments.extend(segments)
        else:
            self._stray(segments[0], at)

    def _stray(self, each: Segment, at: int) -> None:
        """A segment outside every message; of several in a row the first one is told."""
        if self.closed:
            if not self.followed:
                self.followed = True
                self._tell(faults.AFTER, each[0], "something stands behind the end of the interchange", at)
            return
        self._abandon(at)
        if each[0] in SERVICE or not self.astray:
            self._tell(faults.STRAY, each[0], f"{each[0][:20]} stands outside every message", at)
        self.astray = True

    def _open(self, each: Segment, at: int) -> None:
        self._abandon(at)
        self.astray = False
        self.messages += 1
        self.in_group += 1
        self.opened = Opened(each, self.block.number + at, self.block.find_header(at, self.wire))
        reference = get(each, 1)
        if not (reference and get(each, 2)):
            self._tell(faults.HEADER, "UNH", "the header of a message lacks its reference or type", at)
        elif reference in self.references:
            self._tell(faults.REPEATED, "UNH", f"the reference {reference} stood before in this interchange", at)
        self.references.add(reference)

    def _close(self, each: Segment, at: int) -> None:
        opened = self.opened
        if opened is None:
            self._stray(each, at)
            return
        count, reference = len(opened.segments) + 2, get(opened.header, 1)
        self._compare("UNT", (get(each, 1), count, "segments"), (get(each, 2), reference), at)
        self.opened = None
        if not opened.refused:
            body = tuple(opened.segments)
            self.ready.append(Message(opened.header, body, self.group, opened.number, opened.offset))

    def _open_group(self, each: Segment, at: int) -> None:
        self._abandon(at)
        if self.group is not None:
            self._tell(faults.UNCLOSED, "UNG", "a group begins before the one before it ended", at)
        self.group, self.in_group = each, 0
        self.groups += 1

    def _close_group(self, each: Segment, at: int) -> None:
        self._abandon(at)
        if self.group is None:
            self._stray(each, at)
            return
        self._compare("UNE", (get(each, 1), self.in_group, "messages"), (get(each, 2), get(self.group, 5)), at)
        self.group = None

    def _end(self, each: Segment, at: int) -> None:
        self._abandon(at)
        if self.group is not None:
            self._tell(faults.UNCLOSED, "UNG", "a group has no trailer (UNE)", at)
        count, what = (self.groups, "groups") if self.groups else (self.messages, "messages")
        self._compare("UNZ", (get(each, 1), count, what), (get(each, 2), get(self.header, 5)), at)
        if not count:
            self._tell(faults.EMPTY, "UNZ", "an interchange without a message", at)
        self.closed = True

    def finish(self, rest: bytes) -> None:
        """What is missing now that no more bytes come; `rest` is what stands behind the last segment."""
        at = self.count
        if rest and self.closed:
            self._stray(("",), at)
        if self.closed:
            return
        if self.opened:
            self._tell(faults.UNCLOSED, "UNT", "the end of a message is missing", at)
            self.opened = None
        cut = ", cut off within a segment" if rest else ""
        self._tell(faults.UNCLOSED, "UNZ", f"the end of the interchange is missing{cut}", at)

    def _abandon(self, at: int) -> None:
        """A message that is still open, where none may be, has no trailer."""
        if self.opened:
            self._tell(faults.UNCLOSED, "UNT", "a message has no trailer (UNT)", at)
            self.opened = None

    def _compare(self, tag: str, counted: tuple[str, int, str], named: tuple[str, str], at: int) -> None:
        told, count, what = counted
        if not (told.isascii() and told.isdigit() and len(told) <= 9 and int(told) == count):
            self._tell(faults.COUNT, tag, f"{told[:20]!r} {what} are announced and {count} came", at)
        if named[0] != named[1]:
            what = f"the trailer names {named[0][:40]!r} and the header {named[1][:40]!r}"
            self._tell(faults.REFERENCE, tag, what, at)

    def _tell(self, code: str, tag: str, what: str, at: int, borne: bool = False) -> None:
        opened = self.opened
        if opened:
            opened.refused |= not borne
            opened.faults += 1
        if (opened and opened.faults > TOLD_OF_MESSAGE) or len(self.findings) >= TOLD_OF_ALL:
            return
        number, offset = self.block.number + at, self.block.get_offset(at, self.wire)
        reference, kind, place = ("", "", 0)
        if opened:
            reference, kind = get(opened.header, 1), US.join(components(opened.header, 2))
            place = number - opened.number + 1
        self.findings.append(
            Fault(
                code,
                tag[:3],
                f"{what} (segment {number}, byte {offset})",
                get(self.header, 5),
                number,
                faults.FIXES[code],
                "warning" if borne else "error",
                offset,
                reference,
                kind,
                place,
            )
        )


def has_long(text: str) -> bool:
    """Whether a segment is too long: from one end at most so many characters to the next, in long jumps."""
    at = 0
    while len(text) - at > SEGMENT_MOST:
        end = text.rfind(FS, at, at + SEGMENT_MOST + 1)
        if end < 0:
            return True
        at = end + 1
    return False

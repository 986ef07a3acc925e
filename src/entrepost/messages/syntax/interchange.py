"""An interchange: who sends what to whom, its messages, and what was found wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from entrepost.messages.syntax.faults import Fault
from entrepost.messages.syntax.segment import Segment, get, segment
from entrepost.messages.syntax.separators import DEFAULT, DEFAULT_4, Separators


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its header (UNH) and the segments between header and trailer.

    `group` is the header of its functional group (UNG) where it stands in one. `number` is the place of
    its header among the segments of the interchange, from 1, so that of `segments[k]` is `number + 1 + k`;
    `offset` is the byte at which its header begins. The trailer (UNT) is not kept, because it is counted when
    the message is written.
    """

    header: Segment
    segments: tuple[Segment, ...]
    group: Segment | None = None
    number: int = field(default=0, compare=False)
    offset: int = field(default=-1, compare=False)

    @classmethod
    def of(cls, kind: tuple[str, ...], segments: Iterable[Segment], reference: str = "") -> Message:
        """A message of a kind such as ``("EMSEVT", "3", "0", "UP")``; without a reference it gets its number."""
        return cls(segment("UNH", reference, kind), tuple(segments))

    @property
    def reference(self) -> str:
        """Its reference within the interchange (0062)."""
        return get(self.header, 1)

    @property
    def type(self) -> str:
        """What it is, such as EMSEVT (0065)."""
        return get(self.header, 2, 0)

    @property
    def version(self) -> str:
        """The version of its type (0052)."""
        return get(self.header, 2, 1)

    @property
    def release(self) -> str:
        """The release within the version (0054)."""
        return get(self.header, 2, 2)

    @property
    def agency(self) -> str:
        """Who controls the type (0051)."""
        return get(self.header, 2, 3)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the header of a new interchange (UNB) tells.

    `prepared_at` is written as it stands: give the local time of the sender. `syntax` is the level of
    the character set (UNOA to UNOY), `version` the version of the syntax (1 to 4).
    """

    sender: str
    recipient: str
    prepared_at: datetime
    reference: str
    application: str = ""
    test: bool = False
    syntax: str = "UNOC"
    version: int = 3
    sender_qualifier: str = ""
    recipient_qualifier: str = ""

    @property
    def header(self) -> Segment:
        """The segment UNB."""
        day = self.prepared_at.strftime("%Y%m%d" if self.version >= 4 else "%y%m%d")
        elements: list[str | tuple[str, ...]] = [
            (self.syntax, str(self.version)),
            (self.sender, self.sender_qualifier) if self.sender_qualifier else self.sender,
            (self.recipient, self.recipient_qualifier) if self.recipient_qualifier else self.recipient,
            (day, self.prepared_at.strftime("%H%M")),
            self.reference,
            "",
            self.application,
            *(("", "", "", "1") if self.test else ()),
        ]
        while elements[-1] == "":
            elements.pop()
        return segment("UNB", *elements)


@dataclass(frozen=True, slots=True)
class Interchange:
    """What was sent at once: the header (UNB), the sound messages, and what was found wrong.

    A message with an error is not among `messages`; its findings tell where it stood.
    """

    header: Segment
    messages: tuple[Message, ...]
    separators: Separators = DEFAULT
    findings: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, envelope: Envelope, messages: Iterable[Message]) -> Interchange:
        """A new interchange, laid out with the usual separators of its version."""
        return cls(envelope.header, tuple(messages), DEFAULT_4 if envelope.version >= 4 else DEFAULT)

    @property
    def refused(self) -> bool:
        """Whether its envelope is wrong, so that it must come again as a whole whatever its messages are."""
        return any(not finding.place and finding.level == "error" for finding in self.findings)

    @property
    def sender(self) -> str:
        """The EDI address of who sent it (0004)."""
        return get(self.header, 2)

    @property
    def recipient(self) -> str:
        """The EDI address to which it was sent (0010)."""
        return get(self.header, 3)

    @property
    def reference(self) -> str:
        """The control reference, which its sender uses once (0020)."""
        return get(self.header, 5)

    @property
    def application(self) -> str:
        """The application reference, often the type of its messages (0026)."""
        return get(self.header, 7)

    @property
    def test(self) -> bool:
        """Whether it is sent only to try things (0035)."""
        return get(self.header, 11) == "1"

    @property
    def syntax(self) -> str:
        """The level of its character set, such as UNOC (0001)."""
        return get(self.header, 1, 0)

    @property
    def version(self) -> int:
        """The version of the syntax (0002)."""
        text = get(self.header, 1, 1)[:1]
        return int(text) if text in {"1", "2", "3", "4"} else 0

    @property
    def prepared_at(self) -> datetime | None:
        """When it was made, in the sender's local time without a zone, as it tells no zone; None if unreadable."""
        day, time = get(self.header, 4, 0), get(self.header, 4, 1)
        if not (day + time).isdigit() or len(time) != 4:
            return None
        try:
            return datetime.fromisoformat(f"{'20' if len(day) == 6 else ''}{day}T{time}")
        except ValueError:
            return None

"""The way of every message through the engine: bytes to records by a profile, and records to bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from entrepost.base.errors import EntrepostError, MisuseError
from entrepost.base.findings import Finding, Level, finding_code
from entrepost.messages import edifact
from entrepost.messages.edifact import Fault, Interchange, Message
from entrepost.messages.profile import get_profile
from entrepost.messages.profiling.clocks import Clocks
from entrepost.messages.profiling.form import Record
from entrepost.messages.profiling.layout import Profile
from entrepost.messages.profiling.reading import Reader
from entrepost.messages.profiling.tree import parse_tree, print_tree, read_tree, write_tree
from entrepost.messages.profiling.writing import Writer

TYPE = finding_code("message_type_unexpected", "An interchange holds a message of another type than was asked for.")
VERSION = finding_code("message_version_differs", "A message has another version than the profile by which it is read.")
CONTENT = finding_code("message_content_unsound", "What a message says cannot be: an identifier, a weight or a time.")

Noun = TypeVar("Noun")
Zones = Mapping[str, str]
Faults = list[Finding]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent an interchange, to whom, under which reference, when by its clock; empty where the syntax has none."""

    sender: str = ""
    recipient: str = ""
    reference: str = ""
    test: bool = False


@dataclass(frozen=True, slots=True)
class Received(Generic[Noun]):
    """What came in: the messages that can be used, and what is wrong with them and with the others."""

    sender: Sender
    messages: tuple[Noun, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Passage(Generic[Noun]):
    """How the records of a message become nouns (`build`, which reports faults in them) and nouns become records."""

    message: str
    build: Callable[[Record, Build], Noun]
    tell: Callable[[Noun], Record]

    def read(self, data: bytes, zones: Zones | None, profile: Profile | None, syntax: str = "") -> Received[Noun]:
        """Read bytes by a profile, ours if none is given."""
        profile = profile or get_profile(self.message, syntax)
        return self.read_with(data, profile, Clocks(zones))

    def read_with(self, data: bytes, profile: Profile, clocks: Clocks) -> Received[Noun]:
        """Read bytes by a profile, with clocks that are known already."""
        if profile.syntax == "edifact":
            return self._read_edifact(data, profile, clocks)
        found: Faults = []
        node = parse_tree(data, profile.syntax)
        record = read_tree(node, profile, clocks, found)
        return Received(Sender(), tuple(self._build([record], found)), tuple(found))

    def write(
        self,
        messages: Iterable[Noun],
        envelope: edifact.Envelope | None,
        zones: Zones | None = None,
        profile: Profile | None = None,
        syntax: str = "",
    ) -> bytes:
        """Write nouns by a profile; EDIFACT needs an envelope, a tree holds one message."""
        clocks, profile = Clocks(zones), profile or get_profile(self.message, syntax)
        if profile.syntax != "edifact":
            (message,) = messages
            return print_tree(write_tree(self.tell(message), profile, clocks), profile)
        if envelope is None:
            raise MisuseError(f"{self.message} is an EDIFACT message and needs an envelope")
        made = [self.lay_out(message, profile, clocks, envelope.sender) for message in messages]
        return edifact.write(Interchange.of(envelope, made))

    def lay_out(self, message: Noun, profile: Profile, clocks: Clocks, sender: str) -> Message:
        """A message with its segments, as a profile of EDIFACT lays it out."""
        kind = tuple(profile.settings["identifier"].split(":"))
        segments = Writer(profile, clocks).write(self.tell(message), Record({"sender": sender}))
        return Message.of(kind, segments)

    def _read_edifact(self, data: bytes, profile: Profile, clocks: Clocks) -> Received[Noun]:
        interchange = edifact.read(data)
        found: Faults = list(interchange.findings)
        sender = Sender(interchange.sender, interchange.recipient, interchange.reference, interchange.test)
        place = Places(data, interchange.separators, interchange.reference)
        records = [self._read_message(each, profile, clocks, (sender, place, found)) for each in interchange.messages]
        return Received(sender, tuple(self._build(records, found, place)), tuple(found))

    def _read_message(
        self, message: Message, profile: Profile, clocks: Clocks, where: tuple[Sender, Places, Faults]
    ) -> Record | None:
        sender, place, found = where
        expected = profile.settings["identifier"].split(":")
        if message.type != expected[0]:
            text = f"it is {message.type}, not {expected[0]}"
            found.append(place.fault(Finding(TYPE, "UNH", text, sender.reference, message.number, "read it as such")))
            return None
        version = f"{message.version}:{message.release}"
        if version != ":".join(expected[1:3]):
            text = f"it is version {version}, the profile is of {':'.join(expected[1:3])}"
            fix = "use the profile of that version"
            odd = Finding(VERSION, "UNH", text, sender.reference, message.number, fix, "warning")
            found.append(place.fault(odd))
        outer = Record({"sender": sender.sender})
        reader = Reader(profile, clocks, sender.reference, outer)
        record = reader.read(message.segments, range(message.number + 1, message.number + 1 + len(message.segments)))
        found += [place.fault(each) for each in reader.findings]
        return record

    def _build(self, records: Iterable[Record | None], found: Faults, place: Places | None = None) -> Iterable[Noun]:
        for record in records:
            if record is None:
                continue
            desk = Build(found, place)
            noun = desk.one(lambda given, desk=desk: self.build(given, desk), record)  # type: ignore[misc]
            if noun is not None:
                yield noun


@dataclass(frozen=True, slots=True)
class Build:
    """Builds nouns of records; one that cannot be becomes a finding where it stood, and loses no other."""

    findings: Faults
    place: Places | None = None
    subject: str = ""

    def one(self, build: Callable[[Record], Any], record: Record) -> Any:
        """What is built of a record, None where it cannot be."""
        try:
            return build(record)
        except EntrepostError as error:
            self.add(record, str(error))
            return None

    def all(self, build: Callable[[Record], Any], records: Iterable[Record]) -> tuple[Any, ...]:
        """What is built of records, without those that cannot be."""
        built = (self.one(build, record) for record in records)
        return tuple(noun for noun in built if noun is not None)

    def warn(self, record: Record, message: str) -> None:
        """Report what is odd about a record that is used all the same."""
        self.add(record, message, "ask which is right", "warning")

    def add(self, record: Record, message: str, fix: str = "correct it", level: Level = "error") -> None:
        """Report what is wrong with a record."""
        finding = Finding(CONTENT, "", message, self.subject, record.number, fix, level)
        self.findings.append(self.place.fault(finding) if self.place else finding)


class Places:
    """Where segments begin in the bytes; asked only where something is wrong."""

    def __init__(self, data: bytes, separators: edifact.Separators, subject: str) -> None:
        self._data = data
        self._separators = separators
        self._subject = subject
        self._starts: list[int] = []

    def fault(self, finding: Finding) -> Fault:
        """A finding with the byte at which its segment begins."""
        starts = self._starts = self._starts or self._find()
        offset = starts[finding.row - 1] if 0 < finding.row <= len(starts) else -1
        subject = finding.subject or self._subject
        return Fault(
            finding.code, finding.field, finding.message, subject, finding.row, finding.fix, finding.level, offset
        )

    def _find(self) -> list[int]:
        signs = self._separators
        end, release = signs.segment.encode(), signs.release.encode()
        pattern = (re.escape(release) + rb".|" if release else rb"") + re.escape(end)
        starts = [max(self._data.find(b"UNB"), 0)]
        for found in re.compile(pattern, re.DOTALL).finditer(self._data, starts[0]):
            if found[0] == end:
                rest = self._data[found.end() : found.end() + 4]
                starts.append(found.end() + len(rest) - len(rest.lstrip()))
        return starts

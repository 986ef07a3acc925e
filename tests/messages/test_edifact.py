"""EDIFACT: bytes to an interchange and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from entrepost.messages import edifact
from entrepost.messages.edifact import Envelope, Interchange, Message, segment

EVENT = segment("STS", "1", ("EMC", "", "139"))


def two_messages() -> Interchange:
    envelope = Envelope("NL101", "US101", datetime(2026, 11, 28, 9, 30), "NL0001", "EMSEVT")  # noqa: DTZ001
    name = segment("NAD", "ST", "", "", "O'NEILL + SONS: WHY?")
    kind = ("EMSEVT", "3", "0", "UP")
    return Interchange.of(envelope, [Message.of(kind, [EVENT, name]), Message.of(kind, [EVENT])])


def test_what_was_written_is_read_again() -> None:
    written = edifact.write(two_messages())
    read = edifact.read(written)
    assert [message.segments for message in read.messages] == [m.segments for m in two_messages().messages]
    assert (read.sender, read.recipient, read.reference, read.application) == ("NL101", "US101", "NL0001", "EMSEVT")
    assert [(m.reference, m.type, m.version, m.agency) for m in read.messages] == [
        ("1", "EMSEVT", "3", "UP"),
        ("2", "EMSEVT", "3", "UP"),
    ]
    assert edifact.write(read) == written


@pytest.mark.shared
def test_constructed_samples_are_written_back_byte_for_byte(shared: Path) -> None:
    for path in sorted((shared / "postal" / "samples" / "constructed").glob("*.edi")):
        assert edifact.write(edifact.read(path.read_bytes())) == path.read_bytes(), path.name
